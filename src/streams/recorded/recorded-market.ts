import { assert } from '../../core/assert.ts';
import type { FaultList } from '../../domain/market/data-fault.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import type { ListedSymbol, MarketSource, TimedInput } from '../../ports/market-source.ts';
import { copyEvents } from '../../domain/market/copy-events.ts';
import type { RecordedFile } from './recorded-file.ts';

/** Files that are open together: one day of ticks, or all symbols of a folder of minutes. */
export interface Period {
  open(): readonly RecordedFile[];
}

export interface RecordedMarketOptions {
  readonly name: string;
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  /** In time order. */
  readonly periods: readonly Period[];
  readonly faults: FaultList;
  /** The largest frame: what arrives at one moment beyond it makes another frame of that moment. */
  readonly frameEventsMax: number;
}

/**
 * Merges recorded files by receive time. At one moment the order is that of the symbols, quotes
 * before trades, then the file's own. Frames do not depend on the size of the caller's batches: a
 * frame that does not fit any more waits for the next call.
 */
export class RecordedMarket implements MarketSource {
  readonly name: string;
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly faults: FaultList;
  readonly #periods: readonly Period[];
  readonly #frameEventsMax: number;
  /** A binary heap: the file whose row comes first is at 0. */
  readonly #heap: RecordedFile[] = [];
  readonly #held: EventBatch;
  #heldUs = Number.NaN;
  #period = 0;

  constructor(options: RecordedMarketOptions) {
    this.name = options.name;
    this.symbols = options.symbols;
    this.calendar = options.calendar;
    this.faults = options.faults;
    this.#periods = options.periods;
    this.#frameEventsMax = options.frameEventsMax;
    this.#held = new EventBatch(options.frameEventsMax, 1);
  }

  /** The batch must have room for one frame of the largest size. */
  next(batch: EventBatch): boolean {
    assert(batch.eventsMax >= this.#frameEventsMax, 'a batch has room for the largest frame');
    batch.clear();
    copyEvents(this.#held, 0, this.#held.count, batch);
    this.#held.clear();
    let us = this.#heldUs;
    let begin = 0;
    for (;;) {
      const file = this.#first();
      const isSameFrame = file?.receiveUs === us && batch.count - begin < this.#frameEventsMax;
      if (batch.count > begin && !isSameFrame) {
        batch.endFrame(us);
        begin = batch.count;
        if (batch.isFull) break;
      }
      if (file === undefined) break;
      if (batch.isFull) {
        this.#hold(batch, begin, us);
        break;
      }
      us = file.receiveUs;
      file.write(batch);
      file.advance();
      this.#settle(file);
    }
    return batch.frames > 0;
  }

  close(): void {
    for (const file of this.#heap) file.close();
    this.#heap.length = 0;
    this.#period = this.#periods.length;
    this.#held.clear();
  }

  #hold(batch: EventBatch, begin: number, us: number): void {
    copyEvents(batch, begin, batch.count, this.#held);
    this.#heldUs = us;
    batch.count = begin;
  }

  /** The file whose row comes first, from the next period where this one is over. */
  #first(): RecordedFile | undefined {
    while (this.#heap.length === 0) {
      const period = this.#periods[this.#period];
      if (period === undefined) return undefined;
      this.#period += 1;
      for (const file of period.open()) {
        if (Number.isFinite(file.receiveUs)) this.#heap.push(file);
      }
      this.#heap.sort((left, right) => (isBefore(left, right) ? -1 : 1));
    }
    return this.#heap[0];
  }

  /** The file at the top has moved on: it sinks to its place, or leaves at its end. */
  #settle(file: RecordedFile): void {
    const heap = this.#heap;
    let sinking = file;
    if (file.receiveUs === Number.POSITIVE_INFINITY) {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      sinking = last;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let next = heap[child];
      const right = heap[child + 1];
      if (next === undefined) break;
      if (right !== undefined && isBefore(right, next)) {
        child += 1;
        next = right;
      }
      if (!isBefore(next, sinking)) break;
      heap[at] = next;
      at = child;
    }
    heap[at] = sinking;
  }
}

function isBefore(left: RecordedFile, right: RecordedFile): boolean {
  if (left.receiveUs !== right.receiveUs) return left.receiveUs < right.receiveUs;
  return left.rank < right.rank;
}
