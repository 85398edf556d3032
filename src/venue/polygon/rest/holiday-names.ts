import { civilFromDays, type DateNumber, daysOfDate } from '../../../core/time.ts';

/** What a weekday without a session, or with a short one, is kept for. */
export function holidayName(date: DateNumber): string {
  const { month, day } = civilFromDays(daysOfDate(date));
  return NAMES.find(([from, to]) => isWithin(month * 100 + day, from, to))?.[2] ?? 'Closure';
}

/** Month and day, from the earliest to the latest on which it is kept. */
const NAMES: readonly (readonly [from: number, to: number, name: string])[] = [
  [1231, 1231, "New Year's Day"],
  [101, 102, "New Year's Day"],
  [115, 121, 'Martin Luther King, Jr. Day'],
  [215, 221, "Washington's Birthday"],
  [320, 423, 'Good Friday'],
  [525, 531, 'Memorial Day'],
  [618, 620, 'Juneteenth'],
  [703, 705, 'Independence Day'],
  [901, 907, 'Labor Day'],
  [1122, 1129, 'Thanksgiving'],
  [1224, 1226, 'Christmas'],
];

function isWithin(day: number, from: number, to: number): boolean {
  return day >= from && day <= to;
}
