import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, OPEN } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const SUM = 1;

export const qstick: IndicatorDeclaration = {
  name: 'qstick',
  title: 'Qstick',
  family: 'momentum',
  tells: 'Whether bars have lately closed above their open (above 0) or below it.',
  formula: 'sma(close - open, period).',
  source: 'Tushar Chande and Stanley Kroll, The New Technical Trader, 1994',
  parameters: [periodParameter(10, 1)],
  inputs: ['open', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'qstick', units: 'price' }],
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
      const rise = (bar[CLOSE] ?? NaN) - (bar[OPEN] ?? NaN);
      if (rise - rise !== 0) return;
      state[at + VALUE] = slideWindowSum(state, at + SUM, period, rise) / period;
    },
  };
}
