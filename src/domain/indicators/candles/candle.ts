import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';

/**
 * One candle in a window of recent ones: from `w[at]` on its prices, at the places that a bar has
 * them, what they come to, and what was usual before it came. Below is what patterns ask of it.
 *
 * TA-Lib's settings, each the plain mean of the candles before the one it is about, itself left
 * out:
 *
 * | setting                   | of                    | candles | times          |
 * |---------------------------|-----------------------|---------|----------------|
 * | BodyLong, BodyShort       | body                  | 10      | 1              |
 * | BodyDoji, ShadowVeryShort | high - low            | 10      | 0.1            |
 * | ShadowShort               | half of both shadows  | 10      | 1              |
 * | Near, Far, Equal          | high - low            | 5       | 0.2, 0.6, 0.05 |
 * | ShadowLong, -VeryLong     | the candle's own body | -       | 1, 2           |
 *
 * BodyVeryLong (body, 10, 3) is in no pattern. TA-Lib slides a running sum, we add up afresh. Sums
 * of a few ranges of like prices lose nothing, so both are the same number; only where the ranges
 * together pass the price, or after a jump that large, may rounding decide otherwise for a candle
 * that stands exactly on a limit.
 */
export const TOP = 4;
export const BOTTOM = 5;
export const BODY = 6;
/** The means stand last: a window without the later ones has narrower candles. */
export const BODY_MEAN = 7;
export const RANGE_MEAN = 8;
/** Of five candles' ranges; the others are of ten. */
export const NEAR_MEAN = 9;
export const SHADOWS_MEAN = 10;

const DOJI = 0.1;
const VERY_SHORT = 0.1;
const NEAR = 0.2;
const FAR = 0.6;
const EQUAL = 0.05;
const VERY_LONG = 2;

type Window = Float64Array;

export function openOf(w: Window, at: number): number {
  return w[at + OPEN] ?? NaN;
}

export function highOf(w: Window, at: number): number {
  return w[at + HIGH] ?? NaN;
}

export function lowOf(w: Window, at: number): number {
  return w[at + LOW] ?? NaN;
}

export function closeOf(w: Window, at: number): number {
  return w[at + CLOSE] ?? NaN;
}

/** A candle that closes where it opened is white. */
export function isWhite(w: Window, at: number): boolean {
  return closeOf(w, at) >= openOf(w, at);
}

export function isBlack(w: Window, at: number): boolean {
  return closeOf(w, at) < openOf(w, at);
}

/** 1 is white, -1 black. */
export function colourOf(w: Window, at: number): number {
  return isWhite(w, at) ? 1 : -1;
}

export function bodyOf(w: Window, at: number): number {
  return w[at + BODY] ?? NaN;
}

export function topOf(w: Window, at: number): number {
  return w[at + TOP] ?? NaN;
}

export function bottomOf(w: Window, at: number): number {
  return w[at + BOTTOM] ?? NaN;
}

export function upperShadowOf(w: Window, at: number): number {
  return highOf(w, at) - topOf(w, at);
}

export function lowerShadowOf(w: Window, at: number): number {
  return bottomOf(w, at) - lowOf(w, at);
}

export function rangeOf(w: Window, at: number): number {
  return highOf(w, at) - lowOf(w, at);
}

export function isLong(w: Window, at: number): boolean {
  return bodyOf(w, at) > (w[at + BODY_MEAN] ?? NaN);
}

export function isShort(w: Window, at: number): boolean {
  return bodyOf(w, at) < (w[at + BODY_MEAN] ?? NaN);
}

/** Where a body that is just the usual one still counts as short. */
export function isNotLong(w: Window, at: number): boolean {
  return bodyOf(w, at) <= (w[at + BODY_MEAN] ?? NaN);
}

export function isDoji(w: Window, at: number): boolean {
  return bodyOf(w, at) <= dojiOf(w, at);
}

/** The largest body that is still a doji's. */
export function dojiOf(w: Window, at: number): number {
  return DOJI * (w[at + RANGE_MEAN] ?? NaN);
}

/** A shadow under this is very short. */
export function veryShortOf(w: Window, at: number): number {
  return VERY_SHORT * (w[at + RANGE_MEAN] ?? NaN);
}

/** A shadow under this is short. */
export function shortShadowOf(w: Window, at: number): number {
  return (w[at + SHADOWS_MEAN] ?? NaN) / 2;
}

export function hasNoUpperShadow(w: Window, at: number): boolean {
  return upperShadowOf(w, at) < veryShortOf(w, at);
}

export function hasNoLowerShadow(w: Window, at: number): boolean {
  return lowerShadowOf(w, at) < veryShortOf(w, at);
}

export function hasUpperShadow(w: Window, at: number): boolean {
  return upperShadowOf(w, at) > veryShortOf(w, at);
}

export function hasLowerShadow(w: Window, at: number): boolean {
  return lowerShadowOf(w, at) > veryShortOf(w, at);
}

export function hasLongUpperShadow(w: Window, at: number): boolean {
  return upperShadowOf(w, at) > bodyOf(w, at);
}

export function hasLongLowerShadow(w: Window, at: number): boolean {
  return lowerShadowOf(w, at) > bodyOf(w, at);
}

export function hasVeryLongUpperShadow(w: Window, at: number): boolean {
  return upperShadowOf(w, at) > VERY_LONG * bodyOf(w, at);
}

export function hasVeryLongLowerShadow(w: Window, at: number): boolean {
  return lowerShadowOf(w, at) > VERY_LONG * bodyOf(w, at);
}

/** Distances as of that candle. */
export function nearOf(w: Window, at: number): number {
  return NEAR * (w[at + NEAR_MEAN] ?? NaN);
}

export function farOf(w: Window, at: number): number {
  return FAR * (w[at + NEAR_MEAN] ?? NaN);
}

export function equalOf(w: Window, at: number): number {
  return EQUAL * (w[at + NEAR_MEAN] ?? NaN);
}

/** Whether `price` equals `other`, as of the candle `at`. */
export function isEqual(w: Window, at: number, price: number, other: number): boolean {
  const distance = equalOf(w, at);
  return price <= other + distance && price >= other - distance;
}

export function bodyGapsUp(w: Window, later: number, earlier: number): boolean {
  return bottomOf(w, later) > topOf(w, earlier);
}

export function bodyGapsDown(w: Window, later: number, earlier: number): boolean {
  return topOf(w, later) < bottomOf(w, earlier);
}

export function gapsUp(w: Window, later: number, earlier: number): boolean {
  return lowOf(w, later) > highOf(w, earlier);
}

export function gapsDown(w: Window, later: number, earlier: number): boolean {
  return highOf(w, later) < lowOf(w, earlier);
}

export function opensInBody(w: Window, later: number, earlier: number): boolean {
  const open = openOf(w, later);
  return open < topOf(w, earlier) && open > bottomOf(w, earlier);
}
