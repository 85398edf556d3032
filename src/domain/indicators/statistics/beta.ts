import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import {
  comomentsWidth,
  PRODUCTS,
  resetComoments,
  slideComoments,
  SQUARES_X,
} from '../window-comoments.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const LAST_X = 1; // NaN before the first bar.
const LAST_Y = 2;
const WINDOW = 3;

/** Sensitivity of the second series' returns to the first's (TA-Lib `BETA`). */
export const beta: IndicatorDeclaration = {
  name: 'beta',
  title: 'Beta',
  family: 'statistics',
  tells: 'How far the second series moves, in percent, when the first moves by one.',
  formula:
    'cov(rx, ry) / var(rx) over period returns, r = x / previous x - 1 (0 after a 0); 0 where ' +
    'period^2 * var is under 1e-14. From distances, where TA-Lib takes differences of sums.',
  source: 'TA-Lib BETA; William Sharpe, 1964',
  parameters: [talibPeriod(5)],
  inputs: ['close', 'high'],
  takesAnySeries: true,
  outputs: [{ name: 'beta', units: 'ratio', talib: 'outReal' }],
  talib: 'BETA',
  build: ([period = NaN], [first = NaN, second = NaN]) => build(period, first, second),
};

function build(period: number, first: number, second: number): IndicatorBody {
  return {
    width: WINDOW + comomentsWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(NaN, at, at + WINDOW);
      resetComoments(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[first] ?? NaN;
      const y = bar[second] ?? NaN;
      if (x - x !== 0 || y - y !== 0) return;
      const lastX = state[at + LAST_X] ?? NaN;
      const lastY = state[at + LAST_Y] ?? NaN;
      state[at + LAST_X] = x;
      state[at + LAST_Y] = y;
      if (lastX !== lastX) return;

      const window = at + WINDOW;
      slideComoments(state, window, period, returnOf(x, lastX), returnOf(y, lastY));
      const squares = state[window + SQUARES_X] ?? NaN;
      const isStill = squares * period < ZERO_BELOW;
      state[at + VALUE] = isStill ? 0 : (state[window + PRODUCTS] ?? NaN) / squares;
    },
  };
}

function returnOf(value: number, last: number): number {
  return last === 0 ? 0 : (value - last) / last;
}
