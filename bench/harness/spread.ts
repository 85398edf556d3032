import type { Figures } from './suite.ts';

/** A figure over the runs of a variant. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many runs had it. */
  readonly runs: number;
}

/** Undefined where no run had a number. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  return { median: medianOf(sorted), min, max, runs: sorted.length };
}

/** Of every figure that some run has, in the order in which they were first named. */
export function spreadsOf(runs: readonly Figures[]): Readonly<Record<string, Spread>> {
  const names = new Set(runs.flatMap((figures) => Object.keys(figures)));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const spread = spreadOf(runs.map((figures) => figures[name] ?? Number.NaN));
      return spread === undefined ? [] : [[name, spread]];
    }),
  );
}

/** Which way is better for a figure; undefined where neither is: a count, a hash. */
export type Direction = 'more' | 'less';

const MORE = /(?:per\w*Second|ratio\w*|times|speedup)$/i;
const LESS = /(?:Ns|Us|Ms|S|Bytes\w*|Mb|Kb|Ppb|nsPer\w+|preemptions|gcCount|gcMajorCount)$/;

/** By the end of its name, where the unit is. */
export function directionOf(figure: string): Direction | undefined {
  if (MORE.test(figure)) return 'more';
  return LESS.test(figure) || /^(?:ns|us|ms|bytes|cpu)[A-Z]/.test(figure) ? 'less' : undefined;
}

export type Verdict = 'better' | 'worse' | 'within noise' | 'too few runs' | 'other' | 'equal';

/** Fewer than these on a side, and two ranges lie apart by chance too often to be told of. */
export const VERDICT_RUNS_MIN = 3;

/**
 * A figure before and after. Only where the two ranges do not touch is it told to be another; by
 * chance alone that happens to one figure in `chanceOf(runs)`.
 */
export function verdictOf(
  before: Spread,
  after: Spread,
  direction: Direction | undefined,
): Verdict {
  if (before.min === after.min && before.max === after.max && before.median === after.median) {
    return 'equal';
  }
  if (Math.min(before.runs, after.runs) < VERDICT_RUNS_MIN) return 'too few runs';
  if (after.min <= before.max && before.min <= after.max) return 'within noise';
  if (direction === undefined) return 'other';
  const isMore = after.min > before.max;
  return isMore === (direction === 'more') ? 'better' : 'worse';
}

/** One in so many figures of two equal engines has ranges that lie apart: C(n + m, n) / 2. */
export function chanceOf(before: number, after = before): number {
  let ways = 1;
  for (let at = 1; at <= before; at += 1) ways = (ways * (after + at)) / at;
  return Math.round(ways / 2);
}

/** Of sorted values; of an even number the mean of the two in the middle. */
function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[half - 1] ?? Number.NaN;
  // The sum of two large ones is infinite.
  return Math.min(upper, Math.max(lower, (lower + upper) / 2));
}
