import { FLAT_PRICE, type Flat } from './market.ts';

/** The oldest bar of the window: it leaves with each bar, and the oldest equal one follows. */
const oldestBar: Flat = ([period = NaN], bars) => [bars - period];

export const MATH_FLAT: Readonly<Record<string, Flat>> = {
  highest: [FLAT_PRICE],
  lowest: [FLAT_PRICE],
  extremes: [FLAT_PRICE, FLAT_PRICE],
  highestIndex: oldestBar,
  lowestIndex: oldestBar,
  extremeIndexes: ([period = NaN], bars) => [bars - period, bars - period],
  sum: ([period = NaN]) => [period * FLAT_PRICE],
  add: [2 * FLAT_PRICE],
  subtract: [0],
  multiply: [FLAT_PRICE * FLAT_PRICE],
  divide: [1],
  acos: [NaN],
  asin: [NaN],
  atan: [Math.atan(FLAT_PRICE)],
  ceil: [102],
  cos: [Math.cos(FLAT_PRICE)],
  // Too large for an engine's last digit to be let in: correctly rounded.
  cosh: [5.289341831776138e43],
  exp: [1.0578683663552276e44],
  floor: [101],
  ln: [Math.log(FLAT_PRICE)],
  log10: [Math.log10(FLAT_PRICE)],
  sin: [Math.sin(FLAT_PRICE)],
  sinh: [5.289341831776138e43],
  sqrt: [Math.sqrt(FLAT_PRICE)],
  tan: [Math.tan(FLAT_PRICE)],
  tanh: [1],
};
