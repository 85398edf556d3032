import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from './bar.ts';
import type { EventBatch } from './event-batch.ts';

/**
 * Adds a venue's own bar to the open bar that it belongs to: a bar of a shorter span is a part of
 * ours, one of our span is all of it.
 */
export function mergeBar(
  state: Float64Array,
  at: number,
  batch: EventBatch,
  event: number,
  startUs: number,
): void {
  const high = batch.b[event] ?? 0;
  const low = batch.c[event] ?? 0;
  const close = batch.d[event] ?? 0;
  const volume = batch.e[event] ?? 0;
  const open = state[at + OPEN_BAR_OPEN] ?? Number.NaN;
  if (open !== open) state[at + OPEN_BAR_OPEN] = batch.a[event] ?? 0;
  // Written so that NaN, the state before the first price, loses every comparison.
  if (!(high <= (state[at + OPEN_BAR_HIGH] ?? 0))) state[at + OPEN_BAR_HIGH] = high;
  if (!(low >= (state[at + OPEN_BAR_LOW] ?? 0))) state[at + OPEN_BAR_LOW] = low;
  state[at + OPEN_BAR_CLOSE] = close;
  state[at + OPEN_BAR_VOLUME] = (state[at + OPEN_BAR_VOLUME] ?? 0) + volume;
  state[at + OPEN_BAR_TURNOVER] = (state[at + OPEN_BAR_TURNOVER] ?? 0) + close * volume;
  state[at + OPEN_BAR_START_US] = startUs;
}
