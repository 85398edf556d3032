import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';

/** The middle of a bar's range (TA-Lib `MEDPRICE`). */
export const medianPrice: IndicatorDeclaration = {
  name: 'medianPrice',
  title: 'Median price',
  family: 'price',
  tells: "The middle of the bar's range, wherever it opened and closed.",
  formula: '(high + low) / 2',
  source: 'TA-Lib MEDPRICE',
  parameters: [],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'price', units: 'price', talib: 'outReal' }],
  talib: 'MEDPRICE',
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
      const price = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN)) / 2;
      if (price - price === 0) state[at] = price;
    },
  };
}
