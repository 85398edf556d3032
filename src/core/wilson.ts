import { assert } from './assert.ts';

/** The normal deviation that 97.5 % stay below. */
const Z_95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Where a share lies by what was counted, with 95 % confidence (Wilson 1927): never outside 0 to 1,
 * and right also for few. Of nothing, all is possible. Counts may be of weighted events.
 */
export function wilsonInterval(successes: number, trials: number, z: number = Z_95): Interval {
  assert(successes >= 0 && successes <= trials, 'successes are a part of the trials');
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const square = (z * z) / trials;
  const middle = share + square / 2;
  const reach = z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, (middle - reach) / (1 + square)),
    high: successes === trials ? 1 : Math.min(1, (middle + reach) / (1 + square)),
  };
}
