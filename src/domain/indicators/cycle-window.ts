import { atan } from '../../core/math-inverse.ts';
import { cos, sin } from '../../core/math-trig.ts';

/** The last 50 values: as far as the longest cycle reaches. */
const CYCLE_MAX = 50;
const PLACE = 0; // Of the newest value.
const RING = 1;
export const CYCLE_WINDOW_WIDTH = RING + CYCLE_MAX;

/** Values before the first are 0, as in TA-Lib. */
export function resetCycleWindow(state: Float64Array, at: number): void {
  state.fill(0, at, at + CYCLE_WINDOW_WIDTH);
}

export function pushCycleWindow(state: Float64Array, at: number, value: number): void {
  const last = (state[at + PLACE] ?? NaN) | 0;
  const place = last + 1 === CYCLE_MAX ? 0 : last + 1;
  state[at + PLACE] = place;
  state[at + RING + place] = value;
}

/** Bars of a cycle as a whole number: what TA-Lib sums over. */
export function wholeCycle(period: number): number {
  return Math.trunc(period + 0.5);
}

/** Mean of the last whole cycle; 0 where there is none yet. */
export function cycleMean(state: Float64Array, at: number, bars: number): number {
  if (bars === 0) return 0;
  let place = (state[at + PLACE] ?? NaN) | 0;
  let sum = 0;
  for (let count = 0; count < bars; count += 1) {
    sum += state[at + RING + place] ?? NaN;
    place = place === 0 ? CYCLE_MAX - 1 : place - 1;
  }
  return sum / bars;
}

/**
 * Where in its cycle the price stands, in degrees from -45 to 315 (TA-Lib's `HT_DCPHASE`); NaN
 * where nothing moved during the cycle.
 *
 * A whole cycle's sines and cosines sum to zero, so the newest value may be taken off first: what
 * does not move is then exactly zero, and TA-Lib's sums of rounding errors tell no phase.
 */
export function cyclePhase(state: Float64Array, at: number, period: number): number {
  const bars = wholeCycle(period);
  if (bars < 2) return NaN;
  const table = 2 * tableStart(bars);
  let place = (state[at + PLACE] ?? NaN) | 0;
  const newest = state[at + RING + place] ?? NaN;
  let sines = 0;
  let cosines = 0;
  for (let count = 0; count < bars; count += 1) {
    const value = (state[at + RING + place] ?? NaN) - newest;
    sines += (WAVES[table + 2 * count] ?? NaN) * value;
    cosines += (WAVES[table + 2 * count + 1] ?? NaN) * value;
    place = place === 0 ? CYCLE_MAX - 1 : place - 1;
  }
  if (sines === 0 && cosines === 0) return NaN;
  const angle = cosines === 0 ? 90 * Math.sign(sines) : atan(sines / cosines) * (180 / Math.PI);
  // The average of four bars lags by one; its bar's share of the cycle is put back.
  const phase = angle + 90 + 360 / period + (cosines < 0 ? 180 : 0);
  return phase > 315 ? phase - 360 : phase;
}

/** Sine and cosine of each bar's angle in cycles of 1 to 50 whole bars, one cycle after another. */
const WAVES = waves();

function waves(): Float64Array {
  const table = new Float64Array(2 * tableStart(CYCLE_MAX + 1));
  for (let bars = 1; bars <= CYCLE_MAX; bars += 1) {
    for (let count = 0; count < bars; count += 1) {
      const at = 2 * (tableStart(bars) + count);
      const angle = (2 * Math.PI * count) / bars;
      table[at] = sin(angle);
      table[at + 1] = cos(angle);
    }
  }
  return table;
}

/** Bars in all shorter cycles. */
function tableStart(bars: number): number {
  return (bars * (bars - 1)) / 2;
}
