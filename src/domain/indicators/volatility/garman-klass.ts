import { log } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const SUM = 1;

const BODY_SHARE = 2 * log(2) - 1;

/** Volatility from open, high, low and close; the practical one of the paper's estimators. */
export const garmanKlass: IndicatorDeclaration = {
  name: 'garmanKlass',
  title: 'Garman-Klass volatility',
  family: 'volatility',
  tells: 'How much the price moves within bars, by range and body; gaps do not count.',
  formula:
    'sqrt(sum(ln(high / low)^2 / 2 - (2 ln 2 - 1) * ln(close / open)^2, period) / period), a ' +
    "ratio per bar; annualising it is the reader's.",
  source:
    'Garman and Klass, On the Estimation of Security Price Volatilities from Historical Data, ' +
    '1980',
  parameters: [periodParameter(20, 1)],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'ratio' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: SUM + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + SUM, period);
    },

    update(state, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = open + high + low + close;
      if (sound - sound !== 0 || Math.min(open, high, low, close) <= 0) return;

      const range = logRatio(high, low);
      const body = logRatio(close, open);
      const term = 0.5 * range * range - BODY_SHARE * body * body;
      const sum = slideWindowSum(state, at + SUM, period, term);
      state[at + VALUE] = Math.sqrt(sum / period);
    },
  };
}
