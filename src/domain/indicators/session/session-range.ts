import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { HIGH, LOW, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { isCore } from './core-session.ts';

const HIGHEST = 0;
const LOWEST = 1;
const RANGE = 2;
const DAY = 3;

/** High, low and range of the core session so far. */
export const sessionRange: IndicatorDeclaration = {
  name: 'sessionRange',
  title: 'Session range',
  family: 'session',
  tells: 'How high and low the price has been today, and how far it has ranged.',
  formula:
    'Highest high, lowest low and their distance since the core session opened; bars outside it ' +
    'do not count.',
  source:
    'Commonly charted; ranges of days in Toby Crabel, Day Trading with Short Term Price Patterns ' +
    'and Opening Range Breakout, 1990',
  parameters: [],
  inputs: ['high', 'low', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'high', units: 'price' },
    { name: 'low', units: 'price' },
    { name: 'range', units: 'price' },
  ],
  undefinedWhere: 'the session has not opened',
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
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = high + low + session + sinceOpenUs;
      if (sound - sound !== 0) return;

      if (session !== state[at + DAY]) {
        state.fill(NaN, at, at + DAY);
        state[at + DAY] = session;
      }
      if (!isCore(sinceOpenUs)) return;
      const highest = state[at + HIGHEST] ?? NaN;
      const isFirst = highest !== highest;
      const newHighest = isFirst ? high : Math.max(highest, high);
      const newLowest = isFirst ? low : Math.min(state[at + LOWEST] ?? NaN, low);
      state[at + HIGHEST] = newHighest;
      state[at + LOWEST] = newLowest;
      state[at + RANGE] = newHighest - newLowest;
    },
  };
}
