import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../../src/gpu/open-model.ts';
import { plainScorer } from '../../../../src/gpu/plain/plain-model.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { BATCH } from '../../../../src/models/graph/graph.ts';
import { parameterPlaces } from '../../../../src/models/graph/parameters.ts';
import { mlp } from '../../../../src/models/nets/mlp.ts';
import { writeOnnx } from '../../../../src/models/onnx/write-onnx.ts';
import { networkBytes, sourceOf } from '../../../served-models.ts';

const CLIP = 8;
const MEAN = [0.5, -1, 0];
const DEVIATION = [2, 0.25, 1];
const HIDDEN = 4;
const shape = { features: 3, window: 1, outputs: ['probability'] as const };
const scaling = { mean: MEAN, deviation: DEVIATION, clip: CLIP };
const bytes = networkBytes(mlp({ hidden: [HIDDEN] }), { ...shape, scaling });
const opened = openSource(sourceOf(bytes, { family: 'mlp', ...shape }));
const scorer = plainScorer(opened);

describe('a network in plain JavaScript', () => {
  it('is the matrix arithmetic, row by row', () => {
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 });

    fc.assert(
      fc.property(rows, (batch) => {
        const out = new Float64Array(batch.length + 1).fill(-1);
        scorer(Float64Array.from(batch.flat()), batch.length, out);
        for (const [at, row] of batch.entries()) {
          expect(Math.abs((out[at] ?? 0) - naiveScore(row))).toBeLessThan(1e-12);
        }
        expect(out[batch.length]).toBe(-1);
      }),
    );
  });

  it('stops where the rows are not all there, or their scores have no room', () => {
    const rows = new Float64Array(5);

    expect(() => scorer(rows, 2, new Float64Array(2))).toThrow('hold all rows');
    expect(() => scorer(rows, 1, new Float64Array(0))).toThrow('room for all rows');
    expect(() => scorer(rows, 1, new Float64Array(1))).not.toThrow();
  });
});

describe('a network that keeps many numbers for a row', () => {
  it('takes fewer rows at once, within a bound of memory, with the same bits', () => {
    const score = plainScorer(openSource(sourceOf(greedyBytes(), { family: 'mlp', ...shape })));
    const features = Float64Array.from({ length: 64 * 3 }, (_, at) => Math.sin(at));
    const [batch, alone] = [new Float64Array(64), new Float64Array(1)];
    const before = process.memoryUsage().arrayBuffers;
    score(features, 64, batch);
    const taken = process.memoryUsage().arrayBuffers - before;
    score(features.slice(63 * 3), 1, alone);

    expect(taken / 2 ** 20).toBeGreaterThan(1);
    expect(taken / 2 ** 20).toBeLessThan(80);
    expect(alone[0]).toBe(batch[63]);
  });

  it('takes them one by one where a graph of 64 rows could not even be made', () => {
    const bytes = greedyBytes({ width: 500_000, parts: 1 });
    const score = plainScorer(openSource(sourceOf(bytes, { family: 'mlp', ...shape })));
    const scores = new Float64Array(64).fill(Number.NaN);
    score(Float64Array.of(0.1, -0.2, 0.3, 1, 2, 3), 2, scores);

    expect([...scores.subarray(0, 2)].every((said) => said > 0 && said < 1)).toBe(true);
  });
});

/** Some hundred bytes that keep a dozen tensors of 48,000 numbers for a row: 64 rows, 250 MB. */
function greedyBytes({ width, parts } = { width: 16_000, parts: 10 }): Uint8Array {
  const builder = new GraphBuilder('greedy');
  const x = builder.input('features', [BATCH, 3]);
  const wide = builder.broadcast(builder.reshape(x, [BATCH, 3, 1]), [BATCH, 3, width]);
  const all = Array.from({ length: parts }, (_, at) => builder.mul(wide, at + 1));
  const sum = all.toReversed().reduce((so, part) => builder.add(so, part));
  builder.output('probability', builder.sigmoid(builder.reduceMean(sum, [1, 2])));
  return writeOnnx(builder.build());
}

/** The formula written out, over the weights of the file and with the functions of the machine. */
function naiveScore(row: readonly number[]): number {
  const x = row.map((raw, at) => {
    const units = (Math.fround(raw) - (MEAN[at] ?? 0)) / (DEVIATION[at] ?? 1);
    return Math.min(CLIP, Math.max(-CLIP, units));
  });
  const [weight, bias] = [weightsOf('hidden0.weight'), weightsOf('hidden0.bias')];
  const [last, offset] = [weightsOf('probability.weight'), weightsOf('probability.bias')];
  let sum = offset[0] ?? Number.NaN;
  for (let unit = 0; unit < HIDDEN; unit += 1) {
    const inner = x.reduce((so, each, at) => so + each * (weight[at * HIDDEN + unit] ?? 0), 0);
    sum += Math.max(0, inner + (bias[unit] ?? 0)) * (last[unit] ?? 0);
  }
  return 1 / (1 + Math.exp(-sum));
}

function weightsOf(name: string): Float32Array {
  if (opened.kind !== 'network') return expect.fail('a network');
  const { graph, parameters } = opened.network;
  const place = parameterPlaces(graph).find((each) => each.name === name);
  return place === undefined
    ? expect.fail(`no ${name}`)
    : parameters.subarray(place.at, place.at + place.length);
}
