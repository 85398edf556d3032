import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const SUMS = 3; // Of the stretched highs, the closes, the stretched lows.

/** Acceleration bands (TA-Lib `ACCBANDS`): wider where the bars are longer. */
export const accelerationBands: IndicatorDeclaration = {
  name: 'accelerationBands',
  title: 'Acceleration bands',
  family: 'overlap',
  tells: 'Bands that widen with the length of the bars: closes outside them show acceleration.',
  formula:
    'upper = sma(high * (1 + w)), lower = sma(low * (1 - w)), w = 4 * (high - low) / (high + ' +
    'low), 0 where high + low is; middle = sma(close).',
  source: 'TA-Lib ACCBANDS; Price Headley, Big Trends in Trading, 2002',
  parameters: [talibPeriod(20, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'upper', units: 'price', talib: 'outRealUpperBand' },
    { name: 'middle', units: 'price', talib: 'outRealMiddleBand' },
    { name: 'lower', units: 'price', talib: 'outRealLowerBand' },
  ],
  talib: 'ACCBANDS',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const sumWidth = windowSumWidth(period);
  const closes = SUMS + sumWidth;
  const lows = closes + sumWidth;

  return {
    width: lows + sumWidth,
    warmupBars: period,

    reset(state, at) {
      state.fill(NaN, at, at + SUMS);
      resetWindowSum(state, at + SUMS, period);
      resetWindowSum(state, at + closes, period);
      resetWindowSum(state, at + lows, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;

      const both = high + low;
      const stretch = both === 0 ? 0 : (4 * (high - low)) / both;
      const upper = slideWindowSum(state, at + SUMS, period, high * (1 + stretch));
      const middle = slideWindowSum(state, at + closes, period, close);
      const lower = slideWindowSum(state, at + lows, period, low * (1 - stretch));
      state[at + UPPER] = upper / period;
      state[at + MIDDLE] = middle / period;
      state[at + LOWER] = lower / period;
    },
  };
}
