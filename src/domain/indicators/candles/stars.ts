import {
  bodyGapsDown,
  bodyGapsUp,
  bodyOf,
  bottomOf,
  closeOf,
  dojiOf,
  gapsDown,
  gapsUp,
  isDoji,
  isLong,
  isNotLong,
  isWhite,
  topOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Three candles: a strong one, a small one apart from it, and one back into the first. */
export const STARS: readonly CandlePattern[] = [
  {
    name: 'abandonedBaby',
    title: 'Abandoned baby',
    tells: 'A doji left alone by gaps on both sides: the rarest and plainest of turns.',
    formula:
      'Long; doji beyond a gap; beyond a gap back, body over the usual, of the other colour, ' +
      "that closes in the first's body by penetration of it: its colour.",
    talib: 'CDLABANDONEDBABY',
    candles: 3,
    colours: 'W?B B?W',
    lookback: 12,
    yardsticks: ['body', 'range'],
    penetration: 0.3,
    judge: (penetration) => (w, third, second, first) => {
      if (!isLong(w, first) || !isDoji(w, second) || !isLong(w, third)) return 0;
      if (isWhite(w, first)) {
        return gapsUp(w, second, first) &&
          gapsDown(w, third, second) &&
          fallsInto(w, third, first, penetration)
          ? -100
          : 0;
      }
      return gapsDown(w, second, first) &&
        gapsUp(w, third, second) &&
        risesInto(w, third, first, penetration)
        ? 100
        : 0;
    },
  },
  {
    name: 'eveningDojiStar',
    title: 'Evening doji star',
    tells: 'A rise gaps up, stands still and falls back: a possible high.',
    formula:
      'Long white; doji whose body gaps up; black, over the usual body, that closes in the first ' +
      'body by penetration of it: -100.',
    talib: 'CDLEVENINGDOJISTAR',
    candles: 3,
    colours: 'W?B',
    lookback: 12,
    yardsticks: ['body', 'range'],
    penetration: 0.3,
    judge: (penetration) => (w, third, second, first) =>
      isDoji(w, second) && isEvening(w, third, second, first, penetration) ? -100 : 0,
  },
  {
    name: 'eveningStar',
    title: 'Evening star',
    tells: 'A rise gaps up, loses its force and falls back: a possible high.',
    formula:
      'Long white; body not longer than usual that gaps up; black, over the usual body, that ' +
      'closes in the first body by penetration of it: -100.',
    talib: 'CDLEVENINGSTAR',
    candles: 3,
    colours: 'W?B',
    lookback: 12,
    yardsticks: ['body'],
    penetration: 0.3,
    judge: (penetration) => (w, third, second, first) =>
      isNotLong(w, second) && isEvening(w, third, second, first, penetration) ? -100 : 0,
  },
  {
    name: 'morningDojiStar',
    title: 'Morning doji star',
    tells: 'A fall gaps down, stands still and recovers: a possible low.',
    formula:
      'Long black; doji whose body gaps down; white, over the usual body, that closes in the ' +
      'first body by penetration of it: 100.',
    talib: 'CDLMORNINGDOJISTAR',
    candles: 3,
    colours: 'B?W',
    lookback: 12,
    yardsticks: ['body', 'range'],
    penetration: 0.3,
    judge: (penetration) => (w, third, second, first) =>
      isDoji(w, second) && isMorning(w, third, second, first, penetration) ? 100 : 0,
  },
  {
    name: 'morningStar',
    title: 'Morning star',
    tells: 'A fall gaps down, loses its force and recovers: a possible low.',
    formula:
      'Long black; body not longer than usual that gaps down; white, over the usual body, that ' +
      'closes in the first body by penetration of it: 100.',
    talib: 'CDLMORNINGSTAR',
    candles: 3,
    colours: 'B?W',
    lookback: 12,
    yardsticks: ['body'],
    penetration: 0.3,
    judge: (penetration) => (w, third, second, first) =>
      isNotLong(w, second) && isMorning(w, third, second, first, penetration) ? 100 : 0,
  },
  {
    name: 'tristar',
    title: 'Tristar',
    tells: 'Three dojis, the middle one apart: a trend that has nobody left.',
    formula:
      'Three dojis, all by the measure of the first; the second body gaps up and the third is ' +
      'lower: -100; gaps down and the third is higher: 100.',
    talib: 'CDLTRISTAR',
    candles: 3,
    lookback: 12,
    yardsticks: ['range'],
    judge: () => (w, third, second, first) => {
      const most = dojiOf(w, first);
      if (!(bodyOf(w, first) <= most && bodyOf(w, second) <= most && bodyOf(w, third) <= most)) {
        return 0;
      }
      if (bodyGapsUp(w, second, first)) return topOf(w, third) < topOf(w, second) ? -100 : 0;
      if (bodyGapsDown(w, second, first)) {
        return bottomOf(w, third) > bottomOf(w, second) ? 100 : 0;
      }
      return 0;
    },
  },
];

function isEvening(
  w: Float64Array,
  third: number,
  second: number,
  first: number,
  penetration: number,
): boolean {
  return (
    isLong(w, first) &&
    bodyGapsUp(w, second, first) &&
    isLong(w, third) &&
    fallsInto(w, third, first, penetration)
  );
}

function isMorning(
  w: Float64Array,
  third: number,
  second: number,
  first: number,
  penetration: number,
): boolean {
  return (
    isLong(w, first) &&
    bodyGapsDown(w, second, first) &&
    isLong(w, third) &&
    risesInto(w, third, first, penetration)
  );
}

function fallsInto(w: Float64Array, last: number, first: number, penetration: number): boolean {
  return closeOf(w, last) < closeOf(w, first) - bodyOf(w, first) * penetration;
}

function risesInto(w: Float64Array, last: number, first: number, penetration: number): boolean {
  return closeOf(w, last) > closeOf(w, first) + bodyOf(w, first) * penetration;
}
