import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';

/** The mean of a bar's four prices (TA-Lib `AVGPRICE`). */
export const averagePrice: IndicatorDeclaration = {
  name: 'averagePrice',
  title: 'Average price',
  family: 'price',
  tells: 'One price for the bar in which open, high, low and close count alike.',
  formula: '(open + high + low + close) / 4',
  source: 'TA-Lib AVGPRICE',
  parameters: [],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'price', units: 'price', talib: 'outReal' }],
  talib: 'AVGPRICE',
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
      const price =
        ((bar[OPEN] ?? NaN) + (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 4;
      if (price - price === 0) state[at] = price;
    },
  };
}
