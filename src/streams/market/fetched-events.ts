import { MINUTE } from '../../core/time.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import { NO_CODE } from '../alpaca/wire/codes.ts';
import type { EventWriter } from '../alpaca/wire/event-writer.ts';
import type { HistoryBar, HistoryTrade } from './market-history.ts';
import { MessageFields, placeOf } from '../alpaca/wire/message-fields.ts';

const [P, SIZE, I, X] = [placeOf('p'), placeOf('s'), placeOf('i'), placeOf('x')];
const [C, TAPE, TIME] = [placeOf('c'), placeOf('z'), placeOf('t')];
const [O, H, L, V] = [placeOf('o'), placeOf('h'), placeOf('l'), placeOf('v')];

type Fetched =
  | { readonly knownUs: number; readonly symbol: number; readonly bar: HistoryBar }
  | { readonly knownUs: number; readonly symbol: number; readonly trade: HistoryTrade };

/**
 * What was fetched after a gap, in the order in which it would have been heard: a bar when its
 * minute was over, a trade at its time. It goes through the same writer as what comes live, so the
 * same checks, and counts once.
 */
export class FetchedEvents {
  readonly eventsMax: number;
  /** Rows that found no room. */
  dropped = 0;
  readonly #directory: SymbolDirectory;
  readonly #writer: EventWriter;
  readonly #fields = new MessageFields();
  #rows: Fetched[] = [];
  #next = 0;

  constructor(directory: SymbolDirectory, writer: EventWriter, eventsMax: number) {
    this.#directory = directory;
    this.#writer = writer;
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

  /** No more will be added. */
  sort(): void {
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
    const fields = this.#fields;
    fields.reset();
    if ('bar' in row) {
      const { bar } = row;
      fields.setMoment(TIME, bar.startUs);
      fields.setNumber(O, bar.open);
      fields.setNumber(H, bar.high);
      fields.setNumber(L, bar.low);
      fields.setNumber(C, bar.close);
      fields.setNumber(V, bar.volume);
      return this.#writer.writeBarOf(row.symbol, fields, batch);
    }
    const { trade } = row;
    fields.setMoment(TIME, trade.us);
    fields.setNumber(P, trade.price);
    fields.setNumber(SIZE, trade.size);
    fields.setLong(I, trade.id);
    if (trade.exchange !== '') fields.setEscaped(X, trade.exchange);
    if (trade.tape !== '') fields.setEscaped(TAPE, trade.tape);
    fields.beginList(C);
    for (const code of trade.conditions) {
      fields.addItem(C, code.length === 1 ? code.charCodeAt(0) : NO_CODE);
    }
    this.#writer.writeTradeOf(row.symbol, fields, batch);
  }
}
