import { assert } from '../../core/assert.ts';
import { log } from '../../core/math.ts';
import { type HiddenChain, smoothStates } from './hidden-markov.ts';

/**
 * Hidden states, each with a normal distribution of its own whose dimensions are independent:
 * calm and wild markets, say, seen through returns and ranges.
 */
export interface GaussianHmm extends HiddenChain {
  readonly dimensions: number;
  /** Of state `k` in dimension `d` at `k * dimensions + d`. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

export interface FitOptions {
  /** Left out: 100. */
  readonly iterationsMax?: number;
  /** It has converged when an iteration gains less log-likelihood than this; left out: 1e-6. */
  readonly gainLeast?: number;
  /**
   * No state's variance falls below this share of its dimension's, or one would shrink onto a
   * single row; left out: 1e-6. A prior on variances would swamp returns of a per cent: there is
   * none.
   */
  readonly varianceShareLeast?: number;
}

export interface FittedHmm {
  readonly model: GaussianHmm;
  /** Of the model before each iteration; each is at least the one before. The last is `model`'s. */
  readonly logLikelihoods: readonly number[];
  readonly hasConverged: boolean;
}

/**
 * Baum and Welch's maximum likelihood (1970) from a start; of several starts, the likeliest end.
 * Undefined where a dimension does not move at all.
 *
 * @param rows row `t` at `t * dimensions`.
 */
export function fitGaussianHmm(
  rows: Float64Array,
  starts: readonly GaussianHmm[],
  options: FitOptions = {},
): FittedHmm | undefined {
  let best: FittedHmm | undefined;
  for (const start of starts) {
    const fitted = fitFrom(rows, start, options);
    if (fitted === undefined) return undefined;
    if (best === undefined || lastOf(fitted) > lastOf(best)) best = fitted;
  }
  assert(best !== undefined, 'a fit has a start');
  return best;
}

function lastOf({ logLikelihoods }: FittedHmm): number {
  return logLikelihoods.at(-1) ?? Number.NEGATIVE_INFINITY;
}

function fitFrom(
  rows: Float64Array,
  start: GaussianHmm,
  options: FitOptions,
): FittedHmm | undefined {
  const { iterationsMax = 100, gainLeast = 1e-6, varianceShareLeast = 1e-6 } = options;
  const variancesLeast = variancesOf(rows, start.dimensions).map(
    (variance) => variance * varianceShareLeast,
  );
  if (variancesLeast.some((variance) => !(variance > 0))) return undefined;
  const logLikelihoods: number[] = [];
  let model = start;
  for (let iteration = 0; ; iteration += 1) {
    const smoothed = smoothStates(model, logDensitiesOf(model, rows));
    const gain = smoothed.logLikelihood - (logLikelihoods.at(-1) ?? Number.NEGATIVE_INFINITY);
    logLikelihoods.push(smoothed.logLikelihood);
    const hasConverged = gain < gainLeast;
    if (hasConverged || iteration === iterationsMax) return { model, logLikelihoods, hasConverged };
    model = maximised(model, rows, smoothed.probabilities, smoothed.steps, variancesLeast);
  }
}

/** Of each dimension over all rows. */
function variancesOf(rows: Float64Array, dimensions: number): Float64Array {
  const count = rows.length / dimensions;
  return new Float64Array(dimensions).map((_, dimension) => {
    const first = rows[dimension] ?? NaN;
    let mean = 0;
    for (let at = dimension; at < rows.length; at += dimensions) {
      mean += ((rows[at] ?? NaN) - first) / count;
    }
    let variance = 0;
    for (let at = dimension; at < rows.length; at += dimensions) {
      const distance = (rows[at] ?? NaN) - first - mean;
      variance += (distance * distance) / count;
    }
    return variance;
  });
}

/** The model under which the rows and the states' shares of them are likeliest. */
function maximised(
  { states, dimensions, ...last }: GaussianHmm,
  rows: Float64Array,
  shares: Float64Array,
  steps: Float64Array,
  variancesLeast: Float64Array,
): GaussianHmm {
  const count = shares.length / states;
  const transition = steps.slice();
  const means = last.means.slice();
  const variances = last.variances.slice();
  for (let state = 0; state < states; state += 1) {
    const leaving = transition.subarray(state * states, (state + 1) * states);
    const left = leaving.reduce((sum, value) => sum + value, 0);
    // A state that is never left keeps the steps it had.
    if (left > 0) leaving.forEach((value, to) => (leaving[to] = value / left));
    else leaving.set(last.transition.subarray(state * states, (state + 1) * states));

    let weight = 0;
    for (let row = 0; row < count; row += 1) weight += shares[row * states + state] ?? NaN;
    if (!(weight > 0)) continue;
    for (let dimension = 0; dimension < dimensions; dimension += 1) {
      const slot = state * dimensions + dimension;
      const valueOf = (row: number) => rows[row * dimensions + dimension] ?? NaN;
      const shareOf = (row: number) => (shares[row * states + state] ?? NaN) / weight;
      let mean = 0;
      for (let row = 0; row < count; row += 1) mean += shareOf(row) * valueOf(row);
      let variance = 0;
      for (let row = 0; row < count; row += 1) {
        const distance = valueOf(row) - mean;
        variance += shareOf(row) * distance * distance;
      }
      means[slot] = mean;
      variances[slot] = Math.max(variance, variancesLeast[dimension] ?? NaN);
    }
  }
  return { states, dimensions, initial: shares.slice(0, states), transition, means, variances };
}

/** Log-densities of all rows in all states, as the functions of hidden-markov.ts take them. */
export function logDensitiesOf(model: GaussianHmm, rows: Float64Array): Float64Array {
  const { states, dimensions, means, variances } = model;
  const count = rows.length / dimensions;
  assert(Number.isInteger(count) && count > 0, 'there are whole rows');
  assert(means.length === states * dimensions, 'each state has a mean in each dimension');
  assert(variances.length === means.length, 'each state has a variance in each dimension');
  assert(
    variances.every((value) => value > 0),
    'a variance is above 0',
  );
  const heights = variances.map((variance) => -0.5 * log(2 * Math.PI * variance));
  const densities = new Float64Array(count * states);
  for (let row = 0; row < count; row += 1) {
    for (let state = 0; state < states; state += 1) {
      let density = 0;
      for (let dimension = 0; dimension < dimensions; dimension += 1) {
        const slot = state * dimensions + dimension;
        const distance = (rows[row * dimensions + dimension] ?? NaN) - (means[slot] ?? NaN);
        density += (heights[slot] ?? NaN) - (0.5 * distance * distance) / (variances[slot] ?? NaN);
      }
      densities[row * states + state] = density;
    }
  }
  return densities;
}

/**
 * A start that needs no chance: rows are parted into as many equal groups as there are states, by
 * the size of their distance from the mean in the first dimension; a state stays with `stay`.
 */
export function startOf(
  rows: Float64Array,
  dimensions: number,
  states: number,
  stay = 0.9,
): GaussianHmm {
  const count = rows.length / dimensions;
  assert(Number.isInteger(count) && count >= 2 * states, 'there are two rows for each state');
  const firsts = Float64Array.from({ length: count }, (_, row) => rows[row * dimensions] ?? NaN);
  const mean = firsts.reduce((sum, value) => sum + value, 0) / count;
  const order = Int32Array.from({ length: count }, (_, row) => row).toSorted(
    (one, other) =>
      Math.abs((firsts[one] ?? NaN) - mean) - Math.abs((firsts[other] ?? NaN) - mean) ||
      one - other,
  );
  const shares = new Float64Array(count * states);
  order.forEach((row, place) => {
    shares[row * states + Math.floor((place * states) / count)] = 1;
  });
  const move = states === 1 ? 0 : (1 - stay) / (states - 1);
  const steps = new Float64Array(states * states).map((_, at) =>
    at % (states + 1) === 0 ? (states === 1 ? 1 : stay) : move,
  );
  const empty = { initial: new Float64Array(states), transition: steps };
  const blank = new Float64Array(states * dimensions);
  const model = { states, dimensions, ...empty, means: blank, variances: blank };
  const variancesLeast = variancesOf(rows, dimensions).map((variance) => 1e-6 * variance);
  const parted = maximised(model, rows, shares, steps, variancesLeast);
  return { ...parted, initial: new Float64Array(states).fill(1 / states) };
}

/**
 * The same model with its states sorted, so that a state's number means something: by `of`, from
 * the least, as by the mean or the variance of its first dimension.
 */
export function sortedStates(
  model: GaussianHmm,
  of: (mean: Float64Array, variance: Float64Array) => number,
): GaussianHmm {
  const { states, dimensions } = model;
  const part = (values: Float64Array, state: number) =>
    values.subarray(state * dimensions, (state + 1) * dimensions);
  const keys = Array.from({ length: states }, (_, state) =>
    of(part(model.means, state), part(model.variances, state)),
  );
  const order = keys
    .map((_, state) => state)
    .toSorted((one, other) => (keys[one] ?? NaN) - (keys[other] ?? NaN) || one - other);
  const gather = (values: Float64Array) =>
    Float64Array.from(order.flatMap((state) => [...part(values, state)]));
  return {
    states,
    dimensions,
    initial: Float64Array.from(order, (state) => model.initial[state] ?? NaN),
    transition: Float64Array.from(
      order.flatMap((from) => order.map((to) => model.transition[from * states + to] ?? NaN)),
    ),
    means: gather(model.means),
    variances: gather(model.variances),
  };
}
