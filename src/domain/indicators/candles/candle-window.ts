import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { BODY_MEAN, CANDLE_WIDTH, NEAR_MEAN, RANGE_MEAN, SHADOWS_MEAN } from './candle.ts';

/** What of the candles before it a candle is measured by: means that nobody reads are not taken. */
export type Yardstick = 'body' | 'range' | 'shadows' | 'near';

/** Recent candles in slots, the newest first: candle `k` ago at `at + k * CANDLE_WIDTH`. */
export interface CandleWindow {
  readonly width: number;
  reset(w: Float64Array, at: number): void;
  /** The next candle, with the means of those before it; false where the bar is unsound. */
  add(w: Float64Array, at: number, bar: Float64Array): boolean;
}

/** Means of so many candles... */
const MEAN_BARS = 10;
/** ...but for near, far and equal. */
const NEAR_BARS = 5;

/**
 * Behind the candles stand the last bodies, ranges and shadows, oldest first, for the means. All
 * slots are NaN at first and a mean with a NaN in it is one, so what is not yet there compares
 * false to everything.
 */
export function candleWindow(candles: number, yardsticks: readonly Yardstick[]): CandleWindow {
  const hasBody = yardsticks.includes('body');
  const hasRange = yardsticks.includes('range');
  const hasNear = yardsticks.includes('near');
  const hasShadows = yardsticks.includes('shadows');
  const older = (candles - 1) * CANDLE_WIDTH;
  const bodies = candles * CANDLE_WIDTH;
  const ranges = bodies + (hasBody ? MEAN_BARS : 0);
  const rangeBars = hasRange ? MEAN_BARS : hasNear ? NEAR_BARS : 0;
  const shadows = ranges + rangeBars;
  const width = shadows + (hasShadows ? MEAN_BARS : 0);

  return {
    width,

    reset(w, at) {
      w.fill(NaN, at, at + width);
    },

    add(w, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      // Apart from overflow, which prices do not reach, finite only where all four are.
      const sound = open + high + low + close;
      if (sound - sound !== 0) return false;

      for (let slot = at + older - 1; slot >= at; slot -= 1) {
        w[slot + CANDLE_WIDTH] = w[slot] ?? NaN;
      }
      w[at + OPEN] = open;
      w[at + HIGH] = high;
      w[at + LOW] = low;
      w[at + CLOSE] = close;
      const body = Math.abs(close - open);
      if (hasBody) w[at + BODY_MEAN] = takeMean(w, at + bodies, MEAN_BARS, body);
      if (hasNear) w[at + NEAR_MEAN] = meanOf(w, at + shadows - NEAR_BARS, NEAR_BARS);
      if (hasRange) w[at + RANGE_MEAN] = takeMean(w, at + ranges, MEAN_BARS, high - low);
      else if (hasNear) push(w, at + ranges, NEAR_BARS, high - low);
      if (hasShadows) {
        const upper = high - (close >= open ? close : open);
        const lower = (close >= open ? open : close) - low;
        w[at + SHADOWS_MEAN] = takeMean(w, at + shadows, MEAN_BARS, upper + lower);
      }
      return true;
    },
  };
}

function meanOf(w: Float64Array, at: number, bars: number): number {
  let sum = 0;
  for (let slot = at; slot < at + bars; slot += 1) sum += w[slot] ?? NaN;
  return sum / bars;
}

/** The mean of those there; then the oldest goes and `value` comes. */
function takeMean(w: Float64Array, at: number, bars: number, value: number): number {
  const mean = meanOf(w, at, bars);
  push(w, at, bars, value);
  return mean;
}

function push(w: Float64Array, at: number, bars: number, value: number): void {
  const last = at + bars - 1;
  for (let slot = at; slot < last; slot += 1) w[slot] = w[slot + 1] ?? NaN;
  w[last] = value;
}
