import { MINUTE } from '../../../core/time.ts';
import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, SESSION, SINCE_OPEN_US } from '../indicator.ts';
import { CORE_MINUTES } from './core-session.ts';

const HIGHEST = 0;
const LOWEST = 1;
const PLACE = 2;
const FORMING_HIGH = 3;
const FORMING_LOW = 4;
const DAY = 5;

/**
 * High and low of a session's first minutes. They are told with the first bar after those minutes:
 * a bar does not say how long it is, so only the next one proves that the range is complete.
 */
export const openingRange: IndicatorDeclaration = {
  name: 'openingRange',
  title: 'Opening range',
  family: 'session',
  tells: 'The first fight of the day: a close above its high (place over 1) is a breakout.',
  formula:
    'Highest high and lowest low of bars that began in the first minutes of the core session; ' +
    'place = (close - low) / (high - low).',
  source:
    'Toby Crabel, Day Trading with Short Term Price Patterns and Opening Range Breakout, 1990',
  parameters: [{ name: 'minutes', least: 1, most: CORE_MINUTES, usual: 30, isWhole: true }],
  inputs: ['high', 'low', 'close', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'high', units: 'price' },
    { name: 'low', units: 'price' },
    { name: 'place', units: 'ratio' },
  ],
  undefinedWhere: 'the range is forming, or nothing traded in it; place also where it is a point',
  warmupSessions: () => 0,
  build: ([minutes = NaN]) => build(minutes * MINUTE),
};

function build(lengthUs: number): IndicatorBody {
  return {
    width: 6,
    warmupBars: 2,

    reset(state, at) {
      state.fill(NaN, at, at + 6);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = high + low + close + session + sinceOpenUs;
      if (sound - sound !== 0) return;

      if (session !== state[at + DAY]) {
        state.fill(NaN, at, at + DAY);
        state[at + DAY] = session;
      }
      if (sinceOpenUs < 0) return;
      const highest = state[at + FORMING_HIGH] ?? NaN;
      const lowest = state[at + FORMING_LOW] ?? NaN;
      if (sinceOpenUs < lengthUs) {
        const isFirst = highest !== highest;
        state[at + FORMING_HIGH] = isFirst ? high : Math.max(highest, high);
        state[at + FORMING_LOW] = isFirst ? low : Math.min(lowest, low);
        return;
      }
      const range = highest - lowest;
      state[at + HIGHEST] = highest;
      state[at + LOWEST] = lowest;
      state[at + PLACE] = range > 0 ? (close - lowest) / range : NaN;
    },
  };
}
