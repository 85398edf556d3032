import { civilFromDays, daysOfDate } from '../../core/time.ts';
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
  return COUNTS[day - FIRST] ?? NaN;
}

/** The number of the first session on or after a day, by the same count. */
export function sessionNumberFrom(day: number): number {
  const count = sessionsUntil(day);
  return dayKind(day) === DAY_CLOSED ? count + 1 : count;
}

/** DAY_CLOSED, DAY_HALF or DAY_FULL; NaN outside the calendar. */
export function dayKind(day: number): number {
  return KINDS[day - FIRST] ?? NaN;
}

const FIRST = daysOfDate(CALENDAR_FIRST);
const DAYS = daysOfDate(CALENDAR_LAST) - FIRST + 1;
const FULL_CLOSE_MINUTE = 16 * 60;

// Rows are made of this ten thousand times a minute: forty years are fifteen thousand bytes.
const KINDS = Uint8Array.from({ length: DAYS }, (_, at) => kindOf(FIRST + at));
const COUNTS = counted(KINDS);

function kindOf(day: number): number {
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  if (isClosed(day, year, month, dayOfMonth)) return DAY_CLOSED;
  return closeMinuteOf(day, year, month, dayOfMonth) < FULL_CLOSE_MINUTE ? DAY_HALF : DAY_FULL;
}

function counted(kinds: Uint8Array): Int32Array {
  const counts = new Int32Array(kinds.length);
  let sessions = 0;
  for (let at = 0; at < kinds.length; at += 1) {
    if (kinds[at] !== DAY_CLOSED) sessions += 1;
    counts[at] = sessions;
  }
  return counts;
}
