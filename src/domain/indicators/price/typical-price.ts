import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';

/** The mean of high, low and close (TA-Lib `TYPPRICE`): what VWAP and the money flow weigh. */
export const typicalPrice: IndicatorDeclaration = {
  name: 'typicalPrice',
  title: 'Typical price',
  family: 'price',
  tells: 'One price for the bar: where most of it traded, roughly.',
  formula: '(high + low + close) / 3',
  source: 'TA-Lib TYPPRICE',
  parameters: [],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'price', units: 'price', talib: 'outReal' }],
  talib: 'TYPPRICE',
  build,
};

function build(): IndicatorBody {
  return {
    width: 1,
    warmupBars: 1,

    reset(state, at) {
      state[at] = NaN;
    },

    update(state, at, bar) {
      const price = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
      if (price - price === 0) state[at] = price;
    },
  };
}
