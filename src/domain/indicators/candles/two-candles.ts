import {
  bodyGapsDown,
  bodyGapsUp,
  bodyOf,
  closeOf,
  colourOf,
  equalOf,
  gapsDown,
  gapsUp,
  hasNoLowerShadow,
  hasNoUpperShadow,
  highOf,
  isDoji,
  isEqual,
  isLong,
  isNotLong,
  isWhite,
  lowOf,
  openOf,
  bottomOf,
  topOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Patterns of two candles with bodies that answer each other. */
export const TWO_CANDLES: readonly CandlePattern[] = [
  {
    name: 'counterattack',
    title: 'Counterattack',
    tells: 'The other side took the whole next session back to the same close: a possible turn.',
    formula: 'Two long candles of opposite colours with equal closes: the colour of the second.',
    talib: 'CDLCOUNTERATTACK',
    candles: 2,
    colours: 'WB BW',
    lookback: 11,
    yardsticks: ['body', 'near'],
    judge: () => (w, second, first) =>
      isLong(w, first) &&
      isLong(w, second) &&
      isEqual(w, first, closeOf(w, second), closeOf(w, first))
        ? 100 * colourOf(w, second)
        : 0,
  },
  {
    name: 'darkCloudCover',
    title: 'Dark cloud cover',
    tells: 'A rise opened higher still and closed deep in the last body: buyers are caught.',
    formula:
      "Long white; black that opens over the first's high and closes in its body, under its " +
      'close by penetration of the body: -100.',
    talib: 'CDLDARKCLOUDCOVER',
    candles: 2,
    colours: 'WB',
    lookback: 11,
    yardsticks: ['body'],
    penetration: 0.5,
    judge: (penetration) => (w, second, first) =>
      isLong(w, first) &&
      openOf(w, second) > highOf(w, first) &&
      closeOf(w, second) > openOf(w, first) &&
      closeOf(w, second) < closeOf(w, first) - bodyOf(w, first) * penetration
        ? -100
        : 0,
  },
  {
    name: 'dojiStar',
    title: 'Doji star',
    tells: 'After a strong candle the market gapped on and stood still: the move may be over.',
    formula: 'Long; doji that gaps on from its body: black first 100, white first -100.',
    talib: 'CDLDOJISTAR',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, second, first) => {
      if (!isLong(w, first) || !isDoji(w, second)) return 0;
      if (isWhite(w, first)) return bodyGapsUp(w, second, first) ? -100 : 0;
      return bodyGapsDown(w, second, first) ? 100 : 0;
    },
  },
  {
    name: 'engulfing',
    title: 'Engulfing',
    tells: 'One session undid the last and more: the side that had it has lost it.',
    formula:
      "The second's body, of the other colour, covers the first's: its colour, 100; 80 where " +
      'they share an end.',
    talib: 'CDLENGULFING',
    candles: 2,
    colours: 'WB BW',
    lookback: 2,
    yardsticks: [],
    judge: () => (w, second, first) => {
      const top = topOf(w, second);
      const bottom = bottomOf(w, second);
      const firstTop = topOf(w, first);
      const firstBottom = bottomOf(w, first);
      if (top < firstTop || bottom > firstBottom) return 0;
      if (top === firstTop && bottom === firstBottom) return 0;
      const isWhole = top !== firstTop && bottom !== firstBottom;
      return (isWhole ? 100 : 80) * colourOf(w, second);
    },
  },
  {
    name: 'harami',
    title: 'Harami',
    tells: 'A strong session is followed by a small one inside it: the move has lost its force.',
    formula:
      "Long; body not longer than usual within the first's: against the first's colour, 100; 80 " +
      'where they share an end.',
    talib: 'CDLHARAMI',
    candles: 2,
    lookback: 11,
    yardsticks: ['body'],
    judge: () => (w, second, first) =>
      isLong(w, first) && isNotLong(w, second) ? judgeInside(w, second, first) : 0,
  },
  {
    name: 'haramiCross',
    title: 'Harami cross',
    tells: 'A strong session is followed by a doji inside it: a harami with more doubt in it.',
    formula:
      "Long; doji within its body: against the first's colour, 100; 80 where they share an end.",
    talib: 'CDLHARAMICROSS',
    candles: 2,
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, second, first) =>
      isLong(w, first) && isDoji(w, second) ? judgeInside(w, second, first) : 0,
  },
  {
    name: 'homingPigeon',
    title: 'Homing pigeon',
    tells: 'A fall slows: the second black body lies within the first.',
    formula: "Long black; black, not longer than usual, within the first's body: 100.",
    talib: 'CDLHOMINGPIGEON',
    candles: 2,
    colours: 'BB',
    lookback: 11,
    yardsticks: ['body'],
    judge: () => (w, second, first) =>
      isLong(w, first) &&
      isNotLong(w, second) &&
      openOf(w, second) < openOf(w, first) &&
      closeOf(w, second) > closeOf(w, first)
        ? 100
        : 0,
  },
  {
    name: 'inNeck',
    title: 'In-neck',
    tells: 'A bounce after a fall got no further than the last close: the fall is likely to go on.',
    formula:
      "Long black; white that opens under the first's low and closes equal to its close or a " +
      'little over it: -100.',
    talib: 'CDLINNECK',
    candles: 2,
    colours: 'BW',
    lookback: 11,
    yardsticks: ['body', 'near'],
    judge: () => (w, second, first) =>
      startsUnder(w, second, first) &&
      closeOf(w, second) <= closeOf(w, first) + equalOf(w, first) &&
      closeOf(w, second) >= closeOf(w, first)
        ? -100
        : 0,
  },
  {
    name: 'kicking',
    title: 'Kicking',
    tells: 'A whole session one way, then a gap and a whole session the other: news has come.',
    formula: 'Marubozu; marubozu of the other colour beyond a gap: the colour of the second.',
    talib: 'CDLKICKING',
    candles: 2,
    colours: 'WB BW',
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, second, first) => (kicks(w, second, first) ? 100 * colourOf(w, second) : 0),
  },
  {
    name: 'kickingByLength',
    title: 'Kicking, by the longer marubozu',
    tells: 'Kicking, read by its longer candle.',
    formula: 'As kicking, with the colour of the longer body; of the first where they are equal.',
    talib: 'CDLKICKINGBYLENGTH',
    candles: 2,
    colours: 'WB BW',
    lookback: 11,
    yardsticks: ['body', 'range'],
    judge: () => (w, second, first) => {
      if (!kicks(w, second, first)) return 0;
      return 100 * colourOf(w, bodyOf(w, second) > bodyOf(w, first) ? second : first);
    },
  },
  {
    name: 'matchingLow',
    title: 'Matching low',
    tells: 'Two falls stopped at the same close: somebody buys there.',
    formula: 'Two black candles with equal closes: 100.',
    talib: 'CDLMATCHINGLOW',
    candles: 2,
    colours: 'BB',
    lookback: 6,
    yardsticks: ['near'],
    judge: () => (w, second, first) =>
      isEqual(w, first, closeOf(w, second), closeOf(w, first)) ? 100 : 0,
  },
  {
    name: 'onNeck',
    title: 'On-neck',
    tells: 'A bounce after a fall ended at the last low: the fall is likely to go on.',
    formula:
      "Long black; white that opens under the first's low and closes equal to that low: -100.",
    talib: 'CDLONNECK',
    candles: 2,
    colours: 'BW',
    lookback: 11,
    yardsticks: ['body', 'near'],
    judge: () => (w, second, first) =>
      startsUnder(w, second, first) && isEqual(w, first, closeOf(w, second), lowOf(w, first))
        ? -100
        : 0,
  },
  {
    name: 'piercing',
    title: 'Piercing line',
    tells: 'A fall opened lower still and closed past the middle of the last body: a possible low.',
    formula:
      "Long black; long white that opens under the first's low and closes over the middle of its " +
      'body, within it: 100.',
    talib: 'CDLPIERCING',
    candles: 2,
    colours: 'BW',
    lookback: 11,
    yardsticks: ['body'],
    judge: () => (w, second, first) =>
      startsUnder(w, second, first) &&
      isLong(w, second) &&
      closeOf(w, second) < openOf(w, first) &&
      closeOf(w, second) > closeOf(w, first) + bodyOf(w, first) * 0.5
        ? 100
        : 0,
  },
  {
    name: 'separatingLines',
    title: 'Separating lines',
    tells: 'A candle against the trend is undone from its open: the trend goes on.',
    formula:
      'Opposite colours, equal opens; the second long and without shadow at its open: its colour.',
    talib: 'CDLSEPARATINGLINES',
    candles: 2,
    colours: 'WB BW',
    lookback: 11,
    yardsticks: ['body', 'range', 'near'],
    judge: () => (w, second, first) => {
      if (!isEqual(w, first, openOf(w, second), openOf(w, first))) return 0;
      if (!isLong(w, second)) return 0;
      if (isWhite(w, second)) return hasNoLowerShadow(w, second) ? 100 : 0;
      return hasNoUpperShadow(w, second) ? -100 : 0;
    },
  },
  {
    name: 'thrusting',
    title: 'Thrusting',
    tells: 'A bounce after a fall stayed under the middle of the last body: too weak to turn it.',
    formula:
      "Long black; white that opens under the first's low and closes in its body, over its close " +
      'by more than equal, not over the middle: -100.',
    talib: 'CDLTHRUSTING',
    candles: 2,
    colours: 'BW',
    lookback: 11,
    yardsticks: ['body', 'near'],
    judge: () => (w, second, first) =>
      startsUnder(w, second, first) &&
      closeOf(w, second) > closeOf(w, first) + equalOf(w, first) &&
      closeOf(w, second) <= closeOf(w, first) + bodyOf(w, first) * 0.5
        ? -100
        : 0,
  },
];

/** A long candle, and one that opens under its low. */
function startsUnder(w: Float64Array, second: number, first: number): boolean {
  return isLong(w, first) && openOf(w, second) < lowOf(w, first);
}

function judgeInside(w: Float64Array, second: number, first: number): number {
  const top = topOf(w, second);
  const bottom = bottomOf(w, second);
  const firstTop = topOf(w, first);
  const firstBottom = bottomOf(w, first);
  if (top > firstTop || bottom < firstBottom) return 0;
  return (top < firstTop && bottom > firstBottom ? -100 : -80) * colourOf(w, first);
}

function kicks(w: Float64Array, second: number, first: number): boolean {
  if (!isMarubozu(w, first) || !isMarubozu(w, second)) return false;
  return isWhite(w, second) ? gapsUp(w, second, first) : gapsDown(w, second, first);
}

function isMarubozu(w: Float64Array, at: number): boolean {
  return isLong(w, at) && hasNoUpperShadow(w, at) && hasNoLowerShadow(w, at);
}
