import type { RowBatch } from '../../../../src/ports/time-series.ts';
import type { SeriesSink, SinkCounters } from '../../../../src/store/sink/sink-types.ts';

/** Hands rows on at once, or keeps them while it is told to: of a store that is away, or slow. */
export class FakeSink implements SeriesSink {
  isHeld = false;
  readonly #take: (batch: RowBatch) => void;
  #queue: RowBatch[] = [];
  #offers = 0;
  #written = 0;

  constructor(take: (batch: RowBatch) => void) {
    this.#take = take;
  }

  offer(batch: RowBatch): void {
    this.#offers += 1;
    this.#queue.push(batch);
    if (!this.isHeld) this.settle();
  }

  settle(): void {
    for (const batch of this.#queue) {
      this.#take(batch);
      this.#written += batch.rows;
    }
    this.#queue = [];
  }

  counters(): SinkCounters {
    return {
      offers: this.#offers,
      offersSafe: this.#offers - this.#queue.length,
      queued: this.#queue.reduce((sum, { rows }) => sum + rows, 0),
      queuedBytes: 0,
      spooled: 0,
      spooledBytes: 0,
      written: this.#written,
      refused: 0,
      lost: 0,
      damagedBytes: 0,
      oldestMs: 0,
      isAway: this.isHeld,
      blocked: {},
      lostRanges: [],
    };
  }

  async close(): Promise<SinkCounters> {
    if (!this.isHeld) this.settle();
    return this.counters();
  }
}
