import { isEmptyBar, OPEN_BAR_START_US } from '../bar.ts';
import {
  addCounts,
  BAR_CORE_OPEN_US,
  BAR_DAMAGED,
  BAR_END_US,
  BAR_MARKS,
  BAR_RECORD_WIDTH,
  COUNTS_WIDTH,
  resetRecord,
} from './bar-record.ts';
import { SESSION_CORE_US, SESSION_GAP_US } from './bar-session.ts';
import type { ClosedBars } from './closed-bars.ts';

/**
 * One stream of bars: its open bar, and behind it the volume, turnover and trades of bars that were
 * never published, because no trade gave them a price (`isEmptyBar`).
 */
export const STREAM_UNPUBLISHED = BAR_RECORD_WIDTH;
export const STREAM_WIDTH = BAR_RECORD_WIDTH + COUNTS_WIDTH;

export function resetStream(state: Float64Array, at: number): void {
  resetRecord(state, at);
  state.fill(0, at + STREAM_UNPUBLISHED, at + STREAM_WIDTH);
}

/** Begins a bar in an empty record. `times`: its start and its end. */
export function beginRecord(
  state: Float64Array,
  at: number,
  times: Float64Array,
  session: Float64Array,
  sessionAt: number,
): void {
  const startUs = times[0] ?? NaN;
  const isDamaged = startUs <= (session[sessionAt + SESSION_GAP_US] ?? NaN);
  state[at + OPEN_BAR_START_US] = startUs;
  state[at + BAR_END_US] = times[1] ?? NaN;
  state[at + BAR_CORE_OPEN_US] = session[sessionAt + SESSION_CORE_US] ?? NaN;
  state[at + BAR_MARKS] = isDamaged ? BAR_DAMAGED : 0;
}

/** Hands the open bar of a stream over, or counts what it has where there is nothing to publish. */
export function publish(state: Float64Array, at: number, stream: number, closed: ClosedBars): void {
  if (isEmptyBar(state, at)) addCounts(state, at + STREAM_UNPUBLISHED, state, at);
  else closed.add(stream, state, at);
  resetRecord(state, at);
}
