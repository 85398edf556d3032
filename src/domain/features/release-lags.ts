import {
  civilFromDays,
  type DateNumber,
  dateNumber,
  daysFromCivil,
  daysOfDate,
  HOUR,
  MINUTE,
  weekday,
} from '../../core/time.ts';
import { newYorkToUs } from '../market/calendar.ts';

/**
 * When a number of the economy becomes known. Files hold the day that a number is of; whoever joins
 * by that day reads the future. The rules below are the late end of each publisher's calendar, so a
 * number may come a few days late and never early. What was put off while the government was shut
 * comes when all of it was out. Files hold revised numbers, and nothing here can undo that: a file
 * with a `released` column and the first prints knows better.
 */
export interface ReleaseLag {
  /** As FRED names it; `PMI` is a user's own file. */
  readonly series: string;
  readonly publisher: string;
  /** What the file's day stands for: a month by its first day, a quarter too, a day by itself. */
  readonly of: 'day' | 'month' | 'quarter';
  /** Calendar days from the end of that period; a holiday moves it on to the next office day. */
  readonly lagDays: number;
  /** On New York's clocks, microseconds after midnight. */
  readonly usOfDay: number;
  /** Why so many. */
  readonly because: string;
}

const AT_0830 = 8 * HOUR + 30 * MINUTE;
const AT_0915 = 9 * HOUR + 15 * MINUTE;
const AT_1000 = 10 * HOUR;
const AT_1200 = 12 * HOUR;
const AT_1615 = 16 * HOUR + 15 * MINUTE;
const AT_1630 = 16 * HOUR + 30 * MINUTE;

const H6 = 'Federal Reserve H.6';
const H6_RULE =
  'the fourth Tuesday of the next month at 13:00 since February 2021, before that weekly on ' +
  'Thursdays at 16:30: the 28th at 16:30 is never before';
const H15 = 'Federal Reserve H.15';
const H15_RULE = 'posted at 16:15 on the business day after';
const BLS_JOBS = 'BLS Employment Situation';
const BLS_RULE =
  'the third Friday after the week of the 12th: the 3rd to the 10th of the next month';

export const RELEASE_LAGS: readonly ReleaseLag[] = [
  lag('M2SL', H6, 'month', 28, AT_1630, H6_RULE),
  // Weeks come with their month's release since 2021; before it was eleven days.
  lag('WM2NS', H6, 'month', 28, AT_1630, H6_RULE),
  lag('ICSA', 'Department of Labor weekly claims', 'day', 5, AT_0830, 'Thursday after Saturday'),
  lag('T10Y2Y', H15, 'day', 1, AT_1615, H15_RULE),
  lag('DGS2', H15, 'day', 1, AT_1615, H15_RULE),
  lag('DGS10', H15, 'day', 1, AT_1615, H15_RULE),
  lag('DGS30', H15, 'day', 1, AT_1615, H15_RULE),
  lag('T5YIE', H15, 'day', 1, AT_1615, H15_RULE),
  lag('T10YIE', H15, 'day', 1, AT_1615, H15_RULE),
  lag('FEDFUNDS', H15, 'month', 3, AT_1615, 'the mean of a month, with the first day after it'),
  lag('INDPRO', 'Federal Reserve G.17', 'month', 18, AT_0915, 'mid-month, the 14th to the 18th'),
  lag('PMI', 'ISM manufacturing', 'month', 3, AT_1000, 'the first business day of the next month'),
  lag('PAYEMS', BLS_JOBS, 'month', 10, AT_0830, BLS_RULE),
  lag('UNRATE', BLS_JOBS, 'month', 10, AT_0830, BLS_RULE),
  lag('CPIAUCSL', 'BLS Consumer Price Index', 'month', 17, AT_0830, 'the 10th to the 17th'),
  lag('HOUST', 'Census new residential construction', 'month', 20, AT_0830, 'the 16th to the 20th'),
  lag('GDPC1', 'BEA gross domestic product', 'quarter', 31, AT_0830, 'advance, 25 to 31 days'),
  lag('MORTGAGE30US', 'Freddie Mac survey', 'day', 0, AT_1200, 'Thursday noon, of that week'),
  lag('WALCL', 'Federal Reserve H.4.1', 'day', 1, AT_1630, 'Thursday, of the Wednesday before'),
  lag('DTWEXBGS', 'Federal Reserve H.10', 'day', 7, AT_1615, 'Mondays, of the week before'),
  lag('ANFCI', 'Chicago Fed', 'day', 5, AT_0830, 'Wednesday, of the week to Friday'),
  lag('STLFSI4', 'St. Louis Fed', 'day', 6, AT_1200, 'Thursday, of the week to Friday'),
];

function lag(
  series: string,
  publisher: string,
  of: ReleaseLag['of'],
  lagDays: number,
  usOfDay: number,
  because: string,
): ReleaseLag {
  return { series, publisher, of, lagDays, usOfDay, because };
}

export function releaseLagOf(series: string): ReleaseLag | undefined {
  return RELEASE_LAGS.find((known) => known.series === series);
}

/** When a number of that day (whole days since 1970) was published, microseconds UTC. */
export function releaseUs(lag: ReleaseLag, observedDay: number): number {
  const due = officeDayFrom(periodEnd(lag.of, observedDay) + lag.lagDays);
  return newYorkToUs(dateNumber(civilFromDays(afterShutdown(lag.series, due))), lag.usOfDay);
}

interface Shutdown {
  /** What was due from the one day to the other was out on the last. */
  readonly first: DateNumber;
  readonly caughtUp: DateNumber;
  readonly series: readonly string[];
}

const STATISTICS = ['PAYEMS', 'UNRATE', 'CPIAUCSL', 'GDPC1', 'INDPRO'];

/** The Federal Reserve, Freddie Mac and ISM were never shut, but G.17 lacked data of others. */
const SHUTDOWNS: readonly Shutdown[] = [
  { first: 20131001, caughtUp: 20131121, series: STATISTICS },
  { first: 20131001, caughtUp: 20131220, series: ['HOUST'] },
  { first: 20181222, caughtUp: 20190311, series: ['HOUST', 'GDPC1'] },
  { first: 20251001, caughtUp: 20251224, series: STATISTICS },
  { first: 20251001, caughtUp: 20251121, series: ['ICSA'] },
  { first: 20251001, caughtUp: 20260130, series: ['HOUST'] },
];

function afterShutdown(series: string, due: number): number {
  let day = due;
  for (const { first, caughtUp, series: late } of SHUTDOWNS) {
    const [from, until] = [daysOfDate(first), daysOfDate(caughtUp)];
    if (late.includes(series) && due >= from && due < until) day = until;
  }
  return day;
}

/** The last day of the period that a day stands for. */
function periodEnd(of: ReleaseLag['of'], day: number): number {
  if (of === 'day') return day;
  const { year, month } = civilFromDays(day);
  const months = of === 'month' ? month : 3 * Math.floor((month - 1) / 3) + 3;
  return months === 12 ? daysFromCivil(year + 1, 1, 1) - 1 : daysFromCivil(year, months + 1, 1) - 1;
}

function officeDayFrom(day: number): number {
  let at = day;
  while (isOfficeClosed(at)) at += 1;
  return at;
}

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** Weekends and federal holidays (5 U.S.C. 6103), also as kept on the Friday or Monday beside. */
export function isOfficeClosed(day: number): boolean {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === SUNDAY || dayOfWeek === SATURDAY) return true;
  if (isFixedHoliday(day)) return true;
  if (dayOfWeek === FRIDAY && isFixedHoliday(day + 1)) return true;
  if (dayOfWeek === MONDAY && isFixedHoliday(day - 1)) return true;
  const { month, day: dayOfMonth } = civilFromDays(day);
  const nth = Math.ceil(dayOfMonth / 7);
  if (dayOfWeek === THURSDAY) return month === 11 && nth === 4;
  if (dayOfWeek !== MONDAY) return false;
  if (month === 5) return dayOfMonth > 24; // The last Monday of May.
  return (
    ((month === 1 || month === 2) && nth === 3) ||
    (month === 9 && nth === 1) ||
    (month === 10 && nth === 2)
  );
}

function isFixedHoliday(day: number): boolean {
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  switch (month * 100 + dayOfMonth) {
    case 101:
    case 704:
    case 1111:
    case 1225:
      return true;
    case 619:
      return year >= 2021;
    default:
      return false;
  }
}
