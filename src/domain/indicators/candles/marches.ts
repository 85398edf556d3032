import {
  bodyOf,
  bottomOf,
  closeOf,
  farOf,
  hasLongUpperShadow,
  hasNoLowerShadow,
  hasNoUpperShadow,
  highOf,
  isEqual,
  isLong,
  isShort,
  isWhite,
  nearOf,
  openOf,
  shortShadowOf,
  topOf,
  upperShadowOf,
} from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Three candles of one colour in a row, and what their sizes say. */
export const MARCHES: readonly CandlePattern[] = [
  {
    name: 'threeWhiteSoldiers',
    title: 'Three advancing white soldiers',
    tells: 'Three strong rises in a row: a low is behind.',
    formula:
      'Three white with higher closes, no upper shadows, opens in or near the body before; none ' +
      'far smaller than the one before, the third not short: 100.',
    talib: 'CDL3WHITESOLDIERS',
    candles: 3,
    colours: 'WWW',
    lookback: 12,
    yardsticks: ['body', 'range', 'near'],
    judge: () => (w, third, second, first) =>
      risesThrice(w, third, second, first) &&
      hasNoUpperShadow(w, first) &&
      hasNoUpperShadow(w, second) &&
      hasNoUpperShadow(w, third) &&
      opensInOrNear(w, second, first) &&
      opensInOrNear(w, third, second) &&
      bodyOf(w, second) > bodyOf(w, first) - farOf(w, first) &&
      bodyOf(w, third) > bodyOf(w, second) - farOf(w, second) &&
      isLong(w, third)
        ? 100
        : 0,
  },
  {
    name: 'advanceBlock',
    title: 'Advance block',
    tells: 'Three rises in a row that grow weaker: the rise meets resistance.',
    formula:
      'Three white with higher closes, opens in or near the body before, the first long with a ' +
      'short upper shadow; then bodies far smaller, or smaller with upper shadows no longer ' +
      'short: -100.',
    talib: 'CDLADVANCEBLOCK',
    candles: 3,
    colours: 'WWW',
    lookback: 12,
    yardsticks: ['body', 'shadows', 'near'],
    judge: () => (w, third, second, first) =>
      risesThrice(w, third, second, first) &&
      opensInOrNear(w, second, first) &&
      opensInOrNear(w, third, second) &&
      isLong(w, first) &&
      upperShadowOf(w, first) < shortShadowOf(w, first) &&
      weakens(w, third, second, first)
        ? -100
        : 0,
  },
  {
    name: 'stalledPattern',
    title: 'Stalled pattern',
    tells: 'Two strong rises and then a small one at the top of them: the rise stalls.',
    formula:
      'Three white with higher closes: long; long without upper shadow, opening in or near the ' +
      "first's body; short, riding on the second's shoulder: -100.",
    talib: 'CDLSTALLEDPATTERN',
    candles: 3,
    colours: 'WWW',
    lookback: 12,
    yardsticks: ['body', 'range', 'near'],
    judge: () => (w, third, second, first) =>
      risesThrice(w, third, second, first) &&
      isLong(w, first) &&
      isLong(w, second) &&
      hasNoUpperShadow(w, second) &&
      opensInOrNear(w, second, first) &&
      isShort(w, third) &&
      openOf(w, third) >= closeOf(w, second) - bodyOf(w, third) - nearOf(w, second)
        ? -100
        : 0,
  },
  {
    name: 'threeBlackCrows',
    title: 'Three black crows',
    tells: 'Three strong falls in a row after a rise: a high is behind.',
    formula:
      'White; three black with lower closes, no lower shadows, opens in the body before; the ' +
      "first of them closes under the white one's high: -100.",
    talib: 'CDL3BLACKCROWS',
    candles: 4,
    colours: 'WBBB',
    lookback: 13,
    yardsticks: ['range'],
    judge: () => (w, fourth, third, second, first) =>
      fallsThrice(w, fourth, third, second) &&
      opensInBlack(w, third, second) &&
      opensInBlack(w, fourth, third) &&
      highOf(w, first) > closeOf(w, second)
        ? -100
        : 0,
  },
  {
    name: 'identicalThreeCrows',
    title: 'Identical three crows',
    tells: 'Three falls, each from where the last one ended: sellers do not even pause.',
    formula:
      'Three black with lower closes, no lower shadows, opens equal to the close before: -100.',
    talib: 'CDLIDENTICAL3CROWS',
    candles: 3,
    colours: 'BBB',
    lookback: 12,
    yardsticks: ['range', 'near'],
    judge: () => (w, third, second, first) =>
      fallsThrice(w, third, second, first) &&
      isEqual(w, first, openOf(w, second), closeOf(w, first)) &&
      isEqual(w, second, openOf(w, third), closeOf(w, second))
        ? -100
        : 0,
  },
  {
    name: 'threeLineStrike',
    title: 'Three-line strike',
    tells: 'One candle undoes three: where a trend stands behind them, it goes on.',
    formula:
      'Three of one colour, each closing beyond the last and opening in or near its body; the ' +
      "fourth opens beyond the third's close and closes beyond the first's open: the three's " +
      'colour.',
    talib: 'CDL3LINESTRIKE',
    candles: 4,
    colours: 'WWWB BBBW',
    lookback: 8,
    yardsticks: ['near'],
    judge: () => (w, fourth, third, second, first) => {
      if (!opensAround(w, second, first) || !opensAround(w, third, second)) return 0;
      const isUp = isWhite(w, first);
      if (!isBeyond(isUp, closeOf(w, second), closeOf(w, first))) return 0;
      if (!isBeyond(isUp, closeOf(w, third), closeOf(w, second))) return 0;
      if (!isBeyond(isUp, openOf(w, fourth), closeOf(w, third))) return 0;
      return isBeyond(isUp, openOf(w, first), closeOf(w, fourth)) ? (isUp ? 100 : -100) : 0;
    },
  },
];

/** Higher closes. */
function risesThrice(w: Float64Array, third: number, second: number, first: number): boolean {
  return closeOf(w, third) > closeOf(w, second) && closeOf(w, second) > closeOf(w, first);
}

/** Lower closes, which are the lows or nearly so. */
function fallsThrice(w: Float64Array, third: number, second: number, first: number): boolean {
  return (
    closeOf(w, third) < closeOf(w, second) &&
    closeOf(w, second) < closeOf(w, first) &&
    hasNoLowerShadow(w, first) &&
    hasNoLowerShadow(w, second) &&
    hasNoLowerShadow(w, third)
  );
}

/** Over the open before, and over the close before by no more than near. */
function opensInOrNear(w: Float64Array, later: number, earlier: number): boolean {
  const open = openOf(w, later);
  return open > openOf(w, earlier) && open <= closeOf(w, earlier) + nearOf(w, earlier);
}

/** Beyond neither end of the body before by more than near. */
function opensAround(w: Float64Array, later: number, earlier: number): boolean {
  const open = openOf(w, later);
  const near = nearOf(w, earlier);
  return open >= bottomOf(w, earlier) - near && open <= topOf(w, earlier) + near;
}

function opensInBlack(w: Float64Array, later: number, earlier: number): boolean {
  return openOf(w, later) < openOf(w, earlier) && openOf(w, later) > closeOf(w, earlier);
}

/** TA-Lib's four ways in which a third rise is weaker than a first. */
function weakens(w: Float64Array, third: number, second: number, first: number): boolean {
  const a = bodyOf(w, first);
  const b = bodyOf(w, second);
  const c = bodyOf(w, third);
  if (b < a - farOf(w, first) && c < b + nearOf(w, second)) return true;
  if (c < b - farOf(w, second)) return true;
  if (!(c < b)) return false;
  if (hasLongUpperShadow(w, third)) return true;
  return (
    b < a &&
    (upperShadowOf(w, third) > shortShadowOf(w, third) ||
      upperShadowOf(w, second) > shortShadowOf(w, second))
  );
}

function isBeyond(isUp: boolean, price: number, other: number): boolean {
  return isUp ? price > other : price < other;
}
