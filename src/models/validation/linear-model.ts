import { assert } from '../../core/assert.ts';
import { log } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import { rowOf, type Samples } from '../data/samples.ts';

export interface LinearOptions {
  /** The first number of a row that is used, and how many: of a window, the newest rows only. */
  readonly from?: number;
  readonly features?: number;
  /** Pull of each standardised coefficient towards nought, per sample. */
  readonly ridge?: number;
}

/** A fitted line over standardised features, as numbers alone. */
export interface LinearModel {
  readonly link: 'identity' | 'logit';
  readonly from: number;
  readonly means: readonly number[];
  readonly scales: readonly number[];
  readonly coefficients: readonly number[];
  readonly intercept: number;
}

const FEATURES_MAX = 512;
const RIDGE = 1e-3;
const ROUNDS_MAX = 50;
const CHANGE_LEAST = 1e-9;
/** A logit of this size is certain enough; beyond it a separable sample would run away. */
const LOGIT_MAX = 30;

/**
 * Logistic regression with a ridge, by iteratively reweighted least squares: what a model has to
 * beat before it is worth its cost. Missing features stand at their mean. Weights count.
 */
export function fitLogistic(samples: Samples, options: LinearOptions = {}): LinearModel {
  assert(
    samples.label.every((label) => label === 0 || label === 1),
    'a class is 0 or 1',
  );
  const design = standardised(samples, options);
  const total = sumOf(samples.weight);
  const share = weightedMean(samples.label, samples.weight);
  const edge = 1 / (samples.count + 2);
  const base = Math.min(1 - edge, Math.max(edge, share));
  const solution = new Float64Array(design.count + 1);
  solution[design.count] = log(base / (1 - base));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { curvature, gradient } = logisticStep(design, samples, solution);
    const change = ridgeStep(design.count, { curvature, gradient }, solution, total * design.ridge);
    if (change < CHANGE_LEAST) break;
  }
  return modelOf('logit', design, solution);
}

/** Ridge regression of `target` on the features, with the samples' weights. */
export function fitRidge(
  samples: Samples,
  target: Float64Array,
  options: LinearOptions = {},
): LinearModel {
  const design = standardised(samples, options);
  const system = emptySystem(design.count);
  const solution = new Float64Array(design.count + 1);
  solution[design.count] = weightedMean(target, samples.weight);
  const row = new Float64Array(design.count + 1);
  for (let place = 0; place < samples.count; place += 1) {
    fillRow(design, rowOf(samples, place), row);
    const weight = samples.weight[place] ?? Number.NaN;
    const gap = (target[place] ?? Number.NaN) - (solution[design.count] ?? Number.NaN);
    accumulate(system, row, weight, weight * gap);
  }
  ridgeStep(design.count, system, solution, sumOf(samples.weight) * design.ridge);
  return modelOf('identity', design, solution);
}

/** Probabilities, or values, of each sample. */
export function predictLinear(model: LinearModel, samples: Samples): Float64Array {
  const { from, means, scales, coefficients, intercept, link } = model;
  const design = { from, means, scales, count: coefficients.length };
  const row = new Float64Array(coefficients.length + 1);
  return new Float64Array(samples.count).map((_, place) => {
    fillRow(design, rowOf(samples, place), row);
    let value = intercept;
    coefficients.forEach((coefficient, at) => {
      value += coefficient * (row[at] ?? Number.NaN);
    });
    return link === 'logit' ? sigmoid(value) : value;
  });
}

interface Design {
  readonly from: number;
  readonly means: readonly number[];
  readonly scales: readonly number[];
  readonly count: number;
}

function standardised(
  samples: Samples,
  options: LinearOptions,
): Design & { readonly ridge: number } {
  const { from = 0, features = samples.width - from, ridge = RIDGE } = options;
  assert(samples.count > 0, 'there is something to learn from');
  assert(features > 0 && from + features <= samples.width, 'features are of a row');
  assert(features <= FEATURES_MAX, `a line has ${FEATURES_MAX} features at most`);
  const means: number[] = [];
  const scales: number[] = [];
  for (let at = from; at < from + features; at += 1) {
    const { mean, deviation } = momentsOf(samples, at);
    means.push(mean);
    scales.push(deviation > 0 ? 1 / deviation : 0);
  }
  return { from, means, scales, count: features, ridge };
}

function momentsOf(samples: Samples, at: number) {
  let [weights, mean, squares] = [0, 0, 0];
  for (let place = 0; place < samples.count; place += 1) {
    const value = samples.features[place * samples.width + at] ?? Number.NaN;
    const weight = samples.weight[place] ?? 0;
    if (!Number.isFinite(value) || weight === 0) continue;
    weights += weight;
    const gap = value - mean;
    mean += (weight / weights) * gap;
    squares += weight * gap * (value - mean);
  }
  return { mean, deviation: weights > 0 ? Math.sqrt(squares / weights) : 0 };
}

/** A row of the design; its last number is the constant. */
function fillRow(
  { from, means, scales, count }: Design,
  raw: Float64Array,
  row: Float64Array,
): void {
  for (let at = 0; at < count; at += 1) {
    const value = ((raw[from + at] ?? Number.NaN) - (means[at] ?? 0)) * (scales[at] ?? 0);
    row[at] = Number.isFinite(value) ? value : 0;
  }
  row[count] = 1;
}

interface System {
  readonly curvature: Float64Array;
  readonly gradient: Float64Array;
}

function emptySystem(count: number): System {
  const size = count + 1;
  return { curvature: new Float64Array(size * size), gradient: new Float64Array(size) };
}

/** Adds a row to the lower triangle of the normal equations. */
function accumulate(system: System, row: Float64Array, curve: number, pull: number): void {
  const size = row.length;
  for (let at = 0; at < size; at += 1) {
    const value = row[at] ?? 0;
    if (value === 0) continue;
    const scaled = curve * value;
    const line = at * size;
    for (let other = 0; other <= at; other += 1) {
      system.curvature[line + other] =
        (system.curvature[line + other] ?? 0) + scaled * (row[other] ?? 0);
    }
    system.gradient[at] = (system.gradient[at] ?? 0) + pull * value;
  }
}

function logisticStep(design: Design, samples: Samples, solution: Float64Array): System {
  const system = emptySystem(design.count);
  const row = new Float64Array(design.count + 1);
  for (let place = 0; place < samples.count; place += 1) {
    fillRow(design, rowOf(samples, place), row);
    let logit = 0;
    row.forEach((value, at) => {
      logit += value * (solution[at] ?? Number.NaN);
    });
    const share = sigmoid(Math.min(LOGIT_MAX, Math.max(-LOGIT_MAX, logit)));
    const weight = samples.weight[place] ?? Number.NaN;
    const gap = (samples.label[place] ?? Number.NaN) - share;
    accumulate(system, row, weight * share * (1 - share), weight * gap);
  }
  return system;
}

/** Moves the solution by Newton's step, in place, and says how far. The constant is not pulled. */
function ridgeStep(count: number, system: System, solution: Float64Array, ridge: number): number {
  const size = count + 1;
  const { curvature, gradient } = system;
  for (let at = 0; at < count; at += 1) {
    curvature[at * size + at] = (curvature[at * size + at] ?? 0) + ridge;
    gradient[at] = (gradient[at] ?? 0) - ridge * (solution[at] ?? 0);
  }
  // So that a feature without spread has a pivot; it is far below a sample's weight.
  for (let at = 0; at < size; at += 1) {
    curvature[at * size + at] = (curvature[at * size + at] ?? 0) + 1e-12;
  }
  const step = solvePositive(curvature, gradient);
  let change = 0;
  step.forEach((value, at) => {
    solution[at] = (solution[at] ?? 0) + value;
    change = Math.max(change, Math.abs(value));
  });
  return change;
}

/** By Cholesky's factors, from the lower triangle, which is overwritten. */
function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const of = (row: number, column: number) => matrix[row * size + column] ?? Number.NaN;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let value = of(row, column);
      for (let at = 0; at < column; at += 1) value -= of(row, at) * of(column, at);
      if (row === column) assert(value > 0, 'the curvature is positive');
      matrix[row * size + column] = row === column ? Math.sqrt(value) : value / of(column, column);
    }
  }
  const solution = right.slice();
  for (let row = 0; row < size; row += 1) {
    let value = solution[row] ?? Number.NaN;
    for (let at = 0; at < row; at += 1) value -= of(row, at) * (solution[at] ?? Number.NaN);
    solution[row] = value / of(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let value = solution[row] ?? Number.NaN;
    for (let at = row + 1; at < size; at += 1) value -= of(at, row) * (solution[at] ?? Number.NaN);
    solution[row] = value / of(row, row);
  }
  return solution;
}

function modelOf(link: LinearModel['link'], design: Design, solution: Float64Array): LinearModel {
  const { from, means, scales, count } = design;
  const coefficients = Array.from(solution.subarray(0, count));
  return { link, from, means, scales, coefficients, intercept: solution[count] ?? Number.NaN };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  values.forEach((value, at) => {
    sum += value * (weights[at] ?? Number.NaN);
  });
  return sum / sumOf(weights);
}
