import { newYorkDayNumber } from '../../market/calendar.ts';
import {
  DAY_CLOSED,
  dayKind,
  sessionNumberFrom,
  sessionsUntil,
} from '../../market/session-count.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/**
 * The dates on which a company reports, as they were known. A date is known from the moment at
 * which it was learned, until another date for the same quarter is learned. A report on a day
 * without a session is the next session's.
 */
export const earningsSource: SourceDeclaration = { name: 'earnings', isTimeframed: false, build };

/** A year ahead and a year back. */
const DATES = 8;
const DAY_AT = 0;
const LEARNED_US = 1;
const UNTIL_US = 2;
const DATE_WIDTH = 3;
const WIDTH = DATES * DATE_WIDTH;

/** Reports lie 40 days apart at least (21,170 dates of 515 companies): nearer, a date was moved. */
const SAME_QUARTER_DAYS_MAX = 30;

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'daysTo', units: 'days', tells: 'Sessions to the next report: 0 on its day.' },
  {
    name: 'daysSince',
    units: 'days',
    tells: 'Sessions since the last report: 1 on the day after.',
  },
  { name: 'known', units: 'count', tells: 'Dates that are known.' },
];

function build(): FeatureSource {
  return {
    name: 'earnings',
    scope: 'symbol',
    columns: COLUMNS,
    version: 1,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
    },

    fact(state, at, fact) {
      if (fact.kind !== 'earnings') return;
      if (sessionsUntil(fact.day) - sessionsUntil(fact.day) !== 0) return; // Outside the calendar.
      learn(state, at, fact.day, fact.nowUs);
    },

    read(state, at, nowUs, out, outAt) {
      const day = newYorkDayNumber(nowUs);
      const today = sessionsUntil(day);
      const isSession = dayKind(day) !== DAY_CLOSED;
      let daysTo = Infinity;
      let daysSince = Infinity;
      let known = 0;
      for (let place = at; place < at + WIDTH; place += DATE_WIDTH) {
        const date = state[place + DAY_AT] ?? NaN;
        const isKnown =
          (state[place + LEARNED_US] ?? NaN) <= nowUs && nowUs < (state[place + UNTIL_US] ?? NaN);
        if (!isKnown) continue;
        known += 1;
        const distance = sessionNumberFrom(date) - today;
        // Until the session is over nobody knows whether the report is out.
        if (distance > 0 || (distance === 0 && isSession)) daysTo = Math.min(daysTo, distance);
        else daysSince = Math.min(daysSince, Math.abs(distance));
      }
      out[outAt] = daysTo === Infinity ? NaN : daysTo;
      out[outAt + 1] = daysSince === Infinity ? NaN : daysSince;
      out[outAt + 2] = known === 0 ? NaN : known;
    },
  };
}

function learn(state: Float64Array, at: number, day: number, nowUs: number): void {
  let free = -1;
  let oldest = at;
  for (let place = at; place < at + WIDTH; place += DATE_WIDTH) {
    const date = state[place + DAY_AT] ?? NaN;
    if (date !== date) {
      if (free < 0) free = place;
      continue;
    }
    const isStanding = state[place + UNTIL_US] === Infinity;
    if (date === day && isStanding) return; // Told again.
    const isMoved = Math.abs(date - day) <= SAME_QUARTER_DAYS_MAX;
    if (isMoved && isStanding) state[place + UNTIL_US] = nowUs;
    if (date < (state[oldest + DAY_AT] ?? NaN)) oldest = place;
  }
  if (free < 0 && day < (state[oldest + DAY_AT] ?? NaN)) return; // Longer ago than anybody asks.
  const place = free < 0 ? oldest : free;
  state[place + DAY_AT] = day;
  state[place + LEARNED_US] = nowUs;
  state[place + UNTIL_US] = Infinity;
}
