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
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

function distinctOf(sorted: Float64Array): Distinct {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    const last = values.length - 1;
    if (values[last] === value) counts[last] = (counts[last] ?? 0) + 1;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
}

type Between = (low: number, high: number) => number;

/** LightGBM's: the double just above the middle. */
function doubleBetween(low: number, high: number): number {
  const bound = doubleAbove((low + high) / 2);
  return bound < high ? bound : low;
}

/** The bound of the single threshold half way, or of the upper value where there is none between. */
function singleBetween(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2);
  return singleBound(middle > low ? middle : high);
}

function boundsAroundZero(distinct: Distinct, binsMax: number, rowsMin: number): number[] {
  const isNegative = (value: number): boolean => value <= -ZERO_MAX;
  const negative = part(distinct, isNegative);
  const positive = part(distinct, (value) => value > ZERO_MAX);
  const zeros = sum(distinct.counts) - sum(negative.counts) - sum(positive.counts);
  const bounds: number[] = [];
  if (negative.values.length > 0 && binsMax > 1) {
    const share = sum(negative.counts) / (sum(distinct.counts) - zeros);
    const bins = Math.max(1, Math.trunc(share * (binsMax - 1)));
    bounds.push(...greedyBounds(negative, bins, rowsMin, doubleBetween), -ZERO_MAX);
  }
  const left = binsMax - 1 - bounds.length;
  if (positive.values.length === 0 || left <= 0) return bounds;
  return [...bounds, ZERO_MAX, ...greedyBounds(positive, left, rowsMin, doubleBetween)];
}

function part({ values, counts }: Distinct, has: (value: number) => boolean): Distinct {
  const isIn = values.map(has);
  return {
    values: values.filter((_, at) => isIn[at] === true),
    counts: counts.filter((_, at) => isIn[at] === true),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
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

function limitOf({ counts }: Distinct, binsMax: number, rowsMin: number): number {
  return Math.min(binsMax, Math.trunc(sum(counts) / Math.max(1, rowsMin)));
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

function boundsOfMany({ values, counts }: Distinct, binsMax: number, between: Between): number[] {
  const total = sum(counts);
  const isBig = counts.map((count) => count >= total / binsMax);
  let binsLeft = binsMax - isBig.filter(Boolean).length;
  let rowsLeft = total - sum(counts.filter((_, at) => isBig[at] === true));
  let mean = rowsLeft / binsLeft;
  let rows = 0;
  const bounds: number[] = [];
  for (let at = 0; at < values.length - 1 && bounds.length < binsMax - 1; at += 1) {
    const count = counts[at] ?? 0;
    if (isBig[at] !== true) rowsLeft -= count;
    rows += count;
    const isFull = isBig[at] === true || rows >= mean;
    if (!isFull && !(isBig[at + 1] === true && rows >= Math.max(1, mean / 2))) continue;
    bounds.push(between(values[at] ?? 0, values[at + 1] ?? 0));
    rows = 0;
    if (isBig[at] === true) continue;
    binsLeft -= 1;
    mean = rowsLeft / binsLeft;
  }
  return bounds;
}
