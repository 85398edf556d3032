import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { isCore } from './core-session.ts';

const MEAN = 0;
const USED = 1;
const DAY = 2;
const HIGHEST = 3; // Of the session so far; NaN before its first bar.
const LOWEST = 4;
const RANGES = 5;

/** How far a session usually ranges, and how much of it today has had. */
export const averageSessionRange: IndicatorDeclaration = {
  name: 'averageSessionRange',
  title: 'Average session range',
  family: 'session',
  tells: 'How far a day usually goes: when all of it is used, more is seldom to be had.',
  formula:
    'range: mean of high - low of the last sessions before this one, core hours alone; used: ' +
    "today's range so far / that mean.",
  source:
    'Commonly charted; ranges of days in Toby Crabel, Day Trading with Short Term Price Patterns ' +
    'and Opening Range Breakout, 1990',
  parameters: [{ ...periodParameter(14, 1, 'sessions'), most: 250 }],
  inputs: ['high', 'low', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'range', units: 'price' },
    { name: 'used', units: 'ratio' },
  ],
  undefinedWhere:
    'fewer than so many sessions are complete; used also before the open and where sessions had ' +
    'no range',
  warmupSessions: ([sessions = NaN]) => sessions,
  build: ([sessions = NaN]) => build(sessions),
};

function build(sessions: number): IndicatorBody {
  return {
    width: RANGES + windowSumWidth(sessions),
    warmupBars: sessions + 1,

    reset(state, at) {
      state.fill(NaN, at, at + RANGES);
      resetWindowSum(state, at + RANGES, sessions);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = high + low + session + sinceOpenUs;
      if (sound - sound !== 0) return;

      if (session !== state[at + DAY]) {
        state[at + DAY] = session;
        const range = (state[at + HIGHEST] ?? NaN) - (state[at + LOWEST] ?? NaN);
        // A day without a core session has no range.
        if (range === range) {
          state[at + MEAN] = slideWindowSum(state, at + RANGES, sessions, range) / sessions;
        }
        state[at + USED] = NaN;
        state[at + HIGHEST] = NaN;
        state[at + LOWEST] = NaN;
      }
      if (!isCore(sinceOpenUs)) return;
      const before = state[at + HIGHEST] ?? NaN;
      const isFirst = before !== before;
      const highest = isFirst ? high : Math.max(before, high);
      const lowest = isFirst ? low : Math.min(state[at + LOWEST] ?? NaN, low);
      const mean = state[at + MEAN] ?? NaN;
      state[at + HIGHEST] = highest;
      state[at + LOWEST] = lowest;
      state[at + USED] = mean > 0 ? (highest - lowest) / mean : NaN;
    },
  };
}
