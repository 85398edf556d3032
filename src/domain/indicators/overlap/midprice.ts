import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const VALUE = 0;
const HIGHEST = 1;

/** Middle between the highest high and the lowest low of a window (TA-Lib `MIDPRICE`). */
export const midprice: IndicatorDeclaration = {
  name: 'midprice',
  title: 'Midpoint price over period',
  family: 'overlap',
  tells: 'The middle of the recent range: where buyers and sellers were even.',
  formula: '(highest high(period) + lowest low(period)) / 2.',
  source: 'TA-Lib MIDPRICE',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'midprice', units: 'price', talib: 'outReal' }],
  talib: 'MIDPRICE',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const lowestAt = HIGHEST + extremeWidth(period);

  return {
    width: lowestAt + extremeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetExtreme(state, at + HIGHEST, period);
      resetExtreme(state, at + lowestAt, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0) return;
      const highest = slideHighest(state, at + HIGHEST, period, high);
      const lowest = slideLowest(state, at + lowestAt, period, low);
      state[at + VALUE] = (highest + lowest) / 2;
    },
  };
}
