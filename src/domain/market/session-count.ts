import { civilFromDays, daysOfDate, weekday } from '../../core/time.ts';
import { CALENDAR_FIRST, CALENDAR_LAST } from './calendar.ts';
import { closeMinuteOf, isClosed } from './calendar-closures.ts';

/** What the exchange does on a day. */
export const DAY_CLOSED = 0;
export const DAY_HALF = 1;
export const DAY_FULL = 2;

/**
 * How many sessions there were up to and including a day (whole days since 1970 in New York), since
 * the calendar begins: the distance of two days in sessions is a subtraction. NaN outside.
 */
export function sessionsUntil(day: number): number {
  return table(COUNTS)[day - FIRST] ?? NaN;
}

/** The number of the first session on or after a day, by the same count. */
export function sessionNumberFrom(day: number): number {
  const count = sessionsUntil(day);
  return dayKind(day) === DAY_CLOSED ? count + 1 : count;
}

/** DAY_CLOSED, DAY_HALF or DAY_FULL; NaN outside the calendar. */
export function dayKind(day: number): number {
  return table(KINDS)[day - FIRST] ?? NaN;
}

const FIRST = daysOfDate(CALENDAR_FIRST);
const DAYS = daysOfDate(CALENDAR_LAST) - FIRST + 1;
const FULL_CLOSE_MINUTE = 16 * 60;

// Rows are made of this ten thousand times a minute: forty years are some hundred kilobytes. They
// are reckoned when they are first asked for, so that a command without features does not wait.
const KINDS = new Uint8Array(DAYS);
const COUNTS = new Int32Array(DAYS);

function table<Days>(days: Days): Days {
  if (COUNTS[DAYS - 1] === 0) reckon();
  return days;
}

function reckon(): void {
  let sessions = 0;
  for (let at = 0; at < DAYS; at += 1) {
    const kind = kindOf(FIRST + at);
    if (kind !== DAY_CLOSED) sessions += 1;
    KINDS[at] = kind;
    COUNTS[at] = sessions;
  }
}

function kindOf(day: number): number {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === 0 || dayOfWeek === 6) return DAY_CLOSED;
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  if (isClosed(day, year, month, dayOfMonth)) return DAY_CLOSED;
  return closeMinuteOf(day, year, month, dayOfMonth) < FULL_CLOSE_MINUTE ? DAY_HALF : DAY_FULL;
}
