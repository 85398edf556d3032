import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';

/** High, low and twice the close (TA-Lib `WCLPRICE`). */
export const weightedClose: IndicatorDeclaration = {
  name: 'weightedClose',
  title: 'Weighted close price',
  family: 'price',
  tells: 'One price for the bar in which the close counts as much as the range.',
  formula: '(high + low + 2 * close) / 4',
  source: 'TA-Lib WCLPRICE',
  parameters: [],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'price', units: 'price', talib: 'outReal' }],
  talib: 'WCLPRICE',
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
      const price = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + 2 * (bar[CLOSE] ?? NaN)) / 4;
      if (price - price === 0) state[at] = price;
    },
  };
}
