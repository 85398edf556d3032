import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, OPEN, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { isCore } from './core-session.ts';

const GAP = 0;
const DAY = 1;
const BEFORE = 2; // Last close of the core session before.
const TODAY = 3; // Last close of the core session so far; NaN before its first bar.

/** From the last close of a core session to the first open of the next. */
export const overnightGap: IndicatorDeclaration = {
  name: 'overnightGap',
  title: 'Overnight gap',
  family: 'session',
  tells: 'How far the price leapt while the market was closed: news, and who was caught by it.',
  formula:
    "100 * (open - previous close) / previous close: the core session's first open, the last " +
    'close of the one before; stands all day.',
  source: 'Cliff, Cooper and Gulen, Return Differences between Trading and Non-trading Hours, 2008',
  parameters: [],
  inputs: ['open', 'close', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [{ name: 'gap', units: 'percent' }],
  undefinedWhere: 'the session has not opened, or no earlier one is known',
  warmupSessions: () => 1,
  build,
};

function build(): IndicatorBody {
  return {
    width: 4,
    warmupBars: 2,

    reset(state, at) {
      state.fill(NaN, at, at + 4);
    },

    update(state, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = open + close + session + sinceOpenUs;
      if (sound - sound !== 0 || Math.min(open, close) <= 0) return;

      let today = state[at + TODAY] ?? NaN;
      if (session !== state[at + DAY]) {
        state[at + DAY] = session;
        state[at + GAP] = NaN;
        if (today === today) state[at + BEFORE] = today;
        state[at + TODAY] = NaN;
        today = NaN;
      }
      if (!isCore(sinceOpenUs)) return;
      state[at + TODAY] = close;
      if (today === today) return; // Only the session's first bar opens it.
      const before = state[at + BEFORE] ?? NaN;
      state[at + GAP] = (100 * (open - before)) / before;
    },
  };
}
