import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const VALUE = 0;
const HIGHS = 1;

export const williamsR: IndicatorDeclaration = {
  name: 'williamsR',
  title: "Williams' %R",
  family: 'momentum',
  tells:
    'How far the close is below the top of its range: above -20 overbought, below -80 oversold.',
  formula:
    '-100 * (highest high - close) / (highest high - lowest low) over period bars; a window ' +
    'without range is 0.',
  source: 'TA-Lib WILLR; Larry Williams',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'williamsR', units: 'percent', talib: 'outReal' }],
  talib: 'WILLR',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const lows = HIGHS + extremeWidth(period);

  return {
    width: lows + extremeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetExtreme(state, at + HIGHS, period);
      resetExtreme(state, at + lows, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;
      const highest = slideHighest(state, at + HIGHS, period, high);
      const range = highest - slideLowest(state, at + lows, period, low);
      state[at + VALUE] = range === 0 ? 0 : (-100 * (highest - close)) / range;
    },
  };
}
