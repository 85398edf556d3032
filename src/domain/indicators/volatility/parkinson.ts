import { log } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const SQUARES = 1;

const FOUR_LN_2 = 4 * log(2);

/** Volatility from the ranges of bars: five times as efficient as closes, blind to gaps. */
export const parkinson: IndicatorDeclaration = {
  name: 'parkinson',
  title: 'Parkinson volatility',
  family: 'volatility',
  tells: 'How much the price moves within bars, judged by their ranges; gaps do not count.',
  formula:
    'sqrt(sum(ln(high / low)^2, period) / (4 ln 2 * period)), a ratio per bar; annualising it ' +
    "is the reader's.",
  source:
    'Michael Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of ' +
    'Return, 1980',
  parameters: [periodParameter(20, 1)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'ratio' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: SQUARES + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + SQUARES, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0 || Math.min(high, low) <= 0) return;

      const range = logRatio(high, low);
      const sum = slideWindowSum(state, at + SQUARES, period, range * range);
      state[at + VALUE] = Math.sqrt(sum / (FOUR_LN_2 * period));
    },
  };
}
