import { newYorkDayNumber, type SessionKind, sessionOf } from '../../domain/market/calendar.ts';
import { sessionsUntil } from '../../domain/market/session-count.ts';

/**
 * A number for each session of which something was complete at these times: equal within one, and
 * only there. What is complete at four o'clock belongs to the session that ended then.
 */
export function sessionKeys(completeUs: Float64Array): Float64Array {
  return completeUs.map((us) => newYorkDayNumber(us - 1) * KINDS + KIND_PLACES[sessionOf(us - 1)]);
}

const KINDS = 4;
const KIND_PLACES: Readonly<Record<SessionKind, number>> = { pre: 0, core: 1, post: 2, closed: 3 };

/** How many trading days later something was: 0 on the same one; NaN outside the calendar. */
export function tradingDaysBetween(fromUs: number, toUs: number): number {
  return sessionsUntil(newYorkDayNumber(toUs - 1)) - sessionsUntil(newYorkDayNumber(fromUs - 1));
}
