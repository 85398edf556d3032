import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  cascadeBars,
  cascadeLevel,
  cascadeWidth,
  resetCascade,
  stepCascade,
} from '../ema-cascade.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';
import { ZERO_BELOW } from '../zero.ts';
import { DOUBLE_AVERAGE_WIDTH, resetDoubleAverage, smoothTwice } from './double-average.ts';

const SMI = 0;
const SIGNAL = 1;
const DISTANCE = 2;
const RANGE = DISTANCE + DOUBLE_AVERAGE_WIDTH;
const SIGNAL_AVERAGE = RANGE + DOUBLE_AVERAGE_WIDTH;
const HIGHS = SIGNAL_AVERAGE + cascadeWidth(1);

export const smi: IndicatorDeclaration = {
  name: 'smi',
  title: 'Stochastic momentum index',
  family: 'momentum',
  tells: 'How far the close is from the middle of its range, smoothed: a calmer stochastic.',
  formula:
    '200 * ema(ema(close - middle, long), short) / ema(ema(range, long), short) of the highest ' +
    'high and lowest low of period bars; signal = ema(smi, signal); 0 without range.',
  source: 'William Blau, Stocks & Commodities, 1993; equal to TA-Lib 0.8 SMI',
  parameters: [
    periodParameter(13, 1),
    periodParameter(25, 1, 'long'),
    periodParameter(2, 1, 'short'),
    periodParameter(9, 1, 'signal'),
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'smi', units: 'percent' },
    { name: 'signal', units: 'percent' },
  ],
  build: ([period = NaN, long = NaN, short = NaN, signal = NaN]) =>
    build(period, long, short, signal),
};

function build(period: number, long: number, short: number, signal: number): IndicatorBody {
  const lows = HIGHS + extremeWidth(period);

  return {
    width: lows + extremeWidth(period),
    warmupBars: period + long + short - 2 + cascadeBars(1, signal) - 1,

    reset(state, at) {
      state[at + SMI] = NaN;
      state[at + SIGNAL] = NaN;
      resetDoubleAverage(state, at + DISTANCE);
      resetDoubleAverage(state, at + RANGE);
      resetCascade(state, at + SIGNAL_AVERAGE, 1);
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
      const lowest = slideLowest(state, at + lows, period, low);
      const spread = highest - lowest;
      if (spread !== spread) return;

      const middle = (highest + lowest) / 2;
      const distance = smoothTwice(state, at + DISTANCE, long, short, close - middle);
      const range = smoothTwice(state, at + RANGE, long, short, spread);
      if (range !== range) return;
      const now = range < ZERO_BELOW ? 0 : 200 * (distance / range);
      if (!stepCascade(state, at + SIGNAL_AVERAGE, 1, signal, now)) return;
      state[at + SMI] = now;
      state[at + SIGNAL] = state[cascadeLevel(at + SIGNAL_AVERAGE, 0)] ?? NaN;
    },
  };
}
