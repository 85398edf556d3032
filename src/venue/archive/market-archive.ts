import { newYorkDate } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import {
  CORRECTION,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  TRADE,
} from '../../domain/market/event-batch.ts';
import type { ListedSymbol, TimedInput } from '../../ports/market-source.ts';
import { BarBook, type BarListener } from './bar-book.ts';
import { emptyBarRow } from './bar-row.ts';
import { type CorporateAction, seededActions } from './corporate-actions.ts';
import { NewsShelf } from './news-shelf.ts';
import { PastDays } from './past-days.ts';
import { QuoteRing } from './quote-ring.ts';
import { TradeRing } from './trade-ring.ts';
import { type Tape, tapeOf } from './wire-codes.ts';

export type ArchiveOptions = {
  readonly seed: number;
  /** In the order of the events' symbol numbers. */
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  /** Trades and quotes that are remembered, of all symbols together. */
  readonly tradesMax?: number | undefined;
  readonly quotesMax?: number | undefined;
  readonly onBars?: BarListener | undefined;
};

/** What the venue remembers of its market, in bounded memory; a frame allocates nothing. */
export class MarketArchive {
  readonly symbols: readonly ListedSymbol[];
  readonly tapes: readonly Tape[];
  readonly bars: BarBook;
  readonly days: PastDays;
  readonly trades: TradeRing;
  readonly quotes: QuoteRing;
  readonly news: NewsShelf;
  readonly actions: readonly CorporateAction[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(options: ArchiveOptions) {
    const { symbols, calendar, history } = options;
    this.symbols = symbols;
    this.tapes = symbols.map((listing, number) => tapeOf(listing, number));
    this.#places = new Map(symbols.map(({ name }, at) => [name, at]));
    this.bars = new BarBook(symbols.length);
    this.trades = new TradeRing(symbols.length, options.tradesMax ?? TRADES_MAX);
    this.quotes = new QuoteRing(symbols.length, options.quotesMax ?? QUOTES_MAX);
    this.news = new NewsShelf(calendar, symbols);
    this.actions = seededActions({ seed: options.seed, symbols, history });
    this.days = new PastDays(symbols, history, this.actions);
    this.bars.beforeNewDay(() => this.#endDay());
    if (options.onBars !== undefined) this.bars.listen(options.onBars);
  }

  /** The number of a symbol, or -1. */
  find(name: string): number {
    return this.#places.get(name) ?? -1;
  }

  /** Events of one frame, at the venue's time; `advance` follows. */
  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    this.bars.frame(batch, begin, end, nowUs);
    for (let event = begin; event < end; event += 1) {
      const kind = batch.kind[event];
      if (kind === TRADE) this.#trade(batch, event);
      else if (kind === QUOTE) this.#quote(batch, event);
      else if (kind === CORRECTION) this.#correct(batch, event);
    }
  }

  /** Closes minutes that are over and tells the listener of bars. */
  advance(nowUs: number): void {
    this.bars.advance(nowUs);
  }

  #trade(batch: EventBatch, event: number): void {
    this.trades.add(
      batch.symbol[event] ?? 0,
      batch.venueUs[event] ?? 0,
      batch.a[event] ?? 0,
      batch.b[event] ?? 0,
      batch.c[event] ?? 0,
      batch.flags[event] ?? 0,
      batch.exchange[event] ?? 0,
    );
  }

  #quote(batch: EventBatch, event: number): void {
    const flags = batch.flags[event] ?? 0;
    const firm = (flags & QUOTE_INELIGIBLE) === 0;
    const bid = firm && (flags & QUOTE_BID) !== 0 ? (batch.a[event] ?? 0) : 0;
    const ask = firm && (flags & QUOTE_ASK) !== 0 ? (batch.c[event] ?? 0) : 0;
    this.quotes.add(
      batch.symbol[event] ?? 0,
      batch.venueUs[event] ?? 0,
      bid,
      bid === 0 ? 0 : (batch.b[event] ?? 0),
      ask,
      ask === 0 ? 0 : (batch.d[event] ?? 0),
      batch.exchange[event] ?? 0,
    );
  }

  #correct(batch: EventBatch, event: number): void {
    this.trades.correct(
      batch.symbol[event] ?? 0,
      batch.f[event] ?? 0,
      batch.a[event] ?? 0,
      batch.b[event] ?? 0,
      batch.c[event] ?? 0,
      batch.d[event] ?? 0,
    );
  }

  #endDay(): void {
    const row = emptyBarRow();
    for (let symbol = 0; symbol < this.symbols.length; symbol += 1) {
      if (!this.bars.dayBar(symbol, row)) continue;
      const { open, high, low, close, volume } = row;
      this.days.add(symbol, { date: newYorkDate(row.startUs), open, high, low, close, volume });
    }
  }
}

/** Nine megabytes, and eighteen. */
const TRADES_MAX = 200_000;
const QUOTES_MAX = 300_000;
