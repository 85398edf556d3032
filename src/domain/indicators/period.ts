import { assert } from '../../core/assert.ts';

/** TA-Lib takes 100,000; a window this long on minute bars is already a month of sessions. */
export const PERIOD_MAX = 10_000;

/** Periods come from our own configuration, which was parsed before: a bad one is our mistake. */
export function assertPeriod(period: number, least: number): void {
  assert(Number.isInteger(period), 'a period is a whole number of bars');
  assert(period >= least && period <= PERIOD_MAX, `a period is ${least} to ${PERIOD_MAX} bars`);
}
