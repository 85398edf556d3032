import { assert } from '../../core/assert.ts';
import { ByteWriter } from '../../core/bytes.ts';
import { hashBytes } from '../../core/hash.ts';
import { exp, tanh } from '../../core/math.ts';

/**
 * A small network with one hidden layer, run in plain JavaScript:
 *
 * hidden = tanh(W1 ((x - mean) / deviation) + b1), score = 1 / (1 + e^-(w2 hidden + b2))
 *
 * The score is the chance that the price is higher `horizonBars` bars later. Measured, a hidden
 * layer of eight is no better than one unit, which is nearly a logistic regression (both stand
 * in the model file). It is there so that the smallest model already has the shape of larger ones:
 * two products of matrices and a function between them. Same bits on every machine.
 */
export type Model = {
  readonly name: string;
  /** `name@` and the first eight digits of the content hash: what an answer is marked with. */
  readonly version: string;
  /** 16 hex digits over everything that has a part in a score. */
  readonly contentHash: string;
  /** Of the features it was trained with. Only rows of this layout mean anything to it. */
  readonly layoutHash: string;
  readonly features: readonly string[];
  readonly hidden: number;
  readonly horizonBars: number;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** Row after row, one row per hidden unit. */
  readonly weights1: Float64Array;
  readonly bias1: Float64Array;
  readonly weights2: Float64Array;
  readonly bias2: number;
};

export const FEATURES_MAX = 4_096;
export const HIDDEN_MAX = 1_024;

/**
 * Scores `rows` rows of `features.length` doubles each into `out[0 .. rows)`. A row with a NaN gets
 * the score NaN; the caller decides what that means. No allocation.
 */
export function score(model: Model, features: Float64Array, rows: number, out: Float64Array): void {
  const width = model.features.length;
  assert(features.length >= rows * width, 'the features hold all rows');
  assert(out.length >= rows, 'the scores have room for all rows');
  for (let row = 0; row < rows; row += 1) out[row] = scoreRow(model, features, row * width);
}

function scoreRow(model: Model, features: Float64Array, at: number): number {
  const { mean, deviation, weights1, bias1, weights2, hidden } = model;
  const width = mean.length;
  let sum = model.bias2;
  for (let unit = 0; unit < hidden; unit += 1) {
    let inner = bias1[unit] ?? Number.NaN;
    const weightsAt = unit * width;
    for (let place = 0; place < width; place += 1) {
      const value = (features[at + place] ?? Number.NaN) - (mean[place] ?? Number.NaN);
      inner += (weights1[weightsAt + place] ?? Number.NaN) * (value / (deviation[place] ?? 1));
    }
    sum += (weights2[unit] ?? Number.NaN) * tanh(inner);
  }
  return 1 / (1 + exp(-sum));
}

/** Over names, layout and numbers, each number by its bits. */
export function hashModel(model: Omit<Model, 'version' | 'contentHash'>): string {
  const writer = new ByteWriter();
  writer.text(`plain-mlp/1;${model.name};${model.layoutHash};${model.features.join()}`);
  writer.u32(model.hidden);
  writer.u32(model.horizonBars);
  for (const values of [model.mean, model.deviation, model.weights1, model.bias1, model.weights2]) {
    writer.u32(values.length);
    for (const value of values) writer.f64(value);
  }
  writer.f64(model.bias2);
  return hashBytes(writer.view());
}

export function versionOf(name: string, contentHash: string): string {
  return `${name}@${contentHash.slice(0, 8)}`;
}
