import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/models/artefact/card.ts';
import type {
  InferenceBackend,
  LoadedModel,
  ModelSource,
} from '../../src/ports/inference-backend.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { relativeDifference } from '../../src/gpu/agreement.ts';
import {
  NETWORK_FAMILIES,
  networkSource,
  rawFeatures,
  type SizeOptions,
  TREE_FAMILIES,
  treeSource,
} from '../served-models.ts';

export const SOURCES: readonly (readonly [family: Family, source: ModelSource])[] = [
  ...NETWORK_FAMILIES.map((family) => [family, networkSource(family)] as const),
  ...TREE_FAMILIES.map((family) => [family, treeSource(family)] as const),
];

/** On both sides of what a backend takes in one step, or cuts a batch into. */
const BATCHES: readonly number[] = [2, 3, 7, 8, 9, 16, 31, 64, 65, 100];

export interface ArtefactPromise {
  /** Families of which a row has the very bits in a batch that it has alone; the rest 1e-6. */
  readonly isBatchExact: (family: Family) => boolean;
  /** In the largest batch: few where a row takes long. */
  readonly rowsMax?: number;
}

/** What every backend must do with artefacts. */
export function describeArtefacts(
  name: string,
  make: () => InferenceBackend,
  promise: ArtefactPromise,
): void {
  describeFamilies(name, make, promise);
  describeAny(name, make);
}

/** With one of every family. */
function describeFamilies(
  name: string,
  make: () => InferenceBackend,
  { isBatchExact, rowsMax = 100 }: ArtefactPromise,
): void {
  describe.each(SOURCES)(`${name} with an artefact of the family %s`, (family, source) => {
    const isTrees = TREE_FAMILIES.some((one) => one === family);

    it('says what it is, and scores as plain JavaScript does, within 1e-4', async () => {
      await using plain = await open(createPlainBackend(), source);
      await using model = await open(make(), source);
      const { loaded } = model;
      const features = rawFeatures(3, rowsMax, source);
      const wanted = await plain.score(features, rowsMax);
      const given = await model.score(features, rowsMax);

      expect(loaded.version).toMatch(new RegExp(`^made-${family}@[0-9a-f]{8}$`));
      expect(loaded.width).toBe(24);
      expect(loaded.columns).toEqual(isTrees ? ['probability'] : ['probability', 'return']);
      expect(loaded.outputs).toBe(loaded.columns.length);
      expect(relativeDifference(wanted, given, loaded.outputs)).toBeLessThan(1e-4);
      expect(new Set(given).size).toBeGreaterThan(rowsMax / 2);
    });

    const exact = isBatchExact(family) ? 'the very bits' : 'within 1e-6 what';
    it(`has for a row in a batch ${exact} it has alone`, async () => {
      await using model = await open(make(), source);
      const features = rawFeatures(4, rowsMax, source);
      const alone = await oneByOne(model, features);
      let apart = 0;
      for (const rows of BATCHES.filter((size) => size <= rowsMax)) {
        const batch = await model.score(features, rows);
        const same = alone.subarray(0, batch.length);
        apart = Math.max(apart, relativeDifference(same, batch, model.loaded.outputs));
      }

      if (isBatchExact(family)) expect(apart).toBe(0);
      else expect(apart).toBeLessThan(1e-6);
    });

    it('M3 gives a row without a meaning no score at all, and its neighbours theirs', async () => {
      await using model = await open(make(), source);
      const { outputs } = model.loaded;
      const features = rawFeatures(5, 9, source);
      const clean = await model.score(features, 9);
      const spoiled = features.slice();
      // Trees know what to do where one value is missing, but not where all are.
      spoiled.fill(Number.NaN, 4 * source.width, isTrees ? 5 * source.width : 4 * source.width + 1);
      const scores = await model.score(spoiled, 9);

      const from = 4 * outputs;
      expect(scores.slice(from, from + outputs).every(Number.isNaN)).toBe(true);
      expect([...scores].toSpliced(from, outputs)).toEqual([...clean].toSpliced(from, outputs));
    });

    it('sees the last bars of a row that holds more of them', async () => {
      const [rows, width, sent] = [4, source.width, source.width + 6];
      await using model = await open(make(), source);
      await using wider = await open(make(), { ...source, width: sent });
      const features = rawFeatures(8, rows, source);
      const longer = new Float64Array(rows * sent).fill(Number.NaN);
      for (let row = 0; row < rows; row += 1) {
        longer.set(features.subarray(row * width, (row + 1) * width), (row + 1) * sent - width);
      }
      const scores = await wider.score(longer, rows);

      expect([...scores]).toEqual([...(await model.score(features, rows))]);
      expect(scores.every(Number.isFinite)).toBe(true);
    });

    it('takes no row at all, and writes nothing beyond what it was asked for', async () => {
      await using model = await open(make(), source);
      const scores = new Float64Array(3 * model.loaded.outputs).fill(-7);
      const features = rawFeatures(6, 3, source);
      await model.loaded.score(features, 0, scores);

      expect(scores.every((score) => score === -7)).toBe(true);
      await model.loaded.score(features, 1, scores);
      const beyond = scores.subarray(model.loaded.outputs);
      expect(beyond.every((score) => score === -7)).toBe(true);
      expect(scores[0]).toBeGreaterThan(0);
    });
  });
}

function describeAny(name: string, make: () => InferenceBackend): void {
  describe(`${name} with artefacts`, () => {
    it('runs several at once, and one that goes leaves the others as they are', async () => {
      const [mlp, lstm] = [networkSource('mlp'), networkSource('lstm')];
      await using first = await open(make(), mlp);
      const second = await open(make(), mlp);
      await using other = await open(make(), lstm);
      const features = rawFeatures(8, 20, mlp);
      const alone = await first.score(features, 20);
      const both = await Promise.all([second.score(features, 20), other.score(features, 20)]);
      await second.loaded.release();

      expect(both[0]).toEqual(alone);
      expect(await first.score(features, 20)).toEqual(alone);
      expect(await other.score(features, 20)).toEqual(both[1]);
    });

    it.each(['mlp', 'forest'] as const)('calibrates what the %s model says', async (family) => {
      const calibration = { kind: 'platt', slope: 0.5, intercept: 0.1 } as const;
      const outputs = ['probability', 'return', 'confidence'] as const;
      const of = (given: SizeOptions) =>
        family === 'mlp' ? networkSource(family, { ...given, outputs }) : treeSource(family, given);
      await using raw = await open(make(), of({}));
      await using model = await open(make(), of({ calibration }));
      const features = rawFeatures(9, 12, of({}));
      const said = await raw.score(features, 12);
      const wanted = said.map((score, at) => {
        const column = at % raw.loaded.outputs;
        if (column === 1) return score;
        const chance = said[at - column] ?? Number.NaN;
        const worth = 1 / (1 + Math.exp(-(0.5 * Math.log(chance / (1 - chance)) + 0.1)));
        return column === 0 ? worth : Math.abs(2 * worth - 1);
      });
      const given = await model.score(features, 12);

      expect(model.loaded.columns).toEqual(family === 'mlp' ? outputs : ['probability']);
      expect(relativeDifference(wanted, given, model.loaded.outputs)).toBeLessThan(1e-12);
    });
  });
}

/** A loaded model that is let go of when the test ends. */
export async function open(
  backend: InferenceBackend,
  source: ModelSource,
): Promise<
  AsyncDisposable & {
    readonly loaded: LoadedModel;
    score(features: Float64Array, rows: number): Promise<Float64Array>;
  }
> {
  const loaded = await backend.load(source);
  return {
    loaded,
    async score(features, rows) {
      const scores = new Float64Array(rows * loaded.outputs);
      await loaded.score(features, rows, scores);
      return scores;
    },
    [Symbol.asyncDispose]: () => loaded.release(),
  };
}

async function oneByOne(
  model: Awaited<ReturnType<typeof open>>,
  features: Float64Array,
): Promise<Float64Array> {
  const { width, outputs } = model.loaded;
  const rows = features.length / width;
  const scores = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row += 1) {
    scores.set(await model.score(features.slice(row * width, (row + 1) * width), 1), row * outputs);
  }
  return scores;
}
