import { CANDLE_WIDTH, closeOf, highOf, lowOf } from './candle.ts';

const LEFT = 0; // Bars in which it may still be confirmed; below 0 where it is bearish.
const LEVEL = 1; // The close beyond which confirms it.
export const HIKKAKE_WIDTH = 2;

const CONFIRM_BARS = 3;

export function resetHikkake(state: Float64Array, at: number): void {
  state[at + LEFT] = 0;
  state[at + LEVEL] = 0;
}

/**
 * TA-Lib's answer for a hikkake: `formed` where one ends with the newest candle, else twice the
 * last one's when the close leaves the candle before it on the side it points to, at most three
 * bars later and once. A new one takes the place of one that still waits.
 */
export function judgeHikkake(state: Float64Array, at: number, now: number, formed: number): number {
  if (formed !== 0) {
    const before = now + CANDLE_WIDTH;
    state[at + LEFT] = formed > 0 ? CONFIRM_BARS : -CONFIRM_BARS;
    state[at + LEVEL] = formed > 0 ? highOf(state, before) : lowOf(state, before);
    return formed;
  }
  const left = state[at + LEFT] ?? NaN;
  if (left === 0) return 0;

  const beyond = closeOf(state, now) - (state[at + LEVEL] ?? NaN);
  if (left > 0 ? beyond > 0 : beyond < 0) {
    state[at + LEFT] = 0;
    return left > 0 ? 200 : -200;
  }
  state[at + LEFT] = left > 0 ? left - 1 : left + 1;
  return 0;
}
