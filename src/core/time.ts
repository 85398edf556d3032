/**
 * Time inside is integer microseconds since 1970-01-01 UTC: exact in a double until the year 2255.
 * Nothing here reads a clock.
 */
export const MS = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A civil date without a zone: `20131007`, as feeds and file names write it. */
export type DateNumber = number;

/** Days since 1970-01-01 of a civil date (Hinnant, "chrono-compatible date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The inverse of `daysFromCivil`. */
export function civilFromDays(days: number): Civil {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Sunday is 0, as everywhere else in this project. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

export function dateNumber(civil: Civil): DateNumber {
  return civil.year * 10_000 + civil.month * 100 + civil.day;
}

export function daysOfDate(date: DateNumber): number {
  return daysFromCivil(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
}

/** `20131007`, `2013-10-07`; undefined where it is no date of the calendar. */
export function parseDate(text: string): DateNumber | undefined {
  const match = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const date = Number(match[1]) * 10_000 + Number(match[3]) * 100 + Number(match[4]);
  return dateNumber(civilFromDays(daysOfDate(date))) === date ? date : undefined;
}

/** `2013-10-07T13:30:00.000123Z`: RFC 3339, always six places, always UTC. */
export function formatTime(us: number): string {
  const days = Math.floor(us / DAY);
  const rest = us - days * DAY;
  const { year, month, day } = civilFromDays(days);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two(rest / HOUR)}:${two((rest / MINUTE) % 60)}:${two((rest / SECOND) % 60)}`;
  const fraction = String(rest % SECOND).padStart(6, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}.${fraction}Z`;
}

/** RFC 3339 with any offset, 0 to 9 places; what lies below a microsecond is cut, not rounded. */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(\D.*)$/.exec(text);
  if (match === null) return undefined;
  const date = parseDate(match[1] ?? '');
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = parseOffsetMinutes(match[6] ?? '');
  if (offset === undefined) return undefined;
  const fraction = Number((match[5] ?? '').slice(0, 6).padEnd(6, '0'));
  const minutes = hour * 60 + minute - offset;
  return daysOfDate(date) * DAY + minutes * MINUTE + second * SECOND + fraction;
}

/** `Z`, `-05:00`, `+0530`. */
function parseOffsetMinutes(text: string): number | undefined {
  if (text === 'Z') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [hour, minute] = [Number(match[2]), Number(match[3])];
  if (hour > 23 || minute > 59) return undefined;
  return (hour * 60 + minute) * (match[1] === '-' ? -1 : 1);
}
