import type { DataChannel } from './data-channels.ts';
import type { DataSession } from './data-session.ts';
import type { WireEvent } from './wire-event.ts';

/**
 * What the delayed feed will say. A client gets its first event one delay after it subscribed:
 * nothing is kept that nobody had asked for.
 */
export class DelayedEvents {
  dropped = 0;
  readonly #delayUs: number;
  #queue: Entry[] = [];

  constructor(delayUs: number) {
    this.#delayUs = delayUs;
  }

  get size(): number {
    return this.#queue.length;
  }

  add(nowUs: number, session: DataSession, channel: DataChannel, event: WireEvent): void {
    if (this.#queue.length >= EVENTS_MAX) this.dropped += 1;
    else this.#queue.push({ dueUs: nowUs + this.#delayUs, session, channel, event });
  }

  release(nowUs: number): void {
    let count = 0;
    for (const { dueUs, session, channel, event } of this.#queue) {
      if (dueUs > nowUs) break;
      session.offer(event, channel);
      count += 1;
    }
    if (count > 0) this.#queue = this.#queue.slice(count);
  }

  forget(session: DataSession): void {
    this.#queue = this.#queue.filter((entry) => entry.session !== session);
  }
}

type Entry = {
  readonly dueUs: number;
  readonly session: DataSession;
  readonly channel: DataChannel;
  readonly event: WireEvent;
};

const EVENTS_MAX = 200_000;
