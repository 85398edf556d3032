import { DAY, MINUTE } from '../../../core/time.ts';
import type { TimeBarKind } from './bar-kind.ts';
import {
  SESSION_CLOSE_US,
  SESSION_EXTENDED,
  SESSION_MIDNIGHT_US,
  SESSION_OPEN_US,
} from './bar-session.ts';

/** Every session of the exchange opens and closes on one: a grid that divides it meets all. */
const EDGE_US = 30 * MINUTE;

/** The longest span of which every bar of every kind is a whole number, whatever cuts it. */
export function baseOf(kinds: readonly TimeBarKind[]): number {
  return kinds.reduce((base, { spanUs }) => commonDivisor(base, spanUs), EDGE_US);
}

function commonDivisor(one: number, other: number): number {
  let [large, small] = [one, other];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}

/**
 * Start and end of the bar that a moment of the session lies in, cut at the session's edges. False
 * where the kind has none: there is no bar of a day before the open and after the close.
 */
export function findWindow(
  times: Float64Array,
  state: Float64Array,
  sessionAt: number,
  kind: TimeBarKind,
  us: number,
): boolean {
  const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
  const closeUs = state[sessionAt + SESSION_CLOSE_US] ?? NaN;
  const { spanUs } = kind;
  if (spanUs === DAY && closeUs < Infinity) {
    times[0] = openUs;
    times[1] = closeUs;
    return state[sessionAt + SESSION_EXTENDED] === 0;
  }
  const isMidnight = kind.anchor === 'midnight';
  const anchorUs = isMidnight ? (state[sessionAt + SESSION_MIDNIGHT_US] ?? NaN) : openUs;
  const startUs = anchorUs + Math.floor((us - anchorUs) / spanUs) * spanUs;
  times[0] = Math.max(startUs, openUs);
  times[1] = Math.min(startUs + spanUs, closeUs);
  return true;
}

/** Whether an edge of the session has cut the bar: a day's bar is whole however short the day. */
export function isCut(times: Float64Array, { spanUs }: TimeBarKind): boolean {
  return spanUs !== DAY && (times[1] ?? NaN) - (times[0] ?? NaN) < spanUs;
}
