import { type DateNumber, daysFromCivil, weekday } from '../../core/time.ts';

/**
 * On which weekdays the New York Stock Exchange stays closed, and on which it closes early, from
 * 1990 to 2030. Rules of the exchange as code; what no rule foretells as data.
 *
 * Closures from 1990 to 2025 agree with the days that have no price (calendar-history.test.ts),
 * those of 2024 to 2027 with the exchange's published table. Early closes before 2024 come from
 * rules and days that open-source calendars agree on (exchange_calendars, pandas_market_calendars)
 * and were not checked against the exchange. Storms, breakdowns and halts that ended single
 * sessions at odd minutes (1994-02-11, 1996-01-08, 1997-10-27, 2005-06-01) are not listed.
 */

interface SpecialClosure {
  readonly date: DateNumber;
  readonly reason: string;
}

/** Add a day of mourning or a storm here. */
const SPECIAL_CLOSURES: readonly SpecialClosure[] = [
  { date: 19940427, reason: 'mourning for President Nixon' },
  { date: 20010911, reason: 'attacks of 11 September' },
  { date: 20010912, reason: 'attacks of 11 September' },
  { date: 20010913, reason: 'attacks of 11 September' },
  { date: 20010914, reason: 'attacks of 11 September' },
  { date: 20040611, reason: 'mourning for President Reagan' },
  { date: 20070102, reason: 'mourning for President Ford' },
  { date: 20121029, reason: 'hurricane Sandy' },
  { date: 20121030, reason: 'hurricane Sandy' },
  { date: 20181205, reason: 'mourning for President Bush' },
  { date: 20250109, reason: 'mourning for President Carter' },
];

interface EarlyClose {
  readonly date: DateNumber;
  /** Minutes after midnight in New York. */
  readonly closeMinute: number;
}

/** Early closes that follow from no rule below. */
const SPECIAL_EARLY_CLOSES: readonly EarlyClose[] = [
  { date: 19901224, closeMinute: 14 * 60 },
  { date: 19911224, closeMinute: 14 * 60 },
  { date: 19921127, closeMinute: 14 * 60 },
  { date: 19921224, closeMinute: 14 * 60 },
  { date: 19971226, closeMinute: 13 * 60 },
  { date: 19991231, closeMinute: 13 * 60 },
  { date: 20031226, closeMinute: 13 * 60 },
];

const CLOSE_MINUTE = 16 * 60;
const EARLY_CLOSE_MINUTE = 13 * 60;
const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** Days are whole days since 1970 of a New York date. */
export function isClosed(days: number, year: number, month: number, day: number): boolean {
  const dayOfWeek = weekday(days);
  if (dayOfWeek === SUNDAY || dayOfWeek === SATURDAY) return true;
  return (
    isHoliday(dayOfWeek, year, month, day) ||
    days === goodFriday(year) ||
    isSpecialClosure(year * 10_000 + month * 100 + day)
  );
}

/** Minutes after midnight in New York at which the core session of an open day ends. */
export function closeMinuteOf(days: number, year: number, month: number, day: number): number {
  if (isEarlyByRule(weekday(days), year, month, day)) return EARLY_CLOSE_MINUTE;
  const date = year * 10_000 + month * 100 + day;
  for (const special of SPECIAL_EARLY_CLOSES) {
    if (special.date === date) return special.closeMinute;
  }
  return CLOSE_MINUTE;
}

/** Holidays with a rule, for a weekday. */
function isHoliday(dayOfWeek: number, year: number, month: number, day: number): boolean {
  const isMonday = dayOfWeek === MONDAY;
  switch (month) {
    case 1:
      // New Year's Day; on a Saturday it is not observed, since the year's books close on the 31st.
      if (day === 1 || (isMonday && day === 2)) return true;
      return year >= 1998 && isMonday && isNth(day, 3); // Martin Luther King Jr. Day.
    case 2:
      return isMonday && isNth(day, 3); // Washington's Birthday.
    case 5:
      return isMonday && day > 24; // Memorial Day: the last Monday.
    case 6:
      return year >= 2022 && isObserved(dayOfWeek, day, 19); // Juneteenth.
    case 7:
      return isObserved(dayOfWeek, day, 4); // Independence Day.
    case 9:
      return isMonday && isNth(day, 1); // Labor Day.
    case 11:
      return dayOfWeek === THURSDAY && isNth(day, 4); // Thanksgiving.
    case 12:
      return isObserved(dayOfWeek, day, 25); // Christmas.
    default:
      return false;
  }
}

function isNth(day: number, nth: number): boolean {
  return Math.ceil(day / 7) === nth;
}

/** A Saturday's holiday is kept on the Friday before, a Sunday's on the Monday after. */
function isObserved(dayOfWeek: number, day: number, holiday: number): boolean {
  if (day === holiday) return true;
  if (dayOfWeek === FRIDAY) return day === holiday - 1;
  return dayOfWeek === MONDAY && day === holiday + 1;
}

/** Two days before Easter, by the Gregorian computus (Meeus, Jones and Butcher). */
function goodFriday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const lunar = Math.floor((century + 8) / 25);
  const solar = Math.floor((century - lunar + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - solar + 15) % 30;
  const leap = 32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4);
  const toSunday = (leap - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const serial = epact + toSunday - 7 * late + 114;
  return daysFromCivil(year, Math.floor(serial / 31), (serial % 31) + 1) - 2;
}

function isSpecialClosure(date: DateNumber): boolean {
  for (const closure of SPECIAL_CLOSURES) {
    if (closure.date === date) return true;
  }
  return false;
}

/** 13:00 closes since 1993, for a weekday on which the exchange opens. */
function isEarlyByRule(dayOfWeek: number, year: number, month: number, day: number): boolean {
  if (year < 1993) return false;
  switch (month) {
    case 7:
      return year >= 1995 && isEarlyInJuly(dayOfWeek, year, day);
    case 11:
      return dayOfWeek === FRIDAY && day >= 23 && day <= 29; // The day after Thanksgiving.
    case 12:
      return day === 24; // Where it is a holiday itself, the exchange is closed.
    default:
      return false;
  }
}

/**
 * 3 July, when the 4th is a Tuesday to Friday: on Mondays, Tuesdays and Thursdays since 1995, on
 * Wednesdays since 2013. Until 2012 the Friday after a Thursday's holiday was the short one.
 */
function isEarlyInJuly(dayOfWeek: number, year: number, day: number): boolean {
  if (day === 5) return dayOfWeek === FRIDAY && year < 2013;
  if (day !== 3 || dayOfWeek === FRIDAY) return false;
  return dayOfWeek === 3 ? year >= 2013 : true;
}
