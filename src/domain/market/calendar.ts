import {
  civilFromDays,
  DAY,
  type DateNumber,
  dateNumber,
  daysFromCivil,
  daysOfDate,
  HOUR,
  MINUTE,
  weekday,
} from '../../core/time.ts';
import { closeMinuteOf, isClosed } from './calendar-closures.ts';

/** The first and last dates the calendar answers for. */
export const CALENDAR_FIRST: DateNumber = 19900101;
export const CALENDAR_LAST: DateNumber = 20301231;

/** One session of the New York Stock Exchange; times are UTC microseconds. */
export interface TradingDay {
  readonly date: DateNumber;
  /** 09:30 in New York. */
  readonly openUs: number;
  /** 16:00 in New York; 13:00 on a half day (14:00 on four of them before 1993). */
  readonly closeUs: number;
  /** 04:00 in New York. */
  readonly preUs: number;
  /** The end of the post session: four hours after the close. */
  readonly postUs: number;
  readonly isHalfDay: boolean;
  /**
   * Whether day and hours stand in the exchange's published table (2024 to 2027). Elsewhere the
   * hours come from rules: before 2024 a half day may be missing or listed in error.
   */
  readonly isVerified: boolean;
}

const VERIFIED_FIRST: DateNumber = 20240101;
const VERIFIED_LAST: DateNumber = 20271231;

/** Whether `tradingDay` knows about this date: outside, its `undefined` does not mean closed. */
export function isCovered(date: DateNumber): boolean {
  return date >= CALENDAR_FIRST && date <= CALENDAR_LAST;
}

/** The session of a date; undefined where the exchange is closed, and outside the calendar. */
export function tradingDay(date: DateNumber): TradingDay | undefined {
  const days = daysOfDate(date);
  // A number that is no date, such as 20240230, has no session.
  return dateNumber(civilFromDays(days)) === date ? tradingDayOf(days) : undefined;
}

/** The first session after a date. */
export function nextTradingDay(date: DateNumber): TradingDay | undefined {
  return searchFrom(date, 1);
}

/** The last session before a date. */
export function previousTradingDay(date: DateNumber): TradingDay | undefined {
  return searchFrom(date, -1);
}

// The longest gap was seven days, from 2001-09-10 to 2001-09-17.
const CLOSED_DAYS_MAX = 14;

function searchFrom(date: DateNumber, step: 1 | -1): TradingDay | undefined {
  const from = daysOfDate(date);
  for (let distance = 1; distance <= CLOSED_DAYS_MAX; distance += 1) {
    const found = tradingDayOf(from + step * distance);
    if (found !== undefined) return found;
  }
  return undefined;
}

function tradingDayOf(days: number): TradingDay | undefined {
  const closeMinute = closeMinuteOn(days);
  if (closeMinute === 0) return undefined;
  const date = dateNumber(civilFromDays(days));
  const midnightUs = days * DAY - newYorkOffsetUs(days * DAY + NOON);
  return {
    date,
    openUs: midnightUs + OPEN,
    closeUs: midnightUs + closeMinute * MINUTE,
    preUs: midnightUs + PRE,
    postUs: midnightUs + closeMinute * MINUTE + POST_LENGTH,
    isHalfDay: closeMinute < FULL_CLOSE_MINUTE,
    isVerified: date >= VERIFIED_FIRST && date <= VERIFIED_LAST,
  };
}

const PRE = 4 * HOUR;
const OPEN = 9 * HOUR + 30 * MINUTE;
const FULL_CLOSE_MINUTE = 16 * 60;
const POST_LENGTH = 4 * HOUR;
// The clocks change at 02:00 on a Sunday, so the offset at noon is that of every session.
const NOON = 12 * HOUR;

/** The minute of a New York day at which the core session ends; 0 where there is none. */
function closeMinuteOn(days: number): number {
  const { year, month, day } = civilFromDays(days);
  if (!isCovered(year * 10_000 + month * 100 + day)) return 0;
  return isClosed(days, year, month, day) ? 0 : closeMinuteOf(days, year, month, day);
}

/** `overnight` trading at other venues counts as closed: the exchange is. */
export type SessionKind = 'closed' | 'pre' | 'core' | 'post';

/**
 * The session at a moment: each begins at its first microsecond and ends before the next one's.
 * Allocates nothing; a loop over one day is still better served by its `TradingDay`.
 */
export function sessionOf(us: number): SessionKind {
  const usOfDay = usOfNewYorkDay(us);
  if (usOfDay < PRE) return 'closed';
  const closeMinute = closeMinuteOn(newYorkDayNumber(us));
  if (closeMinute === 0 || usOfDay >= closeMinute * MINUTE + POST_LENGTH) return 'closed';
  if (usOfDay < OPEN) return 'pre';
  return usOfDay < closeMinute * MINUTE ? 'core' : 'post';
}

/** Whole days since 1970-01-01 in New York. For hot loops: no allocation, no search. */
export function newYorkDayNumber(us: number): number {
  return Math.floor((us + newYorkOffsetUs(us)) / DAY);
}

/** Microseconds since midnight on New York's clocks. */
export function usOfNewYorkDay(us: number): number {
  const local = us + newYorkOffsetUs(us);
  return local - Math.floor(local / DAY) * DAY;
}

export function newYorkDate(us: number): DateNumber {
  return dateNumber(civilFromDays(newYorkDayNumber(us)));
}

/**
 * The moment at which New York's clocks show a time of a date. In the hour that comes twice, the
 * first; a time in the hour that is left out is read as if the clocks had not yet changed.
 */
export function newYorkToUs(date: DateNumber, usOfDay: number): number {
  const local = daysOfDate(date) * DAY + usOfDay;
  const ifDaylight = local - DAYLIGHT_OFFSET;
  return newYorkOffsetUs(ifDaylight) === DAYLIGHT_OFFSET ? ifDaylight : local - STANDARD_OFFSET;
}

/**
 * New York's distance from UTC in microseconds: -4 hours in summer, -5 in winter. Right from 1987
 * to 2099 (as long as the law stands); before and after, winter time is answered.
 */
export function newYorkOffsetUs(us: number): number {
  // A mean year drifts from the calendar by less than two days, and no change is near 1 January.
  const at = Math.floor((us - DAYLIGHT_FIRST_US) / YEAR_MEAN);
  const start = DAYLIGHT_STARTS[at];
  const end = DAYLIGHT_ENDS[at];
  if (start === undefined || end === undefined) return STANDARD_OFFSET;
  return us >= start && us < end ? DAYLIGHT_OFFSET : STANDARD_OFFSET;
}

const STANDARD_OFFSET = -5 * HOUR;
const DAYLIGHT_OFFSET = -4 * HOUR;
const DAYLIGHT_YEAR_FIRST = 1987;
const DAYLIGHT_YEAR_LAST = 2099;
const DAYLIGHT_FIRST_US = daysFromCivil(DAYLIGHT_YEAR_FIRST, 1, 1) * DAY;
const YEAR_MEAN = 365.2425 * DAY;
const DAYLIGHT_STARTS = daylightTable(daylightStartUs);
const DAYLIGHT_ENDS = daylightTable(daylightEndUs);

function daylightTable(changeUs: (year: number) => number): Float64Array {
  const changes = new Float64Array(DAYLIGHT_YEAR_LAST - DAYLIGHT_YEAR_FIRST + 1);
  for (let at = 0; at < changes.length; at += 1) changes[at] = changeUs(DAYLIGHT_YEAR_FIRST + at);
  return changes;
}

/**
 * Uniform Time Act as amended: since 2007 from the second Sunday of March to the first of November,
 * from 1987 to 2006 from the first Sunday of April to the last of October, at 02:00 on the clock.
 */
function daylightStartUs(year: number): number {
  const earliest = year >= 2007 ? daysFromCivil(year, 3, 8) : daysFromCivil(year, 4, 1);
  return sundayFrom(earliest) * DAY + 2 * HOUR - STANDARD_OFFSET;
}

function daylightEndUs(year: number): number {
  const earliest = year >= 2007 ? daysFromCivil(year, 11, 1) : daysFromCivil(year, 10, 25);
  return sundayFrom(earliest) * DAY + 2 * HOUR - DAYLIGHT_OFFSET;
}

function sundayFrom(days: number): number {
  return days + ((7 - weekday(days)) % 7);
}
