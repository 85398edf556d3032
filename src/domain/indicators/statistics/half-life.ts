import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  comomentsWidth,
  PRODUCTS,
  resetComoments,
  slideComoments,
  SQUARES_X,
  SQUARES_Y,
} from '../window-comoments.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const LAST = 1; // NaN before the first bar.
const WINDOW = 2;

/** A pull this weak, as a correlation, is no more than what rounding leaves. */
const PULL_LEAST = 1e-9;

/** How soon a series returns to its mean. */
export const halfLife: IndicatorDeclaration = {
  name: 'halfLife',
  title: 'Half-life of mean reversion',
  family: 'statistics',
  tells: 'How many bars it takes until half of a distance from the mean is gone.',
  formula:
    '-ln 2 / b, b the slope of x - previous x on previous x over period pairs, with a constant.',
  source: 'Ernest Chan, Algorithmic Trading, 2013',
  parameters: [periodParameter(60, 3)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'halfLife', units: 'bars' }],
  undefinedWhere: 'the window does not pull back to its mean, or does not move',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  return {
    width: WINDOW + comomentsWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + LAST] = NaN;
      resetComoments(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const last = state[at + LAST] ?? NaN;
      state[at + LAST] = x;
      if (last !== last) return;
      slideComoments(state, at + WINDOW, period, last, x - last);
      state[at + VALUE] = barsToHalf(state, at + WINDOW, period);
    },
  };
}

function barsToHalf(state: Float64Array, window: number, period: number): number {
  const levels = state[window + SQUARES_X] ?? NaN;
  const moves = state[window + SQUARES_Y] ?? NaN;
  const products = state[window + PRODUCTS] ?? NaN;
  if (Math.min(levels, moves) < ZERO_BELOW * period) return NaN;
  if (products > -PULL_LEAST * Math.sqrt(levels * moves)) return NaN;
  return (-Math.LN2 * levels) / products;
}
