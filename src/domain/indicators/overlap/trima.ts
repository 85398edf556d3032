import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const FIRST = 1;

/** Triangular moving average (TA-Lib `TRIMA`): a simple average of simple averages. */
export const trima: IndicatorDeclaration = {
  name: 'trima',
  title: 'Triangular moving average',
  family: 'overlap',
  tells: 'An average in which the middle of the window counts most: smooth, and late.',
  formula:
    'sma(sma(x, n1), n2): n1 = n2 = (period + 1) / 2 where the period is odd, else n1 = ' +
    'period / 2 and n2 = n1 + 1.',
  source: 'TA-Lib TRIMA',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'trima', units: 'series', talib: 'outReal' }],
  talib: 'TRIMA',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  const inner = Math.floor((period + 1) / 2);
  const outer = period + 1 - inner;
  const second = FIRST + windowSumWidth(inner);
  const weights = inner * outer;

  return {
    width: second + windowSumWidth(outer),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + FIRST, inner);
      resetWindowSum(state, at + second, outer);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      const sum = slideWindowSum(state, at + FIRST, inner, close);
      if (Number.isNaN(sum)) return;
      state[at + VALUE] = slideWindowSum(state, at + second, outer, sum) / weights;
    },
  };
}
