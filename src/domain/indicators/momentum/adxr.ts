import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { adx } from './adx.ts';

const VALUE = 0;
const ADX = 1;

/** Average directional movement rating: the present ADX averaged with an earlier one. */
export const adxr: IndicatorDeclaration = {
  name: 'adxr',
  title: 'Average directional movement rating',
  family: 'momentum',
  tells: 'How strong a trend has been for some while: slower than the ADX, with fewer turns.',
  formula: '(adx + adx of period - 1 bars ago) / 2.',
  source: 'TA-Lib ADXR; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'adxr', units: 'percent', talib: 'outReal' }],
  talib: 'ADXR',
  build: ([period = NaN], places) => build(period, adx.build([period], places)),
};

function build(period: number, index: IndicatorBody): IndicatorBody {
  const bars = period - 1;
  const lag = ADX + index.width;
  const width = lag + lagWidth(bars);

  return {
    width,
    warmupBars: index.warmupBars + bars,

    reset(state, at) {
      state[at + VALUE] = NaN;
      index.reset(state, at + ADX);
      resetLag(state, at + lag, bars);
    },

    update(state, at, bar) {
      const sound = (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN);
      if (sound - sound !== 0) return;
      index.update(state, at + ADX, bar);
      const now = state[at + ADX] ?? NaN;
      if (now !== now) return;
      state[at + VALUE] = (now + lagged(state, at + lag, bars, now)) / 2;
    },
  };
}
