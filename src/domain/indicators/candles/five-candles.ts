import {
  bodyGapsDown,
  bodyGapsUp,
  bodyOf,
  bottomOf,
  closeOf,
  colourOf,
  hasNoLowerShadow,
  hasNoUpperShadow,
  hasUpperShadow,
  highOf,
  isLong,
  isShort,
  isWhite,
  lowOf,
  openOf,
  topOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Patterns of five candles, and the one of four that is like them. */
export const FIVE_CANDLES: readonly CandlePattern[] = [
  {
    name: 'concealingBabySwallow',
    title: 'Concealing baby swallow',
    tells: 'Two full falls, a bounce that fails, and all of it engulfed: the last sellers are in.',
    formula:
      'Four black: two without shadows; one whose body gaps down but whose upper shadow reaches ' +
      "the second's body; one that engulfs it, shadows included: 100.",
    talib: 'CDLCONCEALBABYSWALL',
    candles: 4,
    colours: 'BBBB',
    lookback: 13,
    yardsticks: ['range'],
    judge: () => (w, fourth, third, second, first) =>
      hasNoLowerShadow(w, first) &&
      hasNoUpperShadow(w, first) &&
      hasNoLowerShadow(w, second) &&
      hasNoUpperShadow(w, second) &&
      bodyGapsDown(w, third, second) &&
      hasUpperShadow(w, third) &&
      highOf(w, third) > closeOf(w, second) &&
      highOf(w, fourth) > highOf(w, third) &&
      lowOf(w, fourth) < lowOf(w, third)
        ? 100
        : 0,
  },
  {
    name: 'breakaway',
    title: 'Breakaway',
    tells: 'A move gaps on, tires over three candles and falls back into its gap: a turn.',
    formula:
      'Long; a body gap in its colour; two more highs and lows that way, the fourth of the same ' +
      "colour; the fifth, of the other, closes in the gap: the fifth's colour.",
    talib: 'CDLBREAKAWAY',
    candles: 5,
    colours: 'WW?WB BB?BW',
    lookback: 14,
    yardsticks: ['body'],
    judge: () => (w, fifth, fourth, third, second, first) => {
      if (!isLong(w, first)) return 0;
      const close = closeOf(w, fifth);
      if (isWhite(w, fifth)) {
        return bodyGapsDown(w, second, first) &&
          isLower(w, third, second) &&
          isLower(w, fourth, third) &&
          close > openOf(w, second) &&
          close < closeOf(w, first)
          ? 100
          : 0;
      }
      return bodyGapsUp(w, second, first) &&
        isHigher(w, third, second) &&
        isHigher(w, fourth, third) &&
        close < openOf(w, second) &&
        close > closeOf(w, first)
        ? -100
        : 0;
    },
  },
  {
    name: 'ladderBottom',
    title: 'Ladder bottom',
    tells: 'After a ladder of falls one shows its first upper shadow, and then the price jumps.',
    formula:
      'Three black with lower opens and closes; black with an upper shadow; white that opens ' +
      "over the fourth's open and closes over its high: 100.",
    talib: 'CDLLADDERBOTTOM',
    candles: 5,
    colours: 'BBBBW',
    lookback: 14,
    yardsticks: ['range'],
    judge: () => (w, fifth, fourth, third, second, first) =>
      openOf(w, first) > openOf(w, second) &&
      openOf(w, second) > openOf(w, third) &&
      closeOf(w, first) > closeOf(w, second) &&
      closeOf(w, second) > closeOf(w, third) &&
      hasUpperShadow(w, fourth) &&
      openOf(w, fifth) > openOf(w, fourth) &&
      closeOf(w, fifth) > highOf(w, fourth)
        ? 100
        : 0,
  },
  {
    name: 'matHold',
    title: 'Mat hold',
    tells: 'A rise rests over three small candles, high up, and goes on.',
    formula:
      'Long white; short black whose body gaps up; two short ones, each top lower, all in the ' +
      "first's body by no more than penetration of it; white that opens over the fourth's close " +
      'and closes over the highs of the three: 100.',
    talib: 'CDLMATHOLD',
    candles: 5,
    colours: 'WB??W',
    lookback: 14,
    yardsticks: ['body'],
    penetration: 0.5,
    judge: (penetration) => (w, fifth, fourth, third, second, first) => {
      if (!isLong(w, first) || !bodyGapsUp(w, second, first)) return 0;
      if (!isShort(w, second) || !isShort(w, third) || !isShort(w, fourth)) return 0;
      const most = closeOf(w, first);
      const least = most - bodyOf(w, first) * penetration;
      const lowest = Math.min(bottomOf(w, third), bottomOf(w, fourth));
      if (!(bottomOf(w, third) < most && bottomOf(w, fourth) < most && lowest > least)) return 0;
      if (!(topOf(w, third) < openOf(w, second))) return 0;
      if (!(topOf(w, fourth) < topOf(w, third))) return 0;
      const highs = Math.max(highOf(w, second), highOf(w, third), highOf(w, fourth));
      return openOf(w, fifth) > closeOf(w, fourth) && closeOf(w, fifth) > highs ? 100 : 0;
    },
  },
  {
    name: 'risingFallingThreeMethods',
    title: 'Rising or falling three methods',
    tells: 'A trend rests over three small candles within one long one, and goes on.',
    formula:
      'Long; three short ones of the other colour within its range, each closing further back; ' +
      "long of the first's colour that opens beyond the fourth's close and closes beyond the " +
      "first's: its colour.",
    talib: 'CDLRISEFALL3METHODS',
    candles: 5,
    colours: 'WBBBW BWWWB',
    lookback: 14,
    yardsticks: ['body'],
    judge: () => (w, fifth, fourth, third, second, first) => {
      const colour = colourOf(w, first);
      if (!isLong(w, first) || !isLong(w, fifth)) return 0;
      if (!isShort(w, second) || !isShort(w, third) || !isShort(w, fourth)) return 0;
      if (!isWithin(w, second, first)) return 0;
      if (!isWithin(w, third, first) || !isWithin(w, fourth, first)) return 0;
      return closeOf(w, third) * colour < closeOf(w, second) * colour &&
        closeOf(w, fourth) * colour < closeOf(w, third) * colour &&
        openOf(w, fifth) * colour > closeOf(w, fourth) * colour &&
        closeOf(w, fifth) * colour > closeOf(w, first) * colour
        ? 100 * colour
        : 0;
    },
  },
];

function isLower(w: Float64Array, later: number, earlier: number): boolean {
  return highOf(w, later) < highOf(w, earlier) && lowOf(w, later) < lowOf(w, earlier);
}

function isHigher(w: Float64Array, later: number, earlier: number): boolean {
  return highOf(w, later) > highOf(w, earlier) && lowOf(w, later) > lowOf(w, earlier);
}

/** Its body reaches into the range of the other. */
function isWithin(w: Float64Array, at: number, other: number): boolean {
  return bottomOf(w, at) < highOf(w, other) && topOf(w, at) > lowOf(w, other);
}
