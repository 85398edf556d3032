import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const VALUE = 0;
const HIGHEST = 1;

/** Middle between the highest and the lowest value of a window (TA-Lib `MIDPOINT`). */
export const midpoint: IndicatorDeclaration = {
  name: 'midpoint',
  title: 'Midpoint over period',
  family: 'overlap',
  tells: 'The middle of the recent closes: above it they are in the upper half of their range.',
  formula: '(highest(x, period) + lowest(x, period)) / 2.',
  source: 'TA-Lib MIDPOINT',
  parameters: [talibPeriod(14, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'midpoint', units: 'series', talib: 'outReal' }],
  talib: 'MIDPOINT',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
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
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      const highest = slideHighest(state, at + HIGHEST, period, close);
      const lowest = slideLowest(state, at + lowestAt, period, close);
      state[at + VALUE] = (highest + lowest) / 2;
    },
  };
}
