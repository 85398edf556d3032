import { pick, sum, windows, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const MATH_JUDGED: Readonly<Record<string, Judged>> = {
  highest: {
    reference: ({ close }, period) => [windows(close, period ?? NaN, (all) => Math.max(...all))],
    scale: 'none',
  },
  lowest: {
    reference: ({ close }, period) => [windows(close, period ?? NaN, (all) => Math.min(...all))],
    scale: 'none',
  },
  extremes: {
    reference: ({ close }, period) => [
      windows(close, period ?? NaN, (all) => Math.min(...all)),
      windows(close, period ?? NaN, (all) => Math.max(...all)),
    ],
    scale: 'none',
  },
  highestIndex: {
    reference: ({ close }, period) => [bestBars(close, period ?? NaN, 1)],
    scale: 'none',
    isEndless: true,
  },
  lowestIndex: {
    reference: ({ close }, period) => [bestBars(close, period ?? NaN, -1)],
    scale: 'none',
    isEndless: true,
  },
  extremeIndexes: {
    reference: ({ close }, period) => [
      bestBars(close, period ?? NaN, -1),
      bestBars(close, period ?? NaN, 1),
    ],
    scale: 'none',
    isEndless: true,
  },
  sum: {
    reference: ({ close }, period) => [windows(close, period ?? NaN, sum)],
    scale: 'none',
  },
  add: { reference: both((x, y) => x + y), scale: 'none' },
  subtract: { reference: both((x, y) => x - y), scale: 'none' },
  multiply: { reference: both((x, y) => x * y), scale: 'none' },
  divide: { reference: both((x, y) => x / y), scale: 'none' },
  acos: { reference: each(Math.acos), scale: 'none' },
  asin: { reference: each(Math.asin), scale: 'none' },
  atan: { reference: each(Math.atan), scale: 'none' },
  ceil: { reference: each(Math.ceil), scale: 'none' },
  cos: { reference: each(Math.cos), scale: 'none' },
  cosh: { reference: each(Math.cosh), scale: 'none' },
  exp: { reference: each(Math.exp), scale: 'none' },
  floor: { reference: each(Math.floor), scale: 'none' },
  ln: { reference: each(Math.log), scale: 'none' },
  log10: { reference: each(Math.log10), scale: 'none' },
  sin: { reference: each(Math.sin), scale: 'none' },
  sinh: { reference: each(Math.sinh), scale: 'none' },
  sqrt: { reference: each(Math.sqrt), scale: 'none' },
  tan: { reference: each(Math.tan), scale: 'none' },
  tanh: { reference: each(Math.tanh), scale: 'none' },
};

function each(of: (x: number) => number): (series: Series) => Columns {
  return ({ close }) => [close.map((x) => finite(of(x)))];
}

function both(of: (x: number, y: number) => number): (series: Series) => Columns {
  return ({ close, high }) => [close.map((x, at) => finite(of(x, pick(high, at))))];
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** TA-Lib's bar of the extreme, told by searching the window whenever the last one has left it. */
function bestBars(values: readonly number[], period: number, side: number): number[] {
  let held = -1;
  return values.map((value, at) => {
    const from = at - period + 1;
    if (from < 0) return Number.NaN;
    if (held >= from && side * value >= side * pick(values, held)) held = at;
    if (held < from) {
      const window = values.slice(from, at + 1).map((each) => side * each);
      held = from + window.indexOf(Math.max(...window));
    }
    return held;
  });
}
