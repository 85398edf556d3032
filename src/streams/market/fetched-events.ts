import { MINUTE } from '../../core/time.ts';
import { copyEvents } from '../../domain/market/copy-events.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { HeldEvents } from './held-events.ts';
import type { HistoryBar, HistoryTrade } from './market-history.ts';
import type { MarketDecoder } from './market-protocol.ts';

type Fetched = { readonly knownUs: number; readonly symbol: number } & (
  | { readonly bar: HistoryBar }
  | { readonly trade: HistoryTrade }
  /** Came live, and was checked then. */
  | { readonly batch: EventBatch; readonly at: number }
);

/**
 * What was fetched after a gap, in the order in which it would have been heard: a bar when its
 * minute was over, a trade at its time. It goes through the same decoder as what comes live, so the
 * same checks, and counts once.
 */
export class FetchedEvents {
  readonly eventsMax: number;
  /** Rows that found no room. */
  dropped = 0;
  readonly #directory: SymbolDirectory;
  readonly #decoder: MarketDecoder;
  #rows: Fetched[] = [];
  #next = 0;

  constructor(directory: SymbolDirectory, decoder: MarketDecoder, eventsMax: number) {
    this.#directory = directory;
    this.#decoder = decoder;
    this.eventsMax = eventsMax;
  }

  addBars(name: string, bars: readonly HistoryBar[]): void {
    const symbol = this.#directory.idOf(name);
    if (symbol === undefined) return;
    for (const bar of bars) this.#add({ knownUs: bar.startUs + MINUTE, symbol, bar });
  }

  addTrades(name: string, trades: readonly HistoryTrade[]): void {
    const symbol = this.#directory.idOf(name);
    if (symbol === undefined) return;
    for (const trade of trades) this.#add({ knownUs: trade.us, symbol, trade });
  }

  /** No more will be added. Live bars that waited and are older than some of it join it. */
  sort(held: HeldEvents | undefined): void {
    const newestUs = this.#rows.reduce((us, row) => Math.max(us, row.knownUs), 0);
    held?.takeBars(newestUs, (batch, at) => {
      const knownUs = (batch.venueUs[at] ?? 0) + MINUTE;
      // Not against the limit: it waited within one of its own.
      this.#rows.push({ knownUs, symbol: batch.symbol[at] ?? -1, batch, at });
    });
    // A sort that keeps the order of equals: trades of one symbol stay as the venue told them.
    this.#rows = this.#rows.toSorted(
      (left, right) => left.knownUs - right.knownUs || left.symbol - right.symbol,
    );
  }

  /** Fills the batch with one frame or more, a minute each; false once nothing is left. */
  next(batch: EventBatch, receivedUs: number): boolean {
    const rows = this.#rows;
    for (; this.#next < rows.length && !batch.isFull; this.#next += 1) {
      const row = rows[this.#next];
      const before = rows[this.#next - 1];
      if (row === undefined) break;
      const minute = Math.floor(row.knownUs / MINUTE);
      if (before !== undefined && Math.floor(before.knownUs / MINUTE) !== minute) {
        batch.endFrame(receivedUs);
        if (batch.isFull) break;
      }
      this.#write(row, batch);
    }
    batch.endFrame(receivedUs);
    return this.#next < rows.length;
  }

  #add(row: Fetched): void {
    if (this.#rows.length < this.eventsMax) this.#rows.push(row);
    else this.dropped += 1;
  }

  #write(row: Fetched, batch: EventBatch): void {
    if ('batch' in row) copyEvents(row.batch, row.at, row.at + 1, batch);
    else if ('bar' in row) this.#decoder.writeBar(row.symbol, row.bar, batch);
    else this.#decoder.writeTrade(row.symbol, row.trade, batch);
  }
}
