import { averageKindParameter, averageOf } from '../average-kind.ts';
import {
  type IndicatorBody,
  type IndicatorDeclaration,
  periodParameter,
  talibPeriod,
} from '../declaration.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';
import { rsi } from './rsi.ts';

const K = 0;
const D = 1;
const RSI = 2;

/**
 * An RSI that stands still but for its last digits has no range. TA-Lib answers anything from 0 to
 * 100 there, by what rounding left.
 */
const RANGE_LEAST = 1e-5;

export const stochasticRsi: IndicatorDeclaration = {
  name: 'stochasticRsi',
  title: 'Stochastic RSI',
  family: 'momentum',
  tells: 'Where the RSI stands in its own recent range: extremes come sooner and more often.',
  formula:
    'K = 100 * (rsi - lowest rsi) / (highest rsi - lowest rsi) over range bars; D = average(K, ' +
    'smoothing), simple unless smoothingKind says another; a range under 0.00001 is none: 0.',
  source: 'TA-Lib STOCHRSI; Tushar Chande and Stanley Kroll, 1994',
  parameters: [
    talibPeriod(14, 2),
    periodParameter(5, 1, 'range', 'optInFastK_Period'),
    periodParameter(3, 1, 'smoothing', 'optInFastD_Period'),
    averageKindParameter('optInFastD_MAType', 'smoothingKind'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'k', units: 'percent', talib: 'outFastK' },
    { name: 'd', units: 'percent', talib: 'outFastD' },
  ],
  talib: 'STOCHRSI',
  build: ([period = NaN, range = NaN, smoothing = NaN, kind = 0], places) =>
    build(rsi.build([period], places), range, averageOf(kind, smoothing, 0), places[0] ?? NaN),
};

function build(
  index: IndicatorBody,
  period: number,
  smoothing: IndicatorBody,
  place: number,
): IndicatorBody {
  const highs = RSI + index.width;
  const lows = highs + extremeWidth(period);
  const smooth = lows + extremeWidth(period);
  const scratch = new Float64Array(1);

  return {
    width: smooth + smoothing.width,
    warmupBars: index.warmupBars + period + smoothing.warmupBars - 2,

    reset(state, at) {
      state[at + K] = NaN;
      state[at + D] = NaN;
      index.reset(state, at + RSI);
      resetExtreme(state, at + highs, period);
      resetExtreme(state, at + lows, period);
      smoothing.reset(state, at + smooth);
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      if (value - value !== 0) return;
      index.update(state, at + RSI, bar);
      const now = state[at + RSI] ?? NaN;
      if (now !== now) return;
      const highest = slideHighest(state, at + highs, period, now);
      const lowest = slideLowest(state, at + lows, period, now);
      const range = highest - lowest;
      const k = range < RANGE_LEAST ? 0 : (100 * (now - lowest)) / range;
      scratch[0] = k;
      smoothing.update(state, at + smooth, scratch);
      const d = state[at + smooth] ?? NaN;
      if (d !== d) return;
      state[at + K] = k;
      state[at + D] = d;
    },
  };
}
