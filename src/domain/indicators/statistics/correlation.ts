import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
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
const WINDOW = 1;

/** Pearson's correlation of two series (TA-Lib `CORREL`). */
export const correlation: IndicatorDeclaration = {
  name: 'correlation',
  title: 'Correlation',
  family: 'statistics',
  tells: 'Whether two series move together: 1 fully, 0 not at all, -1 against each other.',
  formula:
    'sum(dx * dy) / sqrt(sum(dx^2) * sum(dy^2)) over period, d the distance from the mean; 0 ' +
    'where that product of sums is under 1e-14. From distances, where TA-Lib takes differences ' +
    'of sums of squares.',
  source: 'TA-Lib CORREL; Karl Pearson, 1896',
  parameters: [talibPeriod(30)],
  inputs: ['close', 'high'],
  takesAnySeries: true,
  outputs: [{ name: 'correlation', units: 'ratio', talib: 'outReal' }],
  talib: 'CORREL',
  build: ([period = NaN], [first = NaN, second = NaN]) => build(period, first, second),
};

function build(period: number, first: number, second: number): IndicatorBody {
  return {
    width: WINDOW + comomentsWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetComoments(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[first] ?? NaN;
      const y = bar[second] ?? NaN;
      if (x - x !== 0 || y - y !== 0) return;
      const window = at + WINDOW;
      slideComoments(state, window, period, x, y);
      const squares = (state[window + SQUARES_X] ?? NaN) * (state[window + SQUARES_Y] ?? NaN);
      const value = (state[window + PRODUCTS] ?? NaN) / Math.sqrt(squares);
      // Rounding alone can take it past 1.
      state[at + VALUE] = squares < ZERO_BELOW ? 0 : Math.min(1, Math.max(-1, value));
    },
  };
}
