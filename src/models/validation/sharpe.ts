import { assert } from '../../core/assert.ts';
import { exp } from '../../core/math.ts';
import { normalShareBelow } from '../../core/math-normal.ts';
import { normalQuantile } from './normal-quantile.ts';

/** A record of returns by its moments; the Sharpe ratio is that of one period. */
export interface ReturnRecord {
  readonly sharpe: number;
  readonly periods: number;
  readonly skewness: number;
  /** Not the excess: 3 of a normal distribution. */
  readonly kurtosis: number;
}

const EULER_GAMMA = 0.5772156649015329;

/** The moments of a column of returns. Undefined where it does not vary. */
export function returnRecord(returns: Float64Array): ReturnRecord | undefined {
  const periods = returns.length;
  const mean = returns.reduce((sum, value) => sum + value, 0) / periods;
  let [second, third, fourth] = [0, 0, 0];
  for (const value of returns) {
    const gap = value - mean;
    second += gap * gap;
    third += gap * gap * gap;
    fourth += gap * gap * gap * gap;
  }
  if (!(second > 0) || periods < 2) return undefined;
  const variance = second / periods;
  const deviation = Math.sqrt(variance);
  return {
    sharpe: mean / Math.sqrt(second / (periods - 1)),
    periods,
    skewness: third / periods / (variance * deviation),
    kurtosis: fourth / periods / (variance * variance),
  };
}

/**
 * Probability that the true ratio is above a benchmark (Bailey and Lopez de Prado 2012): PSR.
 * Skewed and fat-tailed returns prove less.
 */
export function probabilisticSharpe(record: ReturnRecord, benchmark = 0): number {
  const { sharpe, periods } = record;
  assert(periods > 1, 'a record has two periods at least');
  const distance = (sharpe - benchmark) * Math.sqrt(periods - 1);
  return normalShareBelow(distance / Math.sqrt(spread(record)));
}

/** The best of so many standard normal numbers, as expected. */
export function expectedMaximum(trials: number): number {
  assert(trials >= 1, 'something was tried');
  if (trials === 1) return 0;
  const rare = normalQuantile(1 - 1 / trials);
  const rarer = normalQuantile(1 - exp(-1) / trials);
  return (1 - EULER_GAMMA) * rare + EULER_GAMMA * rarer;
}

export interface Trials {
  /** How many were tried, the chosen one among them. */
  readonly count: number;
  /** Variance of their ratios, of one period. */
  readonly variance: number;
}

/** The ratio that the best of these would have shown had none been worth anything. */
export function sharpeOfLuck({ count, variance }: Trials): number {
  return Math.sqrt(variance) * expectedMaximum(count);
}

/** Deflated Sharpe ratio (2014): the probability that the best of many was more than luck. */
export function deflatedSharpe(record: ReturnRecord, trials: Trials): number {
  return probabilisticSharpe(record, sharpeOfLuck(trials));
}

/** Periods after which such a ratio is above the benchmark with this confidence. */
export function minimumTrackRecord(
  record: Omit<ReturnRecord, 'periods'>,
  benchmark: number,
  confidence: number,
): number {
  if (record.sharpe <= benchmark) return Number.POSITIVE_INFINITY;
  const deviations = normalQuantile(confidence) / (record.sharpe - benchmark);
  return 1 + spread(record) * deviations * deviations;
}

/** Variance of the estimated ratio, times the periods. */
function spread({ sharpe, skewness, kurtosis }: Omit<ReturnRecord, 'periods'>): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}
