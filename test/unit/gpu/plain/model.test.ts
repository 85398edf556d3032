import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadModel, ModelError } from '../../../../src/gpu/plain/load-model.ts';
import { hashModel, type Model, score } from '../../../../src/gpu/plain/model.ts';

const LAYOUT = '0123456789abcdef';

const contents = {
  name: 'tiny-1',
  layoutHash: LAYOUT,
  features: ['left', 'right', 'both'],
  hidden: 2,
  horizonBars: 5,
  mean: [0.5, -1, 0],
  deviation: [2, 0.25, 1],
  weights1: [0.3, -0.2, 0.1, 1.5, 0.7, -0.9],
  bias1: [0.05, -0.4],
  weights2: [1.25, -0.75],
  bias2: 0.125,
};

function fileOf(changes: Readonly<Record<string, unknown>> = {}): string {
  const contentHash = hashModel({
    ...contents,
    mean: Float64Array.from(contents.mean),
    deviation: Float64Array.from(contents.deviation),
    weights1: Float64Array.from(contents.weights1),
    bias1: Float64Array.from(contents.bias1),
    weights2: Float64Array.from(contents.weights2),
  });
  return JSON.stringify({ format: 'plain-mlp/1', contentHash, ...contents, ...changes });
}

/** The formula with matrices written out, and the functions of the machine. */
function naiveScore(row: readonly number[]): number {
  const x = row.map(
    (value, at) => (value - (contents.mean[at] ?? 0)) / (contents.deviation[at] ?? 1),
  );
  const rows = [contents.weights1.slice(0, 3), contents.weights1.slice(3)];
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  const hidden = rows.map((weights, at) => Math.tanh(dot(weights, x) + (contents.bias1[at] ?? 0)));
  return 1 / (1 + Math.exp(-(dot(contents.weights2, hidden) + contents.bias2)));
}

function codeOf(run: () => Model): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelError) return error.code;
    throw error;
  }
  return 'loaded';
}

describe('score', () => {
  const model = loadModel(fileOf(), LAYOUT);

  it('is the matrix arithmetic, row by row', () => {
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 });

    fc.assert(
      fc.property(rows, (batch) => {
        const out = new Float64Array(batch.length + 1).fill(-1);
        score(model, Float64Array.from(batch.flat()), batch.length, out);
        for (const [at, row] of batch.entries()) {
          expect(Math.abs((out[at] ?? 0) - naiveScore(row))).toBeLessThan(1e-12);
        }
        expect(out[batch.length]).toBe(-1);
      }),
    );
  });

  it('is no number where a feature is none, in that row alone', () => {
    const out = new Float64Array(2);
    score(model, Float64Array.of(1, Number.NaN, 1, 1, 2, 3), 2, out);

    expect(out[0]).toBeNaN();
    expect(out[1]).toBeGreaterThan(0);
  });

  it('stops where the rows are not all there', () => {
    const rows = new Float64Array(5);

    expect(() => score(model, rows, 2, new Float64Array(2))).toThrow('hold all rows');
    expect(() => score(model, rows, 1, new Float64Array(0))).toThrow('room for all rows');
  });
});

describe('loadModel', () => {
  it('marks the model with its content', () => {
    const model = loadModel(fileOf({ metrics: { auc: 1 } }), LAYOUT);

    expect(model.version).toBe(`tiny-1@${model.contentHash.slice(0, 8)}`);
  });

  it('refuses features of another layout', () => {
    expect(codeOf(() => loadModel(fileOf(), 'fedcba9876543210'))).toBe('MODEL_LAYOUT');
  });

  it.each([
    ['a weight', { weights2: [1.25, -0.750001] }],
    ['the bias', { bias2: 0.1250001 }],
    ['the normalisation', { mean: [0.5, -1, 1e-9] }],
    ['the order of the features', { features: ['right', 'left', 'both'] }],
    ['the layout', { layoutHash: 'fedcba9876543210' }],
    ['the name', { name: 'tiny-2' }],
  ])('refuses a file in which %s was changed', (_, change) => {
    expect(codeOf(() => loadModel(fileOf(change), LAYOUT))).toBe('MODEL_CHANGED');
  });

  it.each([
    ['no JSON', '{'],
    ['another format', fileOf({ format: 'plain-mlp/2' })],
    ['a weight missing', fileOf({ weights1: [1, 2, 3, 4, 5] })],
    ['a weight that is null', fileOf({ weights1: [1, 2, 3, 4, 5, null] })],
    ['a deviation of zero', fileOf({ deviation: [1, 0, 1] })],
    ['no features', fileOf({ features: [] })],
  ])('refuses a file with %s', (_, json) => {
    expect(codeOf(() => loadModel(json, LAYOUT))).toBe('MODEL_UNREADABLE');
  });
});
