import { describe, expect, it } from 'vitest';
import type { ModelSource, InferenceBackend } from '../../src/ports/inference-backend.ts';
import {
  edited,
  makeFeatures,
  makeSource,
  momentumSource,
  shippedSource,
  versioned,
} from '../inference-models.ts';
import { sourceOf } from '../served-models.ts';
import { open } from './inference-artefacts.ts';

const ROWS = 256;

export interface BackendPromise {
  /** A row scored in a batch has the very bits that it has alone; else within 1e-6 of its value. */
  readonly isBatchExact: boolean;
}

/** Shapes on both sides of what vector code takes in one step, and the model that is shipped. */
export const MODELS: readonly (readonly [what: string, source: ModelSource])[] = [
  ['momentum-mlp', shippedSource],
  ['1 x 4', makeSource('one', 1, 4)],
  ['3 x 17', makeSource('three', 3, 17)],
  ['37 x 65', makeSource('odd', 37, 65)],
  ['60 x 128', makeSource('wide', 60, 128)],
];

/** What every backend must do with every model. */
export function describeBackend(
  name: string,
  make: () => InferenceBackend,
  promise: BackendPromise,
): void {
  describe(`${name} as an inference backend`, () => {
    describe.each(MODELS)('with the model %s', (_, source) => {
      it('says which model it runs, and with what', async () => {
        await using model = await open(make(), source);

        expect(model.loaded.width).toBe(source.width);
        expect(model.loaded.columns[0]).toBe('probability');
        expect(model.loaded.outputs).toBe(model.loaded.columns.length);
        expect(model.loaded.version).toMatch(new RegExp(`^${model.loaded.name}@[0-9a-f]{8}$`));
        expect(model.loaded.runtime).not.toBe('');
      });

      const kind = promise.isBatchExact ? 'bit for bit' : 'within 1e-6 of its value';
      it(`scores a row in a batch of 1 to ${ROWS} as it does alone, ${kind}`, async ({
        annotate,
      }) => {
        await using model = await open(make(), source);
        const { outputs } = model.loaded;
        const features = makeFeatures(7, ROWS, source.width);
        const alone = new Float64Array(ROWS * outputs);
        for (let row = 0; row < ROWS; row += 1) {
          const from = row * source.width;
          const one = await model.score(features.slice(from, from + source.width), 1);
          alone.set(one, row * outputs);
        }
        const otherBits: number[] = [];
        const apart: number[] = [];
        for (let rows = 1; rows <= ROWS; rows += 1) {
          const batch = await model.score(features, rows);
          const distances = batch.map((value, row) => relative(value, alone[row]));
          if (!distances.every((distance) => distance === 0)) otherBits.push(rows);
          if (!distances.every((distance) => distance <= 1e-6)) apart.push(rows);
        }
        await annotate(`batch sizes in which some row has other bits here: ${otherBits.length}`);

        expect(promise.isBatchExact ? otherBits : apart).toEqual([]);
        const chances = alone.filter((_value, at) => at % outputs === 0);
        expect(chances.every((value) => value > 0 && value < 1)).toBe(true);
        expect(new Set(chances).size).toBeGreaterThan(ROWS / 2);
      });

      it('gives the same scores to the same rows, again and from the start', async () => {
        await using model = await open(make(), source);
        const features = makeFeatures(8, 100, source.width);
        const once = await model.score(features, 100);
        await model.score(makeFeatures(9, 37, source.width), 37);

        expect(await model.score(features, 100)).toEqual(once);
        await using again = await open(make(), source);
        expect(await again.score(features, 100)).toEqual(once);
      });
    });

    it('M3 gives a row with a NaN no score, and its neighbours theirs', async () => {
      await using model = await open(make(), momentumSource);
      const { width } = momentumSource;
      const features = makeFeatures(10, 64, width);
      const clean = await model.score(features, 64);
      for (let place = 0; place < width; place += 1) {
        const spoiled = features.slice();
        spoiled[31 * width + place] = Number.NaN;
        const scores = await model.score(spoiled, 64);

        expect(scores[31]).toBeNaN();
        expect(others(scores, 31)).toEqual(others(clean, 31));
      }
    });

    it('M3 turns no infinite or huge number into anything but a chance or no score', async () => {
      await using model = await open(make(), momentumSource);
      const { width } = momentumSource;
      const features = makeFeatures(11, 8, width);
      const clean = await model.score(features, 8);
      for (const value of [Infinity, -Infinity, 1e39, -1e300, Number.MAX_VALUE]) {
        const spoiled = features.slice();
        spoiled[3 * width + 2] = value;
        const scores = await model.score(spoiled, 8);
        const score = scores[3] ?? 2;

        expect(Number.isNaN(score) || (score >= 0 && score <= 1)).toBe(true);
        expect(others(scores, 3)).toEqual(others(clean, 3));
      }
    });

    it('writes no score beyond the rows that it was asked for, and takes none at all', async () => {
      await using model = await open(make(), momentumSource);
      const scores = new Float64Array(5).fill(-7);
      const features = makeFeatures(12, 5, momentumSource.width);
      await model.loaded.score(features, 0, scores);

      expect(scores).toEqual(Float64Array.of(-7, -7, -7, -7, -7));
      await model.loaded.score(features, 2, scores);
      expect(scores.slice(2)).toEqual(Float64Array.of(-7, -7, -7));
      expect(scores[1]).toBeGreaterThan(0);
    });

    it.each([
      ['of another layout', { layoutHash: 'ffffffffffffffff' }, 'MODEL_LAYOUT', /ffffffffffffffff/],
      ['of another width', { width: 11 }, 'MODEL_WIDTH', /12 numbers, not 11/],
      ['of another version', { version: 'momentum-1@00000000' }, 'MODEL_VERSION', /00000000/],
      ['whose card was edited', edited(momentumSource), 'MODEL_CHANGED', /its contents hash to/],
      ['whose file was edited', { model: flipped() }, 'MODEL_CHANGED', /its card states/],
      ['whose file is no network', noNetwork(), 'MODEL_UNREADABLE', /ONNX_DAMAGED/],
      ['that is no model', { card: '{}' }, 'MODEL_FOREIGN', /expected "strata-model/],
    ])('M3 refuses a model %s', async (_, change, code, message) => {
      const loading = make().load({ ...momentumSource, ...change });

      await expect(loading).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    });
  });
}

/** NaN where there is nothing to compare with, which is no distance. */
function relative(value: number, wanted = Number.NaN): number {
  return Math.abs(value - wanted) / Math.abs(wanted);
}

function others(scores: Float64Array, row: number): readonly number[] {
  return [...scores].toSpliced(row, 1);
}

function flipped(): Uint8Array {
  const { model } = momentumSource;
  return model.with(100, (model[100] ?? 0) ^ 1);
}

function noNetwork(): ModelSource {
  const bytes = new TextEncoder().encode('this is no network');
  return versioned(sourceOf(bytes, { family: 'mlp', outputs: ['probability'] }));
}
