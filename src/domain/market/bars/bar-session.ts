import { assert } from '../../../core/assert.ts';
import { type TradingDay, usOfNewYorkDay } from '../calendar.ts';

/**
 * Which session a builder is in, and what it could not use, in eleven doubles at the head of its
 * state. Before the first session there is none to keep to: a market that never closes.
 */
export const SESSION_OPEN_US = 0;
/** Infinity where there is no session. */
export const SESSION_CLOSE_US = 1;
/** When the core session of the day opens; NaN where there is none. */
export const SESSION_CORE_US = 2;
/** 1 before and after the core session: other rules for trades, and no bar of a day. */
export const SESSION_EXTENDED = 3;
/** Where the grid of a span that is anchored to midnight begins. */
export const SESSION_MIDNIGHT_US = 4;
/** Trades and bars that came after their bar was closed. */
export const COUNT_LATE = 5;
/** Those that are of no session, or of another than this. */
export const COUNT_OUTSIDE = 6;
/** Those that cannot be true, are doubted by the feed, or are not what bars are made of here. */
export const COUNT_REFUSED = 7;
/** Data were lost up to here; NaN for none. */
export const SESSION_GAP_US = 8;
/** Of bars of the venue: when the last one began. */
export const SESSION_LAST_US = 9;
/** The latest moment that was closed; -Infinity before. */
export const SESSION_PASSED_US = 10;
export const SESSION_WIDTH = 11;

/** A stretch of trading that no bar crosses. */
export interface BarSession {
  readonly openUs: number;
  readonly closeUs: number;
  /** When the core session of the same day opens. */
  readonly coreOpenUs: number;
  /** Before or after the core session: `T` trades set prices there (conditions.ts). */
  readonly isExtended: boolean;
}

/** The sessions of a day, in order: before the open, the core session, after the close. */
export function barSessions(day: TradingDay): readonly [BarSession, BarSession, BarSession] {
  const { preUs, openUs, closeUs, postUs } = day;
  return [
    { openUs: preUs, closeUs: openUs, coreOpenUs: openUs, isExtended: true },
    { openUs, closeUs, coreOpenUs: openUs, isExtended: false },
    { openUs: closeUs, closeUs: postUs, coreOpenUs: openUs, isExtended: true },
  ];
}

export function resetSession(state: Float64Array, at: number): void {
  state.fill(0, at, at + SESSION_WIDTH);
  state[at + SESSION_CLOSE_US] = Infinity;
  state[at + SESSION_CORE_US] = NaN;
  state[at + SESSION_GAP_US] = NaN;
  state[at + SESSION_LAST_US] = NaN;
  state[at + SESSION_PASSED_US] = -Infinity;
}

export function setSession(state: Float64Array, at: number, session: BarSession): void {
  const { openUs, closeUs, coreOpenUs, isExtended } = session;
  assert(closeUs > openUs, 'a session closes after it opened');
  state[at + SESSION_OPEN_US] = openUs;
  state[at + SESSION_CLOSE_US] = closeUs;
  state[at + SESSION_CORE_US] = coreOpenUs;
  state[at + SESSION_EXTENDED] = isExtended ? 1 : 0;
  state[at + SESSION_MIDNIGHT_US] = openUs - usOfNewYorkDay(openUs);
}

/** Is the session over, by what was closed? */
export function isPassed(state: Float64Array, at: number): boolean {
  return (state[at + SESSION_PASSED_US] ?? NaN) >= (state[at + SESSION_CLOSE_US] ?? NaN);
}

export function isInSession(state: Float64Array, at: number, us: number): boolean {
  return us >= (state[at + SESSION_OPEN_US] ?? NaN) && us < (state[at + SESSION_CLOSE_US] ?? NaN);
}

export function countOne(state: Float64Array, at: number): void {
  state[at] = (state[at] ?? NaN) + 1;
}
