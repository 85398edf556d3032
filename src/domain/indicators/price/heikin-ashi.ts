import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';

const OPENED = 0;
const HIGHEST = 1;
const LOWEST = 2;
const CLOSED = 3;

/** Bars that lean on the bar before: a trend shows as a row of one colour. */
export const heikinAshi: IndicatorDeclaration = {
  name: 'heikinAshi',
  title: 'Heikin-Ashi bars',
  family: 'price',
  tells: 'A calmer bar: without a lower wick the rise is strong, small bodies warn of a turn.',
  formula:
    'close = (open + high + low + close) / 4; open = mean of the last such open and close, at ' +
    'first of open and close; high and low reach over both.',
  source: 'Dan Valcu, Using the Heikin-Ashi Technique, Stocks & Commodities, 2004',
  parameters: [],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'open', units: 'price' },
    { name: 'high', units: 'price' },
    { name: 'low', units: 'price' },
    { name: 'close', units: 'price' },
  ],
  build,
};

function build(): IndicatorBody {
  return {
    width: 4,
    warmupBars: 1,

    reset(state, at) {
      state.fill(NaN, at, at + 4);
    },

    update(state, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sum = open + high + low + close;
      if (sum - sum !== 0) return;

      const before = state[at + OPENED] ?? NaN;
      const isFirst = before !== before;
      const opened = isFirst ? (open + close) / 2 : (before + (state[at + CLOSED] ?? NaN)) / 2;
      const closed = sum / 4;
      state[at + OPENED] = opened;
      state[at + HIGHEST] = Math.max(high, opened, closed);
      state[at + LOWEST] = Math.min(low, opened, closed);
      state[at + CLOSED] = closed;
    },
  };
}
