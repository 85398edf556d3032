import {
  bodyGapsDown,
  bodyGapsUp,
  bottomOf,
  hasLongLowerShadow,
  hasLongUpperShadow,
  hasNoLowerShadow,
  hasNoUpperShadow,
  highOf,
  isShort,
  lowOf,
  nearOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** A small body at one end of a long shadow; where the candle before it stands tells them apart. */
export const HAMMERS: readonly CandlePattern[] = [
  {
    name: 'hammer',
    title: 'Hammer',
    tells: 'After a fall sellers reached far down and were thrown back: a possible low.',
    formula:
      "Short; lower shadow longer than the body; no upper one; the body's bottom near the last " +
      'low or under it: 100.',
    talib: 'CDLHAMMER',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range', 'near'],
    judge: () => (w, now, before) =>
      isHammer(w, now) && bottomOf(w, now) <= lowOf(w, before) + nearOf(w, before) ? 100 : 0,
  },
  {
    name: 'hangingMan',
    title: 'Hanging man',
    tells: 'A hammer after a rise: the first sellers have come.',
    formula:
      "Short; lower shadow longer than the body; no upper one; the body's bottom near the last " +
      'high or over it: -100.',
    talib: 'CDLHANGINGMAN',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range', 'near'],
    judge: () => (w, now, before) =>
      isHammer(w, now) && bottomOf(w, now) >= highOf(w, before) - nearOf(w, before) ? -100 : 0,
  },
  {
    name: 'invertedHammer',
    title: 'Inverted hammer',
    tells: 'After a fall buyers tried for the first time: a possible low, once confirmed.',
    formula:
      'Short; upper shadow longer than the body; no lower one; body gaps down from the last: 100.',
    talib: 'CDLINVERTEDHAMMER',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, now, before) => (isInverted(w, now) && bodyGapsDown(w, now, before) ? 100 : 0),
  },
  {
    name: 'shootingStar',
    title: 'Shooting star',
    tells: 'After a rise buyers reached far up and were thrown back: a possible high.',
    formula:
      'Short; upper shadow longer than the body; no lower one; body gaps up from the last: -100.',
    talib: 'CDLSHOOTINGSTAR',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, now, before) => (isInverted(w, now) && bodyGapsUp(w, now, before) ? -100 : 0),
  },
];

function isHammer(w: Float64Array, at: number): boolean {
  return isShort(w, at) && hasLongLowerShadow(w, at) && hasNoUpperShadow(w, at);
}

function isInverted(w: Float64Array, at: number): boolean {
  return isShort(w, at) && hasLongUpperShadow(w, at) && hasNoLowerShadow(w, at);
}
