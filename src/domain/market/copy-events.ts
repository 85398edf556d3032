import type { EventBatch } from './event-batch.ts';

/** Adds the events `begin .. end` of a batch to another that has room; frames are the caller's. */
export function copyEvents(from: EventBatch, begin: number, end: number, to: EventBatch): void {
  for (let at = begin; at < end; at += 1) {
    const slot = to.add(
      from.kind[at] ?? 0,
      from.symbol[at] ?? 0,
      from.venueUs[at] ?? 0,
      from.flags[at] ?? 0,
      from.exchange[at] ?? 0,
    );
    to.a[slot] = from.a[at] ?? 0;
    to.b[slot] = from.b[at] ?? 0;
    to.c[slot] = from.c[at] ?? 0;
    to.d[slot] = from.d[at] ?? 0;
    to.e[slot] = from.e[at] ?? 0;
    to.f[slot] = from.f[at] ?? 0;
  }
}
