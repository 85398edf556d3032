import { CLOSE, HIGH, LOW } from './indicator.ts';
import { ZERO_BELOW } from './zero.ts';

/**
 * Wilder's directional movement as TA-Lib sums it: movements of bars 2 to `period` are added up
 * (one fewer than the period), from then on each bar takes a share of 1 / `period` from the sums
 * before its own movement is added.
 */
const PLUS = 0;
const MINUS = 1;
const RANGE = 2;
const PREVIOUS_HIGH = 3;
const PREVIOUS_LOW = 4;
const PREVIOUS_CLOSE = 5;
const COUNT = 6; // Bars so far; stays at 2 x `period`.

/** Slots of the sums; all zero is the state before the first bar. */
export const DIRECTIONAL_WIDTH = 7;

/** Takes a bar into the sums. Answers how many came before it; -1 where it is refused. */
export function moveDirectionally(
  state: Float64Array,
  at: number,
  period: number,
  bar: Float64Array,
): number {
  const high = bar[HIGH] ?? NaN;
  const low = bar[LOW] ?? NaN;
  const close = bar[CLOSE] ?? NaN;
  const sound = high + low + close;
  if (sound - sound !== 0) return -1;

  const count = (state[at + COUNT] ?? NaN) | 0;
  const up = high - (state[at + PREVIOUS_HIGH] ?? NaN);
  const down = (state[at + PREVIOUS_LOW] ?? NaN) - low;
  const previous = state[at + PREVIOUS_CLOSE] ?? NaN;
  state[at + PREVIOUS_HIGH] = high;
  state[at + PREVIOUS_LOW] = low;
  state[at + PREVIOUS_CLOSE] = close;
  if (count < 2 * period) state[at + COUNT] = count + 1;
  if (count === 0) return 0;

  // As in `movement`, but without a branch: which way a bar goes nobody guesses.
  const share = count < period ? 0 : 1 / period;
  const plus = state[at + PLUS] ?? NaN;
  const minus = state[at + MINUS] ?? NaN;
  const range = state[at + RANGE] ?? NaN;
  state[at + PLUS] = plus - plus * share + up * (Number(up > 0) & Number(up > down));
  state[at + MINUS] = minus - minus * share + down * (Number(down > 0) & Number(down > up));
  const trueRange = Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
  state[at + RANGE] = range - range * share + trueRange;
  return count;
}

/** What a bar moved to one side: nothing where it moved further, or as far, to the other. */
export function movement(move: number, opposite: number): number {
  return move > 0 && move > opposite ? move : 0;
}

/** +DI, 0 to 100: the share of upward movement in the true range; 0 where that is none. */
export function plusIndex(state: Float64Array, at: number): number {
  return share(state[at + PLUS] ?? NaN, state[at + RANGE] ?? NaN);
}

/** -DI, the same of downward movement. */
export function minusIndex(state: Float64Array, at: number): number {
  return share(state[at + MINUS] ?? NaN, state[at + RANGE] ?? NaN);
}

function share(moved: number, range: number): number {
  return range < ZERO_BELOW ? 0 : 100 * (moved / range);
}

/**
 * DX, 0 to 100: how one-sided the movement is; NaN where there is none. Into `index[0]`: answered,
 * it would be a number on the heap for every bar.
 */
export function directionalIndex(state: Float64Array, at: number, index: Float64Array): void {
  const range = state[at + RANGE] ?? NaN;
  index[0] = NaN;
  if (range < ZERO_BELOW) return;
  const plus = 100 * ((state[at + PLUS] ?? NaN) / range);
  const minus = 100 * ((state[at + MINUS] ?? NaN) / range);
  const total = plus + minus;
  if (!(total < ZERO_BELOW)) index[0] = 100 * (Math.abs(plus - minus) / total);
}
