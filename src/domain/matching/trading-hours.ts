import { HOUR, MINUTE } from '../../core/time.ts';
import {
  newYorkDate,
  newYorkToUs,
  nextTradingDay,
  tradingDay,
  usOfNewYorkDay,
} from '../market/calendar.ts';

/** One trading day; each session begins at its instant and ends before the next one's. */
export interface TradingHours {
  readonly preUs: number;
  readonly openUs: number;
  readonly closeUs: number;
  readonly postUs: number;
}

/** The day whose post session ends after a time; undefined where none is known. */
export type HoursLookup = (us: number) => TradingHours | undefined;

/** The New York Stock Exchange. What trades overnight elsewhere is not listed here. */
export const newYorkHours: HoursLookup = (us) => {
  const date = newYorkDate(us);
  const today = tradingDay(date);
  return today !== undefined && today.postUs > us ? today : nextTradingDay(date);
};

export type MarketPhase = 'closed' | 'pre' | 'core' | 'post';

export function phaseOf(day: TradingHours | undefined, us: number): MarketPhase {
  if (day === undefined || us < day.preUs || us >= day.postUs) return 'closed';
  if (us < day.openUs) return 'pre';
  return us < day.closeUs ? 'core' : 'post';
}

/** Orders for the opening are refused from 09:28 to 19:00 in New York (4.3). */
export function isTooLateForOpening(us: number): boolean {
  const usOfDay = usOfNewYorkDay(us);
  return usOfDay >= 9 * HOUR + 28 * MINUTE && usOfDay < NEXT_DAY;
}

/** Orders for the close: from ten minutes before it, so 12:50 on a half day (9.3), to 19:00. */
export function isTooLateForClose(us: number, day: TradingHours | undefined): boolean {
  const usOfDay = usOfNewYorkDay(us);
  const isToday = day !== undefined && newYorkDate(day.closeUs) === newYorkDate(us);
  const closeUs = isToday ? usOfNewYorkDay(day.closeUs) : 16 * HOUR;
  return usOfDay >= closeUs - 10 * MINUTE && usOfDay < NEXT_DAY;
}

const NEXT_DAY = 19 * HOUR;

/** A gtc order ends 90 days later at 16:15 in New York (4.3). */
export function goodTillCanceledEnd(us: number): number {
  return newYorkToUs(newYorkDate(us + 90 * 24 * HOUR), 16 * HOUR + 15 * MINUTE);
}
