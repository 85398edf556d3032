import { civilFromDays, type Civil, daysFromCivil, MINUTE, weekday } from '../../../core/time.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import { DAY_CLOSED, DAY_HALF, dayKind, sessionsUntil } from '../../market/session-count.ts';
import type { MarketFact } from '../facts.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/**
 * Where in the day, the week and the quarter we are. It is told of each session as it begins; on a
 * day of which it was not told it says nothing.
 */
export const calendarSource: SourceDeclaration = { name: 'calendar', isTimeframed: false, build };

const SESSION_DAY = 0;
const OPEN_US = 1;
const CLOSE_US = 2;
const OF_DAY = 3; // What does not change within a session: the columns from `weekday` on.

const NEAR_DAYS_MAX = 10;

const OF_MOMENT: readonly ColumnDeclaration[] = [
  { name: 'minute', units: 'minutes', tells: 'Since the core session opened; below 0 before.' },
  { name: 'minutesToClose', units: 'minutes', tells: 'To the end of the core session.' },
  { name: 'share', units: 'share', tells: 'Share of the core session that is gone, 0 to 1.' },
];
const OF_SESSION: readonly ColumnDeclaration[] = [
  { name: 'weekday', units: 'count', tells: 'Monday is 1, Friday 5.' },
  { name: 'daysToMonthEnd', units: 'days', tells: 'Sessions that are left of the month.' },
  { name: 'isMonthEnd', units: 'flag', tells: '1 in the last session of a month.' },
  { name: 'isQuarterEnd', units: 'flag', tells: '1 in the last session of a quarter.' },
  { name: 'isHalfDay', units: 'flag', tells: '1 where the session closes early.' },
  {
    name: 'daysToHoliday',
    units: 'days',
    tells: 'Sessions before the next weekday without one: 0 on its eve, cut at 10.',
  },
  {
    name: 'daysSinceHoliday',
    units: 'days',
    tells: 'Sessions since the last weekday without one: 0 on the day after, cut at 10.',
  },
  {
    name: 'daysToHalfDay',
    units: 'days',
    tells: 'Sessions to the next that closes early: 0 in it, cut at 10.',
  },
];
const WIDTH = OF_DAY + OF_SESSION.length;

function build(): FeatureSource {
  return {
    name: 'calendar',
    scope: 'market',
    columns: [...OF_MOMENT, ...OF_SESSION],
    version: 2,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
    },

    fact(state, at, fact) {
      if (fact.kind === 'session') beginSession(state, at, fact);
    },

    read(state, at, nowUs, out, outAt) {
      const isToday = newYorkDayNumber(nowUs) === state[at + SESSION_DAY];
      const openUs = isToday ? (state[at + OPEN_US] ?? NaN) : NaN;
      const closeUs = isToday ? (state[at + CLOSE_US] ?? NaN) : NaN;
      out[outAt] = (nowUs - openUs) / MINUTE;
      out[outAt + 1] = (closeUs - nowUs) / MINUTE;
      out[outAt + 2] = Math.max(0, Math.min(1, (nowUs - openUs) / (closeUs - openUs)));
      for (let column = 0; column < OF_SESSION.length; column += 1) {
        out[outAt + 3 + column] = isToday ? (state[at + OF_DAY + column] ?? NaN) : NaN;
      }
    },
  };
}

type SessionFact = Extract<MarketFact, { readonly kind: 'session' }>;

function beginSession(state: Float64Array, at: number, fact: SessionFact): void {
  const { day, openUs, closeUs } = fact;
  if (!(closeUs > openUs) || day !== newYorkDayNumber(openUs)) return;
  const civil = civilFromDays(day);
  const left = sessionsUntil(lastDayOfMonth(civil)) - sessionsUntil(day);
  const isMonthEnd = left === 0 ? 1 : left > 0 ? 0 : NaN;
  state[at + SESSION_DAY] = day;
  state[at + OPEN_US] = openUs;
  state[at + CLOSE_US] = closeUs;
  state[at + OF_DAY] = weekday(day);
  state[at + OF_DAY + 1] = left;
  state[at + OF_DAY + 2] = isMonthEnd;
  state[at + OF_DAY + 3] = civil.month % 3 !== 0 && left === 0 ? 0 : isMonthEnd;
  state[at + OF_DAY + 4] = isHalf(day);
  state[at + OF_DAY + 5] = sessionsBetween(day, 1, isHoliday);
  state[at + OF_DAY + 6] = sessionsBetween(day, -1, isHoliday);
  state[at + OF_DAY + 7] = sessionsBetween(day - 1, 1, isHalf);
}

function lastDayOfMonth({ year, month }: Civil): number {
  return (month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)) - 1;
}

/** Sessions after a day (before it, for -1) until the first day that is such a one, cut at ten. */
function sessionsBetween(day: number, step: 1 | -1, is: (day: number) => number): number {
  let sessions = 0;
  for (let at = day + step; sessions < NEAR_DAYS_MAX; at += step) {
    const kind = dayKind(at);
    if (kind !== kind) return NaN; // The calendar ends: nobody knows.
    if (is(at) === 1) return sessions;
    if (kind !== DAY_CLOSED) sessions += 1;
  }
  return NEAR_DAYS_MAX;
}

function isHoliday(day: number): number {
  const dayOfWeek = weekday(day);
  return dayOfWeek > 0 && dayOfWeek < 6 && dayKind(day) === DAY_CLOSED ? 1 : 0;
}

function isHalf(day: number): number {
  const kind = dayKind(day);
  return kind === DAY_HALF ? 1 : kind === kind ? 0 : NaN;
}
