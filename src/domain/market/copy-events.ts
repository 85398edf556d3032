import { assert } from '../../core/assert.ts';
import type { EventBatch } from './event-batch.ts';

/**
 * Adds the events `begin .. end` of a batch to another that has room; frames are the caller's.
 * Every column is written once, from the other's.
 */
export function copyEvents(from: EventBatch, begin: number, end: number, to: EventBatch): void {
  assert(to.count + end - begin <= to.eventsMax, 'a batch has room for what is copied to it');
  let slot = to.count;
  for (let at = begin; at < end; at += 1) {
    to.kind[slot] = from.kind[at] ?? 0;
    to.symbol[slot] = from.symbol[at] ?? 0;
    to.venueUs[slot] = from.venueUs[at] ?? 0;
    to.flags[slot] = from.flags[at] ?? 0;
    to.exchange[slot] = from.exchange[at] ?? 0;
    to.a[slot] = from.a[at] ?? 0;
    to.b[slot] = from.b[at] ?? 0;
    to.c[slot] = from.c[at] ?? 0;
    to.d[slot] = from.d[at] ?? 0;
    to.e[slot] = from.e[at] ?? 0;
    to.f[slot] = from.f[at] ?? 0;
    slot += 1;
  }
  to.count = slot;
}
