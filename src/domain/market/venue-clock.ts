import { MINUTE } from '../../core/time.ts';

/**
 * A venue's clock may be ahead of ours by this much and no more. Clocks that are kept differ by
 * milliseconds; a minute allows for one that is not, and for times of whole seconds or of the bar.
 * What is dated later is a wrong date: believed, one such trade would close the bars of hours.
 */
export const VENUE_AHEAD_US_MAX = MINUTE;

/** Is it dated too far after its receipt to be true? */
export function isAheadOfClock(venueUs: number, nowUs: number): boolean {
  return venueUs > nowUs + VENUE_AHEAD_US_MAX;
}
