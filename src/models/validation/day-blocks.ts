import { assert } from '../../core/assert.ts';
import { Random } from '../../core/random.ts';

/** Which samples share their fate: those of a day, and of the days that their outcomes overlap. */
export interface DayBlocks {
  /** For each sample the place of its day among the days that have one. */
  readonly place: Int32Array;
  readonly days: number;
  /** So many days in a row are drawn together. */
  readonly length: number;
}

/**
 * Blocks for samples that were decided on `days` and whose outcomes were known on `knownDays`: as
 * long as the longest outcome, so that two blocks hardly share one.
 */
export function dayBlocks(days: Int32Array, knownDays: Int32Array): DayBlocks {
  const distinct = Int32Array.from(new Set(days)).toSorted();
  const places = new Map(Array.from(distinct, (day, place) => [day, place]));
  const place = days.map((day) => places.get(day) ?? 0);
  let length = 1;
  let end = 0;
  for (const at of orderOf(knownDays)) {
    while (end < distinct.length - 1 && (distinct[end] ?? 0) < (knownDays[at] ?? 0)) end += 1;
    length = Math.max(length, end - (place[at] ?? 0) + 1);
  }
  return { place, days: distinct.length, length };
}

function orderOf(values: Int32Array): Uint32Array {
  const order = Uint32Array.from(values, (_, place) => place);
  return order.toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}

/** A mean and where it lies, by resampling. */
export interface MeanInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Independent blocks of days that the interval rests on. */
  readonly blocks: number;
}

export interface ResampleOptions {
  readonly seed: number;
  /** Share of such intervals that hold the true mean. */
  readonly level: number;
  readonly repetitions: number;
}

/** Fewer blocks than this say nothing of their spread. */
const BLOCKS_LEAST = 8;

/**
 * Interval of a mean by the circular block bootstrap over days (Politis and Romano 1992): whole
 * blocks are drawn, since samples of one day move together. Few blocks make too narrow an interval,
 * and so do outcomes that overlap: it is widened for both. With fewer than eight blocks it is
 * without end.
 */
export function meanInterval(
  values: Float64Array,
  blocks: DayBlocks,
  options: ResampleOptions,
): MeanInterval {
  assert(values.length === blocks.place.length, 'there is a day for each value');
  const { seed, level, repetitions } = options;
  const { days, length } = blocks;
  const { sums, counts } = runningSums(values, blocks);
  const value = (sums[days] ?? Number.NaN) / (counts[days] ?? Number.NaN);
  const independent = Math.floor(days / length);
  if (independent < BLOCKS_LEAST) {
    const open = Number.POSITIVE_INFINITY;
    return { value, low: -open, high: open, blocks: independent };
  }

  const random = new Random(seed);
  const draws = Math.ceil(days / length);
  const means = new Float64Array(repetitions);
  for (let at = 0; at < repetitions; at += 1) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const from = random.below(days);
      sum += (sums[from + length] ?? Number.NaN) - (sums[from] ?? Number.NaN);
      count += (counts[from + length] ?? Number.NaN) - (counts[from] ?? Number.NaN);
    }
    means[at] = sum / count;
  }
  means.sort();
  const tail = (1 - level) / 2;
  const widened = widening(independent, length);
  return {
    value,
    low: value + widened * (quantile(means, tail) - value),
    high: value + widened * (quantile(means, 1 - tail) - value),
    blocks: independent,
  };
}

/** Sums of days from the first on, twice around the circle. */
function runningSums(values: Float64Array, { place, days, length }: DayBlocks) {
  const sums = new Float64Array(days + length + 1);
  const counts = new Float64Array(days + length + 1);
  values.forEach((value, at) => {
    const day = (place[at] ?? 0) + 1;
    sums[day] = (sums[day] ?? 0) + value;
    counts[day] = (counts[day] ?? 0) + 1;
  });
  for (let day = 1; day <= length; day += 1) {
    sums[days + day] = sums[day] ?? 0;
    counts[days + day] = counts[day] ?? 0;
  }
  for (let day = 1; day < sums.length; day += 1) {
    sums[day] = (sums[day] ?? 0) + (sums[day - 1] ?? 0);
    counts[day] = (counts[day] ?? 0) + (counts[day - 1] ?? 0);
  }
  return { sums, counts };
}

/**
 * Student's quantile over the normal one to first order, n - 1 for n, and what blocks miss: drawn
 * by s days, they see only (2 s^2 + 1) / (3 s^2) of the variance of outcomes that each sum s days.
 */
function widening(blocks: number, length: number): number {
  const z = 1.96;
  const square = length * length;
  const cut = Math.sqrt((3 * square) / (2 * square + 1));
  return cut * (1 + (z * z + 1) / (4 * (blocks - 1))) * Math.sqrt(blocks / (blocks - 1));
}

/** Between the two nearest of numbers that rise. */
function quantile(rising: Float64Array, share: number): number {
  const at = share * (rising.length - 1);
  const below = Math.floor(at);
  const low = rising[below] ?? Number.NaN;
  return low + (at - below) * ((rising[below + 1] ?? low) - low);
}
