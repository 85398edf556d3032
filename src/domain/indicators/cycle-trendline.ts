import { cycleMean, wholeCycle } from './cycle-window.ts';

/** Slots of a trendline: the last three means, newest first. */
export const TRENDLINE_WIDTH = 3;

/**
 * The trendline that is left when the cycle is averaged away (TA-Lib's `HT_TRENDLINE`): means over
 * a whole cycle, weighted over four bars.
 *
 * @param at its slots, at first 0.
 * @param prices a cycle window of raw prices.
 */
export function nextTrendline(
  state: Float64Array,
  at: number,
  prices: number,
  period: number,
): number {
  const mean = cycleMean(state, prices, wholeCycle(period));
  const one = state[at] ?? NaN;
  const two = state[at + 1] ?? NaN;
  const value = (4 * mean + 3 * one + 2 * two + (state[at + 2] ?? NaN)) / 10;
  state[at + 2] = two;
  state[at + 1] = one;
  state[at] = mean;
  return value;
}
