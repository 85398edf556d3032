import { copyEvents } from '../../domain/market/copy-events.ts';
import { BAR, BAR_FINAL, CORRECTION, EventBatch, TRADE } from '../../domain/market/event-batch.ts';

const BATCH_EVENTS = 1_024;

/**
 * Live trades and minute bars that wait while older ones are fetched, so that each symbol's come in
 * order. Quotes and halts never wait: what they say is about now.
 */
export class HeldEvents {
  readonly eventsMax: number;
  count = 0;
  #batches: EventBatch[] = [];

  constructor(eventsMax: number) {
    this.eventsMax = eventsMax;
  }

  get isFull(): boolean {
    return this.count >= this.eventsMax;
  }

  /** Keeps what has to wait, and leaves the rest in `rest`, which is cleared before. */
  keep(batch: EventBatch, rest: EventBatch): void {
    rest.clear();
    for (let at = 0; at < batch.count; at += 1) {
      const kind = batch.kind[at];
      // Also one that is told anew: not before it was told.
      const isBar = kind === BAR && ((batch.flags[at] ?? 0) & BAR_FINAL) !== 0;
      const waits = isBar || kind === TRADE || kind === CORRECTION;
      copyEvents(batch, at, at + 1, waits ? this.#tail() : rest);
      if (waits) this.count += 1;
    }
  }

  /** Hands out the bars that were over by a moment: their place is among older events. */
  takeBars(byUs: number, take: (batch: EventBatch, at: number) => void): void {
    const batches = this.#batches;
    this.#batches = [];
    this.count = 0;
    for (const batch of batches) {
      for (let at = 0; at < batch.count; at += 1) {
        const overUs = (batch.venueUs[at] ?? 0) + (batch.f[at] ?? 0);
        if (batch.kind[at] === BAR && overUs <= byUs) {
          take(batch, at);
          continue;
        }
        copyEvents(batch, at, at + 1, this.#tail());
        this.count += 1;
      }
    }
  }

  /** The oldest batch, to be delivered and forgotten. */
  shift(): EventBatch | undefined {
    const batch = this.#batches.shift();
    this.count -= batch?.count ?? 0;
    return batch;
  }

  #tail(): EventBatch {
    const last = this.#batches.at(-1);
    if (last !== undefined && last.count < last.eventsMax) return last;
    const fresh = new EventBatch(BATCH_EVENTS, 1);
    this.#batches.push(fresh);
    return fresh;
  }
}
