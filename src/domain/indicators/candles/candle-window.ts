import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { BODY, BODY_MEAN, BOTTOM, NEAR_MEAN, RANGE_MEAN, SHADOWS_MEAN, TOP } from './candle.ts';

/** What of the candles before it a candle is measured by: means that nobody reads are not taken. */
export type Yardstick = 'body' | 'range' | 'shadows' | 'near';

/** Recent candles in slots, each with the means of those before it. */
export interface CandleWindow {
  readonly width: number;
  reset(w: Float64Array, at: number): void;
  /** Takes the next candle and answers its place in `w`; below 0 where the bar is unsound. */
  add(w: Float64Array, at: number, bar: Float64Array): number;
  /** Place of the candle before the one at `candle`; before the oldest stands the newest. */
  older(at: number, candle: number): number;
}

const NEWEST = 0; // Place of the newest candle in the ring.
const LAP = 1; // Candles since the last lap of the means ended.
/** Colours of the last five candles, a bit each, the newest lowest; 1 is white. */
export const COLOURS = 2;
const FIRST_CANDLE = 3;

export const COLOURS_MASK = 31;

/** Means of so many candles... */
const MEAN_BARS = 10;
/** ...but for near, far and equal: half of it, so both laps end together. */
const NEAR_BARS = 5;

/**
 * A mean that is not yet there is NaN, and so are candles: they compare false to everything.
 */
export function candleWindow(candles: number, yardsticks: readonly Yardstick[]): CandleWindow {
  const hasBody = yardsticks.includes('body');
  const hasRange = yardsticks.includes('range');
  const hasShadows = yardsticks.includes('shadows');
  const hasNear = yardsticks.includes('near');
  const candleWidth = widthOf(yardsticks);
  const size = candles * candleWidth;
  const bodies = FIRST_CANDLE + size;
  const ranges = bodies + (hasBody ? MEAN_BARS + 1 : 0);
  const shadows = ranges + (hasRange ? MEAN_BARS + 1 : 0);
  const nears = shadows + (hasShadows ? MEAN_BARS + 1 : 0);
  const width = nears + (hasNear ? NEAR_BARS + 1 : 0);

  return {
    width,

    reset(w, at) {
      w.fill(NaN, at, at + width);
      w[at + NEWEST] = 0;
      w[at + LAP] = 0;
      w[at + COLOURS] = 0;
    },

    add(w, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      // Apart from overflow, which prices do not reach, finite only where all four are.
      const sound = open + high + low + close;
      if (sound - sound !== 0) return -1;

      const isWhite = close >= open ? 1 : 0;
      const colours = (w[at + COLOURS] ?? NaN) | 0;
      w[at + COLOURS] = ((colours << 1) | isWhite) & COLOURS_MASK;
      const next = ((w[at + NEWEST] ?? NaN) | 0) + candleWidth;
      const newest = next === size ? 0 : next;
      w[at + NEWEST] = newest;
      const now = at + FIRST_CANDLE + newest;
      w[now + OPEN] = open;
      w[now + HIGH] = high;
      w[now + LOW] = low;
      w[now + CLOSE] = close;
      const top = Math.max(open, close);
      const bottom = Math.min(open, close);
      const body = top - bottom;
      w[now + TOP] = top;
      w[now + BOTTOM] = bottom;
      w[now + BODY] = body;
      if (yardsticks.length === 0) return now;

      const lap = (w[at + LAP] ?? NaN) | 0;
      w[at + LAP] = lap + 1 === MEAN_BARS ? 0 : lap + 1;
      if (hasBody) {
        w[now + BODY_MEAN] = body;
        slideMean(w, at + bodies, MEAN_BARS, lap, now + BODY_MEAN);
      }
      if (hasRange) {
        w[now + RANGE_MEAN] = high - low;
        slideMean(w, at + ranges, MEAN_BARS, lap, now + RANGE_MEAN);
      }
      if (hasShadows) {
        w[now + SHADOWS_MEAN] = high - top + (bottom - low);
        slideMean(w, at + shadows, MEAN_BARS, lap, now + SHADOWS_MEAN);
      }
      if (hasNear) {
        const half = lap < NEAR_BARS ? lap : lap - NEAR_BARS;
        w[now + NEAR_MEAN] = high - low;
        slideMean(w, at + nears, NEAR_BARS, half, now + NEAR_MEAN);
      }
      return now;
    },

    older(at, candle) {
      const older = candle - candleWidth;
      return older < at + FIRST_CANDLE ? older + size : older;
    },
  };
}

/** Up to the last mean that is read. */
function widthOf(yardsticks: readonly Yardstick[]): number {
  if (yardsticks.includes('shadows')) return SHADOWS_MEAN + 1;
  if (yardsticks.includes('near')) return NEAR_MEAN + 1;
  if (yardsticks.includes('range')) return RANGE_MEAN + 1;
  return yardsticks.includes('body') ? BODY_MEAN + 1 : BODY + 1;
}

/**
 * Takes the value at `slot` among the last `bars` ones and leaves the mean of those before it in
 * its place (a double that is passed or answered may be boxed). Nothing is ever subtracted: places
 * from the present one on hold the sum of the last lap from there to its end, and the first slot
 * the sum of this lap so far.
 */
function slideMean(w: Float64Array, at: number, bars: number, place: number, slot: number): void {
  const value = w[slot] ?? NaN;
  const sum = place === 0 ? 0 : (w[at] ?? NaN);
  const ring = at + 1;
  w[slot] = ((w[ring + place] ?? NaN) + sum) / bars;
  w[ring + place] = value;
  if (place + 1 < bars) w[at] = sum + value;
  else turnLap(w, ring, bars);
}

function turnLap(w: Float64Array, ring: number, bars: number): void {
  let sum = 0;
  for (let slot = ring + bars - 1; slot >= ring; slot -= 1) {
    sum += w[slot] ?? NaN;
    w[slot] = sum;
  }
}
