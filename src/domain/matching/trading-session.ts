import { assert } from '../../core/assert.ts';
import { civilFromDays, DAY, dateNumber } from '../../core/time.ts';
import { nextTradingDay, tradingDay } from '../market/calendar.ts';

/** The hours in which orders trade. `openUs` belongs to it, `closeUs` no longer does. */
export interface TradingSession {
  readonly openUs: number;
  readonly closeUs: number;
}

/** The session that runs at a time, else the next one; undefined where none is known. */
export type SessionLookup = (us: number) => TradingSession | undefined;

/** For markets that never close. Day orders never expire there. */
export const alwaysOpen: SessionLookup = () => ALWAYS;

/** Regular hours of the New York Stock Exchange. */
export const newYorkSession: SessionLookup = (us) => {
  // A session in New York begins and ends on one UTC date, in summer and in winter.
  const date = dateNumber(civilFromDays(Math.floor(us / DAY)));
  const today = tradingDay(date);
  return today !== undefined && today.closeUs > us ? today : nextTradingDay(date);
};

/** Exactly these sessions, in time order: what a recorded calendar says. */
export function listedSessions(sessions: readonly TradingSession[]): SessionLookup {
  let previousUs = Number.NEGATIVE_INFINITY;
  for (const { openUs, closeUs } of sessions) {
    assert(openUs >= previousUs && closeUs > openUs, 'sessions are listed in time order');
    previousUs = closeUs;
  }
  return (us) => {
    let [low, high] = [0, sessions.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sessions[middle]?.closeUs ?? 0) > us) high = middle;
      else low = middle + 1;
    }
    return sessions[low];
  };
}

const ALWAYS: TradingSession = { openUs: 0, closeUs: Number.MAX_SAFE_INTEGER };
