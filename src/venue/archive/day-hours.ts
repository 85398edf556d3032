import { HOUR } from '../../core/time.ts';
import { newYorkDate, newYorkToUs, tradingDay } from '../../domain/market/calendar.ts';

/** The New York day of a moment and the edges of its core session; both 0 where it has none. */
export interface DayHours {
  readonly startUs: number;
  readonly endUs: number;
  readonly openUs: number;
  readonly closeUs: number;
}

export const NO_HOURS: DayHours = { startUs: 0, endUs: 0, openUs: 0, closeUs: 0 };

export function dayHours(us: number): DayHours {
  const date = newYorkDate(us);
  const startUs = newYorkToUs(date, 0);
  // A day has 23 to 25 hours, so 26 hours after its midnight it is the next one.
  const endUs = newYorkToUs(newYorkDate(startUs + 26 * HOUR), 0);
  const session = tradingDay(date);
  return { startUs, endUs, openUs: session?.openUs ?? 0, closeUs: session?.closeUs ?? 0 };
}
