import { doubleAbove, singleBound } from './single.ts';

/** How values are put into bins: by which library's rules, and how many bins at most. */
export interface BinningOptions {
  readonly style: 'xgboost' | 'lightgbm';
  /** At most 256; missing values take one of them where there are any. */
  readonly binsMax: number;
  /** LightGBM's min_data_in_bin; 1 by XGBoost's rules. */
  readonly binRowsMin: number;
}

/** LightGBM's kZeroThreshold: what lies within is zero and gets a bin of its own. */
const ZERO_MAX = Math.fround(1e-35);
/** Bounds of a last bin behind which only missing values lie: every value of a row goes left. */
const SINGLE_END = singleBound(3.4028234663852886e38);
const DOUBLE_END = 1e300;

/**
 * Upper bounds of all bins of a feature but the last, from its known values in ascending order; a
 * value belongs to the first bin whose bound it does not exceed. Where `hasMissing` the last bin
 * has a bound as well, for the split that parts known from unknown.
 *
 * Bins hold about equally many rows, and a value with more than its share has one for itself:
 * LightGBM's GreedyFindBin and FindBinWithZeroAsOneBin (src/io/bin.cpp). XGBoost takes quantiles
 * weighted by second derivatives; here they are not weighted. Its bounds are the singles half way
 * between neighbours, as its exact method has them.
 */
export function binBounds(
  sorted: Float64Array,
  hasMissing: boolean,
  options: BinningOptions,
): Float64Array {
  const binsMax = options.binsMax - (hasMissing ? 1 : 0);
  const distinct = distinctOf(sorted);
  const bounds =
    options.style === 'lightgbm'
      ? boundsAroundZero(distinct, binsMax, options.binRowsMin)
      : greedyBounds(distinct, binsMax, options.binRowsMin, singleBetween);
  const end = options.style === 'lightgbm' ? DOUBLE_END : SINGLE_END;
  return Float64Array.from(hasMissing ? [...bounds, end] : bounds);
}

interface Distinct {
  readonly values: Float64Array;
  readonly counts: Int32Array;
  /** Sum of the counts. */
  readonly rows: number;
}

function distinctOf(sorted: Float64Array): Distinct {
  const values = new Float64Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let size = 0;
  for (const value of sorted) {
    if (size === 0 || values[size - 1] !== value) {
      values[size] = value;
      size += 1;
    }
    counts[size - 1] = (counts[size - 1] ?? 0) + 1;
  }
  return {
    values: values.subarray(0, size),
    counts: counts.subarray(0, size),
    rows: sorted.length,
  };
}

type Between = (low: number, high: number) => number;

/** LightGBM's: the double just above the middle. */
function doubleBetween(low: number, high: number): number {
  const bound = doubleAbove((low + high) / 2);
  return bound < high ? bound : low;
}

/** The bound of the single threshold half way, or of the upper value where none is between. */
function singleBetween(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2);
  return singleBound(middle > low ? middle : high);
}

function boundsAroundZero(distinct: Distinct, binsMax: number, rowsMin: number): number[] {
  const { values } = distinct;
  const negative = part(distinct, 0, firstAbove(values, -ZERO_MAX));
  const positive = part(distinct, firstAbove(values, ZERO_MAX), values.length);
  const bounds: number[] = [];
  if (negative.rows > 0 && binsMax > 1) {
    const share = negative.rows / (negative.rows + positive.rows);
    const bins = Math.max(1, Math.trunc(share * (binsMax - 1)));
    bounds.push(...greedyBounds(negative, bins, rowsMin, doubleBetween), -ZERO_MAX);
  }
  const left = binsMax - 1 - bounds.length;
  if (positive.rows === 0 || left <= 0) return bounds;
  return [...bounds, ZERO_MAX, ...greedyBounds(positive, left, rowsMin, doubleBetween)];
}

function firstAbove(values: Float64Array, limit: number): number {
  const at = values.findIndex((value) => value > limit);
  return at < 0 ? values.length : at;
}

function part({ values, counts }: Distinct, from: number, to: number): Distinct {
  const some = counts.subarray(from, to);
  return {
    values: values.subarray(from, to),
    counts: some,
    rows: some.reduce((sum, count) => sum + count, 0),
  };
}

function greedyBounds(
  distinct: Distinct,
  binsMax: number,
  rowsMin: number,
  between: Between,
): number[] {
  return distinct.values.length <= binsMax
    ? boundsOfFew(distinct, rowsMin, between)
    : boundsOfMany(distinct, Math.max(1, limitOf(distinct, binsMax, rowsMin)), between);
}

function limitOf({ rows }: Distinct, binsMax: number, rowsMin: number): number {
  return Math.min(binsMax, Math.trunc(rows / Math.max(1, rowsMin)));
}

function boundsOfFew({ values, counts }: Distinct, rowsMin: number, between: Between): number[] {
  const bounds: number[] = [];
  let rows = 0;
  for (let at = 0; at < values.length - 1; at += 1) {
    rows += counts[at] ?? 0;
    if (rows < rowsMin) continue;
    bounds.push(between(values[at] ?? 0, values[at + 1] ?? 0));
    rows = 0;
  }
  return bounds;
}

function boundsOfMany(distinct: Distinct, binsMax: number, between: Between): number[] {
  const { values, counts, rows: total } = distinct;
  const big = total / binsMax;
  const many = counts.filter((count) => count >= big);
  let binsLeft = binsMax - many.length;
  let rowsLeft = total - many.reduce((sum, count) => sum + count, 0);
  let mean = rowsLeft / binsLeft;
  let rows = 0;
  const bounds: number[] = [];
  for (let at = 0; at < values.length - 1 && bounds.length < binsMax - 1; at += 1) {
    const count = counts[at] ?? 0;
    const isBig = count >= big;
    if (!isBig) rowsLeft -= count;
    rows += count;
    const isNextBig = (counts[at + 1] ?? 0) >= big;
    if (!isBig && rows < mean && !(isNextBig && rows >= Math.max(1, mean / 2))) continue;
    bounds.push(between(values[at] ?? 0, values[at + 1] ?? 0));
    rows = 0;
    if (isBig) continue;
    binsLeft -= 1;
    mean = rowsLeft / binsLeft;
  }
  return bounds;
}
