import {
  bodyGapsDown,
  bodyGapsUp,
  bodyOf,
  bottomOf,
  closeOf,
  hasLongLowerShadow,
  hasLowerShadow,
  hasNoLowerShadow,
  hasNoUpperShadow,
  highOf,
  isEqual,
  isLong,
  isNotLong,
  isShort,
  isWhite,
  lowOf,
  nearOf,
  openOf,
  opensInBody,
  topOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Patterns of three candles that are neither stars nor marches. */
export const THREE_CANDLES: readonly CandlePattern[] = [
  {
    name: 'twoCrows',
    title: 'Two crows',
    tells: 'A rise gaps up, and the gap is closed by the second of two falls: a possible high.',
    formula:
      "Long white; black whose body gaps up; black that opens in the second's body and closes in " +
      "the first's: -100.",
    talib: 'CDL2CROWS',
    candles: 3,
    colours: 'WBB',
    lookback: 12,
    yardsticks: ['body'],
    judge: () => (w, third, second, first) =>
      isLong(w, first) &&
      bodyGapsUp(w, second, first) &&
      opensInBody(w, third, second) &&
      closeOf(w, third) > openOf(w, first) &&
      closeOf(w, third) < closeOf(w, first)
        ? -100
        : 0,
  },
  {
    name: 'threeInside',
    title: 'Three inside up or down',
    tells: 'A harami, confirmed by a close beyond the first open.',
    formula:
      "Long; body not longer than usual within it; close beyond the first's open, against the " +
      "first's colour, by a candle of the other: its colour.",
    talib: 'CDL3INSIDE',
    candles: 3,
    colours: 'W?B B?W',
    lookback: 12,
    yardsticks: ['body'],
    judge: () => (w, third, second, first) => {
      if (!isLong(w, first) || !isNotLong(w, second)) return 0;
      if (topOf(w, second) >= topOf(w, first)) return 0;
      if (bottomOf(w, second) <= bottomOf(w, first)) return 0;
      if (isWhite(w, first)) {
        return closeOf(w, third) < openOf(w, first) ? -100 : 0;
      }
      return closeOf(w, third) > openOf(w, first) ? 100 : 0;
    },
  },
  {
    name: 'threeOutside',
    title: 'Three outside up or down',
    tells: 'An engulfing, confirmed by one more close in its direction.',
    formula:
      "The second's body, of the other colour, reaches beyond both ends of the first's; the " +
      "third closes beyond the second's close: the colour of the second.",
    talib: 'CDL3OUTSIDE',
    candles: 3,
    colours: 'BW? WB?',
    lookback: 3,
    yardsticks: [],
    judge: () => (w, third, second, first) => {
      if (topOf(w, second) <= topOf(w, first)) return 0;
      if (bottomOf(w, second) >= bottomOf(w, first)) return 0;
      if (isWhite(w, second)) return closeOf(w, third) > closeOf(w, second) ? 100 : 0;
      return closeOf(w, third) < closeOf(w, second) ? -100 : 0;
    },
  },
  {
    name: 'threeStarsInSouth',
    title: 'Three stars in the south',
    tells: 'A fall whose candles shrink and whose lows hold: sellers are running out.',
    formula:
      'Long black with long lower shadow; black, smaller, that opens over the close of the ' +
      'first, within its high, and trades under that close but not under its low, with lower ' +
      'shadow; short black without shadows within the range of the second: 100.',
    talib: 'CDL3STARSINSOUTH',
    candles: 3,
    colours: 'BBB',
    lookback: 12,
    yardsticks: ['body', 'range'],
    judge: () => (w, third, second, first) =>
      isLong(w, first) &&
      hasLongLowerShadow(w, first) &&
      bodyOf(w, second) < bodyOf(w, first) &&
      openOf(w, second) > closeOf(w, first) &&
      openOf(w, second) <= highOf(w, first) &&
      lowOf(w, second) < closeOf(w, first) &&
      lowOf(w, second) >= lowOf(w, first) &&
      hasLowerShadow(w, second) &&
      isShort(w, third) &&
      hasNoLowerShadow(w, third) &&
      hasNoUpperShadow(w, third) &&
      lowOf(w, third) > lowOf(w, second) &&
      highOf(w, third) < highOf(w, second)
        ? 100
        : 0,
  },
  {
    name: 'gapSideBySideWhite',
    title: 'Gap with side-by-side white lines',
    tells: 'Two like candles beyond a gap that neither closes: the gap is meant.',
    formula:
      'Bodies of the second and the third gap the same way from the first; both white, near in ' +
      'size, equal in open: up 100, down -100.',
    talib: 'CDLGAPSIDESIDEWHITE',
    candles: 3,
    colours: '?WW',
    lookback: 7,
    yardsticks: ['near'],
    judge: () => (w, third, second, first) => {
      const isUp = bodyGapsUp(w, second, first) && bodyGapsUp(w, third, first);
      if (!isUp && !(bodyGapsDown(w, second, first) && bodyGapsDown(w, third, first))) return 0;
      const near = nearOf(w, second);
      const body = bodyOf(w, third);
      if (!(body >= bodyOf(w, second) - near && body <= bodyOf(w, second) + near)) return 0;
      if (!isEqual(w, second, openOf(w, third), openOf(w, second))) return 0;
      return isUp ? 100 : -100;
    },
  },
  {
    name: 'stickSandwich',
    title: 'Stick sandwich',
    tells: 'A rise is undone to the same close as the fall before it: that close is defended.',
    formula:
      "Black; white that stays over the first's close; black with a close equal to the first's: " +
      '100.',
    talib: 'CDLSTICKSANDWICH',
    candles: 3,
    colours: 'BWB',
    lookback: 7,
    yardsticks: ['near'],
    judge: () => (w, third, second, first) =>
      lowOf(w, second) > closeOf(w, first) &&
      isEqual(w, first, closeOf(w, third), closeOf(w, first))
        ? 100
        : 0,
  },
  {
    name: 'tasukiGap',
    title: 'Tasuki gap',
    tells: 'A pull-back into a gap did not close it: the move goes on.',
    formula:
      'The second body gaps in its own colour; the third, near in size and of the other colour, ' +
      "opens in the second's body and closes in the gap: the colour of the second.",
    talib: 'CDLTASUKIGAP',
    candles: 3,
    colours: '?WB ?BW',
    lookback: 7,
    yardsticks: ['near'],
    judge: () => (w, third, second, first) => {
      if (!opensInBody(w, third, second)) return 0;
      if (!(Math.abs(bodyOf(w, second) - bodyOf(w, third)) < nearOf(w, second))) return 0;
      const close = closeOf(w, third);
      if (isWhite(w, second)) {
        return bodyGapsUp(w, second, first) && close < openOf(w, second) && close > topOf(w, first)
          ? 100
          : 0;
      }
      return bodyGapsDown(w, second, first) &&
        close > openOf(w, second) &&
        close < bottomOf(w, first)
        ? -100
        : 0;
    },
  },
  {
    name: 'uniqueThreeRiver',
    title: 'Unique three river bottom',
    tells: 'A new low was thrown back and what follows stays over it: a possible low.',
    formula:
      'Long black; black within its body with a lower low; short white that opens over the ' +
      'low of the second: 100.',
    talib: 'CDLUNIQUE3RIVER',
    candles: 3,
    colours: 'BBW',
    lookback: 12,
    yardsticks: ['body'],
    judge: () => (w, third, second, first) =>
      isLong(w, first) &&
      closeOf(w, second) > closeOf(w, first) &&
      openOf(w, second) <= openOf(w, first) &&
      lowOf(w, second) < lowOf(w, first) &&
      isShort(w, third) &&
      openOf(w, third) > lowOf(w, second)
        ? 100
        : 0,
  },
  {
    name: 'upsideGapTwoCrows',
    title: 'Upside gap two crows',
    tells: 'Two falls over an open gap, the second engulfing the first: a rise with doubts.',
    formula:
      'Long white; black, not longer than usual, whose body gaps up; black that engulfs it and ' +
      "closes over the first's close: -100.",
    talib: 'CDLUPSIDEGAP2CROWS',
    candles: 3,
    colours: 'WBB',
    lookback: 12,
    yardsticks: ['body'],
    judge: () => (w, third, second, first) =>
      isLong(w, first) &&
      isNotLong(w, second) &&
      bodyGapsUp(w, second, first) &&
      openOf(w, third) > openOf(w, second) &&
      closeOf(w, third) < closeOf(w, second) &&
      closeOf(w, third) > closeOf(w, first)
        ? -100
        : 0,
  },
  {
    name: 'gapThreeMethods',
    title: 'Upside or downside gap three methods',
    tells: 'A gap in a trend is closed by one candle: a rest, after which the trend goes on.',
    formula:
      'Two of one colour with a body gap in its direction; the third, of the other colour, opens ' +
      "in the second's body and closes in the first's: the colour of the first.",
    talib: 'CDLXSIDEGAP3METHODS',
    candles: 3,
    colours: 'WWB BBW',
    lookback: 2,
    yardsticks: [],
    judge: () => (w, third, second, first) => {
      if (!opensInBody(w, third, second)) return 0;
      if (closeOf(w, third) >= topOf(w, first)) return 0;
      if (closeOf(w, third) <= bottomOf(w, first)) return 0;
      if (isWhite(w, first)) return bodyGapsUp(w, second, first) ? 100 : 0;
      return bodyGapsDown(w, second, first) ? -100 : 0;
    },
  },
];
