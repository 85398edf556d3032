import { log } from '../../core/math.ts';
import { assert } from '../../core/assert.ts';
import { leastSquares } from './least-squares.ts';
import { type CriticalValues, unitRootCritical, unitRootProbability } from './mackinnon.ts';
import { augmentedDickeyFuller, type UnitRootOptions } from './stationarity.ts';

/** A pair of series that is bound together, or is not: the null is that it is not. */
export interface CointegrationTest {
  /** `y = slope * x + constant` + the spread. */
  readonly slope: number;
  readonly constant: number;
  readonly statistic: number;
  readonly pValue: number;
  readonly critical: CriticalValues;
}

/**
 * Engle and Granger's test (1987): the spread of a regression with a constant, tested for a unit
 * root without one, judged by MacKinnon's tables for a pair. Equal to statsmodels' `coint`.
 * Undefined where a series does not move, or one is a copy of the other.
 */
export function engleGranger(
  y: Float64Array,
  x: Float64Array,
  options: Pick<UnitRootOptions, 'lags' | 'lagsMax'> = {},
): CointegrationTest | undefined {
  assert(y.length === x.length, 'a pair has as many values on both sides');
  const fit = leastSquares([x, new Float64Array(x.length).fill(1)], y);
  if (fit === undefined || isCopy(fit.squares, y)) return undefined;
  const root = augmentedDickeyFuller(fit.residuals, { ...options, deterministic: 'none' });
  if (root === undefined) return undefined;
  const [slope = NaN, constant = NaN] = fit.coefficients;
  return {
    slope,
    constant,
    statistic: root.statistic,
    pValue: unitRootProbability(root.statistic, { of: 'pair', deterministic: 'constant' }),
    critical: unitRootCritical({ of: 'pair', deterministic: 'constant' }, y.length - 1),
  };
}

/** A regression may choose either side: the less sure of both directions is what holds. */
export function engleGrangerBothWays(
  y: Float64Array,
  x: Float64Array,
  options: Pick<UnitRootOptions, 'lags' | 'lagsMax'> = {},
): CointegrationTest | undefined {
  const there = engleGranger(y, x, options);
  const back = engleGranger(x, y, options);
  if (there === undefined || back === undefined) return undefined;
  return { ...there, pValue: Math.max(there.pValue, back.pValue) };
}

/** All but 1.5e-6 of its variance explained: what is left is rounding, as statsmodels has it. */
function isCopy(squares: number, y: Float64Array): boolean {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const total = y.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return squares / total <= 100 * 1.4901161193847656e-8;
}

/** How many relations bind a pair (Johansen, 1991). */
export interface JohansenTest {
  /** Statistics for no relation at all, and for at most one. */
  readonly trace: readonly [number, number];
  readonly largestRoot: readonly [number, number];
  /** What `y` is balanced by: the relation is `y + weight * x`. */
  readonly weight: number;
}

/** Above these (90, 95, 99 %) the null is rejected: first of none, then of at most one relation. */
export const JOHANSEN_TRACE_CRITICAL = [
  [13.4294, 15.4943, 19.9349],
  [2.7055, 3.8415, 6.6349],
] as const;
export const JOHANSEN_ROOT_CRITICAL = [
  [12.2971, 14.2639, 18.52],
  [2.7055, 3.8415, 6.6349],
] as const;

/**
 * Johansen's test of two series with a constant. Equal to statsmodels' `coint_johansen` with
 * `det_order` 0. Undefined where the series are too short or do not move apart.
 *
 * @param lags lagged changes of both series in the regressions.
 */
export function johansen(y: Float64Array, x: Float64Array, lags = 1): JohansenTest | undefined {
  assert(y.length === x.length, 'a pair has as many values on both sides');
  const levels = [centred(y), centred(x)];
  const changes = levels.map((level) => level.subarray(1).map((v, at) => v - (level[at] ?? NaN)));
  const count = y.length - 1 - lags;
  if (count <= 2 * lags + 2) return undefined;
  const lagged: Float64Array[] = [];
  for (let lag = 1; lag <= lags; lag += 1) {
    for (const change of changes) {
      lagged.push(centred(change.subarray(lags - lag, lags - lag + count)));
    }
  }
  const short = changes.map((change) => rest(centred(change.subarray(lags)), lagged));
  // Statsmodels takes the levels one bar after the sample begins, whatever the lags.
  const long = levels.map((level) => rest(centred(level.subarray(1, 1 + count)), lagged));
  const [shortY, shortX] = short;
  const [longY, longX] = long;
  if (!shortY || !shortX || !longY || !longX) return undefined;
  return rootsOf([shortY, shortX], [longY, longX], count);
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** What the columns do not explain of the values. */
function rest(values: Float64Array, columns: readonly Float64Array[]): Float64Array | undefined {
  if (columns.length === 0) return values;
  return leastSquares(columns, values)?.residuals;
}

type Pair = readonly [Float64Array, Float64Array];

/** A symmetric or plain matrix of two rows: a b, c d. */
type Square = readonly [a: number, b: number, c: number, d: number];

/** Squared canonical correlations of changes and levels, and the direction of the larger. */
function rootsOf(short: Pair, long: Pair, count: number): JohansenTest | undefined {
  const mixed = products(long, short, count);
  const [a, b, c, d] = mixed;
  const own = inverse(products(short, short, count));
  const level = inverse(products(long, long, count));
  if (own === undefined || level === undefined) return undefined;
  const explained = multiply(multiply(mixed, own), [a, c, b, d]);
  const [m00, m01, m10, m11] = multiply(level, explained);
  const half = (m00 + m11) / 2;
  const determinant = m00 * m11 - m01 * m10;
  const larger = half + Math.sqrt(Math.max(0, half * half - determinant));
  const smaller = determinant / larger;
  const weight = Math.abs(m01) > 0 ? (larger - m00) / m01 : m10 / (larger - m11);
  const largestRoot = [-count * log(1 - larger), -count * log(1 - smaller)] as const;
  return { trace: [largestRoot[0] + largestRoot[1], largestRoot[1]], largestRoot, weight };
}

function products(left: Pair, right: Pair, count: number): Square {
  const of = (one: Float64Array, other: Float64Array) =>
    one.reduce((sum, value, at) => sum + value * (other[at] ?? NaN), 0) / count;
  return [
    of(left[0], right[0]),
    of(left[0], right[1]),
    of(left[1], right[0]),
    of(left[1], right[1]),
  ];
}

function multiply([a, b, c, d]: Square, [e, f, g, h]: Square): Square {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

function inverse([a, b, c, d]: Square): Square | undefined {
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 1e-14 * Math.abs(a * d))) return undefined;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
}

/**
 * Bars until half of a spread's distance from its mean is gone: -ln 2 / slope of its change on the
 * level before it, with a constant. Undefined where it does not pull back.
 */
export function halfLifeOf(spread: Float64Array): number | undefined {
  const before = spread.subarray(0, spread.length - 1);
  const changes = spread.subarray(1).map((value, at) => value - (spread[at] ?? NaN));
  const fit = leastSquares([before, new Float64Array(before.length).fill(1)], changes);
  const slope = fit?.coefficients[0] ?? 0;
  return slope < 0 ? -Math.LN2 / slope : undefined;
}
