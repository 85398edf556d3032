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
  const candleWidth = widthOf(yardsticks);
  const size = candles * candleWidth;
  const means = placeMeans(FIRST_CANDLE + size, yardsticks);
  const hasMeans = yardsticks.length > 0;

  return {
    width: means.end,

    reset(w, at) {
      w.fill(NaN, at, at + means.end);
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
      const top = Math.max(open, close);
      const bottom = Math.min(open, close);
      w[now + OPEN] = open;
      w[now + HIGH] = high;
      w[now + LOW] = low;
      w[now + CLOSE] = close;
      w[now + TOP] = top;
      w[now + BOTTOM] = bottom;
      w[now + BODY] = top - bottom;
      if (hasMeans) slideMeans(w, at, now, means);
      return now;
    },

    older(at, candle) {
      const older = candle - candleWidth;
      return older < at + FIRST_CANDLE ? older + size : older;
    },
  };
}

/** Where each mean keeps its values; 0 where nobody reads it. */
type Means = {
  readonly body: number;
  readonly range: number;
  readonly shadows: number;
  readonly near: number;
  readonly end: number;
};

function placeMeans(from: number, yardsticks: readonly Yardstick[]): Means {
  let end = from;
  const place = (yardstick: Yardstick, bars: number): number => {
    if (!yardsticks.includes(yardstick)) return 0;
    const at = end;
    end += bars + 1;
    return at;
  };
  const body = place('body', MEAN_BARS);
  const range = place('range', MEAN_BARS);
  const shadows = place('shadows', MEAN_BARS);
  const near = place('near', NEAR_BARS);
  return { body, range, shadows, near, end };
}

function slideMeans(w: Float64Array, at: number, now: number, means: Means): void {
  const { body, range, shadows, near } = means;
  const lap = (w[at + LAP] ?? NaN) | 0;
  w[at + LAP] = lap + 1 === MEAN_BARS ? 0 : lap + 1;
  const high = w[now + HIGH] ?? NaN;
  const low = w[now + LOW] ?? NaN;
  if (body > 0) {
    w[now + BODY_MEAN] = w[now + BODY] ?? NaN;
    slideMean(w, at + body, MEAN_BARS, lap, now + BODY_MEAN);
  }
  if (range > 0) {
    w[now + RANGE_MEAN] = high - low;
    slideMean(w, at + range, MEAN_BARS, lap, now + RANGE_MEAN);
  }
  if (shadows > 0) {
    w[now + SHADOWS_MEAN] = high - (w[now + TOP] ?? NaN) + ((w[now + BOTTOM] ?? NaN) - low);
    slideMean(w, at + shadows, MEAN_BARS, lap, now + SHADOWS_MEAN);
  }
  if (near > 0) {
    const half = lap < NEAR_BARS ? lap : lap - NEAR_BARS;
    w[now + NEAR_MEAN] = high - low;
    slideMean(w, at + near, NEAR_BARS, half, now + NEAR_MEAN);
  }
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
