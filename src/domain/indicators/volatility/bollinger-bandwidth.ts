import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  resetWindowVariance,
  slideWindowVariance,
  windowMean,
  windowVarianceWidth,
} from '../window-variance.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const WINDOW = 1;

/** Width of the Bollinger bands in percent of their middle. */
export const bollingerBandwidth: IndicatorDeclaration = {
  name: 'bollingerBandwidth',
  title: 'Bollinger bandwidth',
  family: 'volatility',
  tells: 'How wide the bands are: the narrowest in months is a squeeze, out of which moves come.',
  formula: '100 * (upper - lower) / middle of the Bollinger bands; a variance under 1e-14 is none.',
  source: 'John Bollinger, Bollinger on Bollinger Bands',
  parameters: [
    periodParameter(20, 2),
    { name: 'deviations', least: 0.01, most: 100, usual: 2, isWhole: false },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'bandwidth', units: 'percent' }],
  undefinedWhere: 'the average is 0',
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
      const middle = windowMean(state, at + WINDOW);
      const half = variance < ZERO_BELOW ? 0 : Math.sqrt(variance) * deviations;
      state[at + VALUE] = middle === 0 ? NaN : (200 * half) / middle;
    },
  };
}
