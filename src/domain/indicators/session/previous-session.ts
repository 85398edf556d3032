import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { isCore } from './core-session.ts';

const TODAY = 3; // High, low and close of the session so far, in the order of the outputs.
const DAY = 6;

/** High, low and close of the core session before this one. */
export const previousSession: IndicatorDeclaration = {
  name: 'previousSession',
  title: 'Previous session',
  family: 'session',
  tells: "Yesterday's high, low and close: levels at which many orders wait.",
  formula:
    'Highest high, lowest low and last close of the core session before this one; bars outside a ' +
    'core session do not count, nor does a day without one.',
  source: 'Commonly charted; in Mark Fisher, The Logical Trader',
  parameters: [],
  inputs: ['high', 'low', 'close', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'high', units: 'price' },
    { name: 'low', units: 'price' },
    { name: 'close', units: 'price' },
  ],
  undefinedWhere: 'no earlier session is known',
  warmupSessions: () => 1,
  build,
};

function build(): IndicatorBody {
  return {
    width: 7,
    warmupBars: 2,

    reset(state, at) {
      state.fill(NaN, at, at + 7);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = high + low + close + session + sinceOpenUs;
      if (sound - sound !== 0) return;

      const today = at + TODAY;
      if (session !== state[at + DAY]) {
        state[at + DAY] = session;
        const isComplete = !Number.isNaN(state[today] ?? NaN);
        if (isComplete) state.copyWithin(at, today, today + 3);
        state.fill(NaN, today, today + 3);
      }
      if (!isCore(sinceOpenUs)) return;
      const highest = state[today] ?? NaN;
      const isFirst = highest !== highest;
      state[today] = isFirst ? high : Math.max(highest, high);
      state[today + 1] = isFirst ? low : Math.min(state[today + 1] ?? NaN, low);
      state[today + 2] = close;
    },
  };
}
