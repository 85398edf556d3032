import { type CodecName, sizeOf } from './codec.ts';
import type { WireEvent } from './wire-event.ts';

/** What waits to be sent to one client, and how it is cut into frames. */
export class Outbox {
  readonly #codec: CodecName;
  #events: WireEvent[] = [];
  #at = 0;

  constructor(codec: CodecName) {
    this.#codec = codec;
  }

  get waiting(): number {
    return this.#events.length - this.#at;
  }

  /** False where there is no room left. */
  add(event: WireEvent): boolean {
    if (this.waiting >= PENDING_EVENTS_MAX) return false;
    this.#events.push(event);
    return true;
  }

  /** The next frame: up to `eventsMax` of them, in as many bytes as no client refuses. */
  take(eventsMax: number): readonly WireEvent[] {
    const begin = this.#at;
    let bytes = 0;
    let at = begin;
    while (at < this.#events.length && at - begin < eventsMax) {
      const event = this.#events[at];
      if (event === undefined) break;
      bytes += sizeOf(this.#codec, event) + 1;
      if (bytes > FRAME_BYTES_MAX && at > begin) break;
      at += 1;
    }
    const frame = this.#events.slice(begin, at);
    if (at < this.#events.length) this.#at = at;
    else this.clear();
    return frame;
  }

  clear(): void {
    this.#events = [];
    this.#at = 0;
  }
}

/** Three minutes of bars of ten thousand symbols, in each of three channels. */
export const PENDING_EVENTS_MAX = 100_000;
/** Polygon's client dies over 1 MiB, so no frame of ours comes near (venues.md 0.9). */
export const FRAME_BYTES_MAX = 240 * 1_024;
