import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  aboveWindowMean,
  resetWindowVariance,
  slideWindowVariance,
  windowVarianceWidth,
} from '../window-variance.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const WINDOW = 1;

/** Where the close stands in its Bollinger bands. */
export const percentB: IndicatorDeclaration = {
  name: 'percentB',
  title: 'Bollinger %B',
  family: 'volatility',
  tells: 'Where the close stands in its bands: 0 at the lower one, 1 at the upper, beyond outside.',
  formula: '(close - lower) / (upper - lower) of the Bollinger bands',
  source: 'John Bollinger, Bollinger on Bollinger Bands',
  parameters: [
    periodParameter(20, 2),
    { name: 'deviations', least: 0.01, most: 100, usual: 2, isWhole: false },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'percentB', units: 'ratio' }],
  undefinedWhere: 'the variance is under 1e-14: the bands have no width',
  build: ([period = NaN, deviations = NaN], [place = NaN]) => build(period, deviations, place),
};

function build(period: number, deviations: number, place: number): IndicatorBody {
  return {
    width: WINDOW + windowVarianceWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowVariance(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      if (value - value !== 0) return;

      const squares = slideWindowVariance(state, at + WINDOW, period, value);
      if (squares !== squares) return;
      const variance = squares / period;
      const above = aboveWindowMean(state, at + WINDOW, value);
      const width = 2 * deviations * Math.sqrt(variance);
      state[at + VALUE] = variance < ZERO_BELOW ? NaN : 0.5 + above / width;
    },
  };
}
