import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';
import { DOUBLE_AVERAGE_WIDTH, resetDoubleAverage, smoothTwice } from './double-average.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.
const CHANGE = 2;
const SIZE = CHANGE + DOUBLE_AVERAGE_WIDTH;
const WIDTH = SIZE + DOUBLE_AVERAGE_WIDTH;

export const tsi: IndicatorDeclaration = {
  name: 'tsi',
  title: 'True strength index',
  family: 'momentum',
  tells: 'Which way the market moves and how purely: 100 if it only rose, 0 if it went nowhere.',
  formula:
    '100 * ema(ema(change, long), short) / ema(ema(|change|, long), short), each seeded with a ' +
    'simple average; a market that stands still is 0.',
  source: 'William Blau, Stocks & Commodities, 1991; equal to TA-Lib 0.8 TSI',
  parameters: [periodParameter(25, 1, 'long'), periodParameter(13, 1, 'short')],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'tsi', units: 'percent' }],
  build: ([long = NaN, short = NaN], [place = NaN]) => build(long, short, place),
};

function build(long: number, short: number, place: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: long + short,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
      resetDoubleAverage(state, at + CHANGE);
      resetDoubleAverage(state, at + SIZE);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      const change = now - (state[at + PREVIOUS] ?? NaN);
      state[at + PREVIOUS] = now;
      if (change !== change) return;
      const moved = smoothTwice(state, at + CHANGE, long, short, change);
      const size = smoothTwice(state, at + SIZE, long, short, Math.abs(change));
      state[at + VALUE] = size < ZERO_BELOW ? 0 : 100 * (moved / size);
    },
  };
}
