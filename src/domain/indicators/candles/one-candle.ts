import {
  bottomOf,
  colourOf,
  hasLongLowerShadow,
  hasLongUpperShadow,
  hasLowerShadow,
  hasNoLowerShadow,
  hasNoUpperShadow,
  hasUpperShadow,
  hasVeryLongLowerShadow,
  hasVeryLongUpperShadow,
  isDoji,
  isLong,
  isShort,
  isWhite,
  lowerShadowOf,
  lowOf,
  nearOf,
  rangeOf,
  shortShadowOf,
  topOf,
  upperShadowOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Patterns that one candle makes, measured by those before it. */
export const ONE_CANDLE: readonly CandlePattern[] = [
  {
    name: 'beltHold',
    title: 'Belt-hold',
    tells: 'One side held the session from its first trade: a turn where it stands at an extreme.',
    formula: 'Long; no shadow at the open: white 100, black -100.',
    talib: 'CDLBELTHOLD',
    candles: 1,
    lookback: 10,
    yardsticks: ['body', 'range'],
    judge: () => (w, now) => {
      if (!isLong(w, now)) return 0;
      if (isWhite(w, now)) return hasNoLowerShadow(w, now) ? 100 : 0;
      return hasNoUpperShadow(w, now) ? -100 : 0;
    },
  },
  {
    name: 'closingMarubozu',
    title: 'Closing marubozu',
    tells: 'One side held the session to its last trade, so the move is likely to go on.',
    formula: 'Long; no shadow at the close: white 100, black -100.',
    talib: 'CDLCLOSINGMARUBOZU',
    candles: 1,
    lookback: 10,
    yardsticks: ['body', 'range'],
    judge: () => (w, now) => {
      if (!isLong(w, now)) return 0;
      if (isWhite(w, now)) return hasNoUpperShadow(w, now) ? 100 : 0;
      return hasNoLowerShadow(w, now) ? -100 : 0;
    },
  },
  {
    name: 'doji',
    title: 'Doji',
    tells: 'Neither side won the session: a trend that meets one may be tired.',
    formula: 'Body at most a tenth of the mean range of ten: 100, which says nothing of direction.',
    talib: 'CDLDOJI',
    candles: 1,
    lookback: 10,
    yardsticks: ['range'],
    judge: () => (w, now) => (isDoji(w, now) ? 100 : 0),
  },
  {
    name: 'dragonflyDoji',
    title: 'Dragonfly doji',
    tells: 'Sellers drove the price down and lost all of it again: a possible low.',
    formula: 'Doji; no upper shadow; a lower one: 100.',
    talib: 'CDLDRAGONFLYDOJI',
    candles: 1,
    lookback: 10,
    yardsticks: ['range'],
    judge: () => (w, now) =>
      isDoji(w, now) && hasNoUpperShadow(w, now) && hasLowerShadow(w, now) ? 100 : 0,
  },
  {
    name: 'gravestoneDoji',
    title: 'Gravestone doji',
    tells: 'Buyers drove the price up and lost all of it again: a possible high.',
    formula: 'Doji; no lower shadow; an upper one: 100, although its message is bearish.',
    talib: 'CDLGRAVESTONEDOJI',
    candles: 1,
    lookback: 10,
    yardsticks: ['range'],
    judge: () => (w, now) =>
      isDoji(w, now) && hasNoLowerShadow(w, now) && hasUpperShadow(w, now) ? 100 : 0,
  },
  {
    name: 'highWave',
    title: 'High-wave candle',
    tells: 'The price swung far both ways and came back: the market has lost its direction.',
    formula: 'Short body; both shadows more than twice it: white 100, black -100.',
    talib: 'CDLHIGHWAVE',
    candles: 1,
    lookback: 10,
    yardsticks: ['body'],
    judge: () => (w, now) =>
      isShort(w, now) && hasVeryLongUpperShadow(w, now) && hasVeryLongLowerShadow(w, now)
        ? 100 * colourOf(w, now)
        : 0,
  },
  {
    name: 'longLeggedDoji',
    title: 'Long-legged doji',
    tells: 'A wide session that ended where it began: doubt, most telling after a trend.',
    formula: 'Doji; one shadow at least longer than the body: 100.',
    talib: 'CDLLONGLEGGEDDOJI',
    candles: 1,
    lookback: 10,
    yardsticks: ['range'],
    judge: () => (w, now) =>
      isDoji(w, now) && (hasLongLowerShadow(w, now) || hasLongUpperShadow(w, now)) ? 100 : 0,
  },
  {
    name: 'longLine',
    title: 'Long line candle',
    tells: 'A session that belonged to one side with little said against it.',
    formula: 'Long; both shadows short: white 100, black -100.',
    talib: 'CDLLONGLINE',
    candles: 1,
    lookback: 10,
    yardsticks: ['body', 'shadows'],
    judge: () => (w, now) =>
      isLong(w, now) && hasShortShadows(w, now) ? 100 * colourOf(w, now) : 0,
  },
  {
    name: 'marubozu',
    title: 'Marubozu',
    tells: 'One side held the session from first trade to last: the plainest strength there is.',
    formula: 'Long; no shadows: white 100, black -100.',
    talib: 'CDLMARUBOZU',
    candles: 1,
    lookback: 10,
    yardsticks: ['body', 'range'],
    judge: () => (w, now) =>
      isLong(w, now) && hasNoUpperShadow(w, now) && hasNoLowerShadow(w, now)
        ? 100 * colourOf(w, now)
        : 0,
  },
  {
    name: 'rickshawMan',
    title: 'Rickshaw man',
    tells: 'A wide session that opened and closed in its middle: nobody knows where to go.',
    formula: 'Doji; both shadows longer than the body, which is near the middle of the range: 100.',
    talib: 'CDLRICKSHAWMAN',
    candles: 1,
    lookback: 10,
    yardsticks: ['range', 'near'],
    judge: () => (w, now) => {
      if (!isDoji(w, now)) return 0;
      if (!hasLongLowerShadow(w, now) || !hasLongUpperShadow(w, now)) return 0;
      const middle = lowOf(w, now) + rangeOf(w, now) / 2;
      const near = nearOf(w, now);
      return bottomOf(w, now) <= middle + near && topOf(w, now) >= middle - near ? 100 : 0;
    },
  },
  {
    name: 'shortLine',
    title: 'Short line candle',
    tells: 'A quiet session in which little was decided.',
    formula: 'Short; both shadows short: white 100, black -100.',
    talib: 'CDLSHORTLINE',
    candles: 1,
    lookback: 10,
    yardsticks: ['body', 'shadows'],
    judge: () => (w, now) =>
      isShort(w, now) && hasShortShadows(w, now) ? 100 * colourOf(w, now) : 0,
  },
  {
    name: 'spinningTop',
    title: 'Spinning top',
    tells: 'Both sides pushed and neither got far: a pause, or a trend out of breath.',
    formula: 'Short; both shadows longer than the body: white 100, black -100.',
    talib: 'CDLSPINNINGTOP',
    candles: 1,
    lookback: 10,
    yardsticks: ['body'],
    judge: () => (w, now) =>
      isShort(w, now) && hasLongUpperShadow(w, now) && hasLongLowerShadow(w, now)
        ? 100 * colourOf(w, now)
        : 0,
  },
  {
    name: 'takuri',
    title: 'Takuri line',
    tells: 'A dragonfly with a very long leg: sellers reached far down and were thrown back.',
    formula: 'Doji; no upper shadow; lower shadow more than twice the body: 100.',
    talib: 'CDLTAKURI',
    candles: 1,
    lookback: 10,
    yardsticks: ['range'],
    judge: () => (w, now) =>
      isDoji(w, now) && hasNoUpperShadow(w, now) && hasVeryLongLowerShadow(w, now) ? 100 : 0,
  },
];

function hasShortShadows(w: Float64Array, now: number): boolean {
  const short = shortShadowOf(w, now);
  return upperShadowOf(w, now) < short && lowerShadowOf(w, now) < short;
}
