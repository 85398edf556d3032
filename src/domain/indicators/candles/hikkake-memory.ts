import { closeOf, highOf, lowOf } from './candle.ts';

const LEFT = 0; // Bars in which it may still be confirmed; below 0 where it is bearish.
const LEVEL = 1; // The close beyond which confirms it.
export const HIKKAKE_WIDTH = 2;

const CONFIRM_BARS = 3;

export function resetHikkake(state: Float64Array, at: number): void {
  state[at + LEFT] = 0;
  state[at + LEVEL] = 0;
}

/** One ends with the newest candle; a close beyond the candle before, `one`, would confirm it. */
export function rememberHikkake(
  state: Float64Array,
  at: number,
  formed: number,
  one: number,
): void {
  state[at + LEFT] = formed > 0 ? CONFIRM_BARS : -CONFIRM_BARS;
  state[at + LEVEL] = formed > 0 ? highOf(state, one) : lowOf(state, one);
}

/**
 * TA-Lib's answer where none ends: twice the last one's, if this close confirms it at most three
 * bars later. That happens once, and a new one takes the place of one that still waits.
 */
export function confirmHikkake(state: Float64Array, at: number, now: number): number {
  const left = state[at + LEFT] ?? NaN;
  if (left === 0) return 0;

  const level = state[at + LEVEL] ?? NaN;
  const isUp = left > 0;
  if (isUp ? closeOf(state, now) > level : closeOf(state, now) < level) {
    state[at + LEFT] = 0;
    return isUp ? 200 : -200;
  }
  state[at + LEFT] = isUp ? left - 1 : left + 1;
  return 0;
}
