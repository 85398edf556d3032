import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const SUM = 1;

/** Volatility from open, high, low and close that a drift does not raise. */
export const rogersSatchell: IndicatorDeclaration = {
  name: 'rogersSatchell',
  title: 'Rogers-Satchell volatility',
  family: 'volatility',
  tells: 'How much the price moves within bars apart from its trend; gaps do not count.',
  formula:
    'sqrt(sum(ln(high / close) * ln(high / open) + ln(low / close) * ln(low / open), period) / ' +
    "period), a ratio per bar; annualising it is the reader's.",
  source:
    'Rogers and Satchell, Estimating Variance from High, Low and Closing Prices, Annals of ' +
    'Applied Probability, 1991',
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

      const term = rogersSatchellTerm(open, high, low, close);
      const sum = slideWindowSum(state, at + SUM, period, term);
      state[at + VALUE] = Math.sqrt(sum / period);
    },
  };
}

/** Variance of one bar. */
export function rogersSatchellTerm(open: number, high: number, low: number, close: number): number {
  return logRatio(high, close) * logRatio(high, open) + logRatio(low, close) * logRatio(low, open);
}
