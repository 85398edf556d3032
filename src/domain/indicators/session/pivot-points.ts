import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { previousSession } from './previous-session.ts';

const PIVOT = 0;
const R1 = 1;
const S1 = 2;
const R2 = 3;
const S2 = 4;
const BEFORE = 5; // High, low and close of the previous session.

/** Floor traders' levels for the day, from the session before. */
export const pivotPoints: IndicatorDeclaration = {
  name: 'pivotPoints',
  title: 'Pivot points',
  family: 'session',
  tells: 'Levels at which traders on the floor waited: over the pivot buyers lead the day.',
  formula:
    'pivot = (high + low + close) / 3 of the previous core session; r1 = 2 pivot - low, s1 = 2 ' +
    'pivot - high, r2 = pivot + (high - low), s2 = pivot - (high - low).',
  source: 'John Person, A Complete Guide to Technical Trading Tactics, 2004',
  parameters: [],
  inputs: ['high', 'low', 'close', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'pivot', units: 'price' },
    { name: 'r1', units: 'price' },
    { name: 's1', units: 'price' },
    { name: 'r2', units: 'price' },
    { name: 's2', units: 'price' },
  ],
  undefinedWhere: 'no earlier session is known',
  warmupSessions: () => 1,
  build,
};

function build(): IndicatorBody {
  const before = previousSession.build([], []);

  return {
    width: BEFORE + before.width,
    warmupBars: before.warmupBars,

    reset(state, at) {
      state.fill(NaN, at, at + BEFORE);
      before.reset(state, at + BEFORE);
    },

    update(state, at, bar) {
      const prices = (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN);
      const sound = prices + (bar[SESSION] ?? NaN) + (bar[SINCE_OPEN_US] ?? NaN);
      if (sound - sound !== 0) return;

      before.update(state, at + BEFORE, bar);
      const high = state[at + BEFORE] ?? NaN;
      const low = state[at + BEFORE + 1] ?? NaN;
      const pivot = (high + low + (state[at + BEFORE + 2] ?? NaN)) / 3;
      state[at + PIVOT] = pivot;
      state[at + R1] = 2 * pivot - low;
      state[at + S1] = 2 * pivot - high;
      state[at + R2] = pivot + (high - low);
      state[at + S2] = pivot - (high - low);
    },
  };
}
