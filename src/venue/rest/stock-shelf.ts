import { sessionOf } from '../../domain/market/calendar.ts';
import { type BarRow, emptyBarRow } from '../archive/bar-row.ts';
import type { Adjustment } from '../archive/corporate-actions.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import type { Point } from './paging.ts';
import { barRow, quoteRow, tradeRow } from './stock-rows.ts';
import { bucketStartUs, regroup, type Timeframe } from './timeframe.ts';

/** The archive as rows of the wire, by symbol name; a name it does not know has no rows. */
export class StockShelf {
  readonly #archive: MarketArchive;

  constructor(archive: MarketArchive) {
    this.#archive = archive;
  }

  trades(name: string, fromUs: number, toUs: number): readonly Point[] {
    const symbol = this.#archive.find(name);
    if (symbol < 0) return [];
    return this.#archive.trades.read(symbol, fromUs, toUs).map((trade) => ({
      us: trade.us,
      number: trade.number,
      row: () => tradeRow(trade, this.#tape(symbol), isCore(trade.us)),
    }));
  }

  quotes(name: string, fromUs: number, toUs: number): readonly Point[] {
    const symbol = this.#archive.find(name);
    if (symbol < 0) return [];
    return this.#archive.quotes.read(symbol, fromUs, toUs).map((quote) => ({
      us: quote.us,
      number: quote.number,
      row: () => quoteRow(quote, this.#tape(symbol)),
    }));
  }

  /** Bars that begin within the span, both ends included. */
  bars(
    name: string,
    fromUs: number,
    toUs: number,
    how: { readonly timeframe: Timeframe; readonly adjustment: Adjustment },
  ): readonly Point[] {
    const symbol = this.#archive.find(name);
    if (symbol < 0) return [];
    const { timeframe, adjustment } = how;
    const beginUs = bucketStartUs(fromUs, timeframe);
    const bars =
      timeframe.unit === 'minute'
        ? this.#minutes(symbol, beginUs)
        : this.#days(symbol, beginUs, adjustment);
    return regroup(bars, timeframe)
      .filter(({ startUs }) => startUs >= fromUs && startUs <= toUs)
      .map((bar) => ({ us: bar.startUs, number: 0, row: () => barRow(bar) }));
  }

  latestTrade(name: string) {
    const symbol = this.#archive.find(name);
    const trade = symbol < 0 ? undefined : this.#archive.trades.latest(symbol);
    if (trade === undefined) return undefined;
    return tradeRow(trade, this.#tape(symbol), isCore(trade.us));
  }

  latestQuote(name: string) {
    const symbol = this.#archive.find(name);
    const quote = symbol < 0 ? undefined : this.#archive.quotes.latest(symbol);
    return quote === undefined ? undefined : quoteRow(quote, this.#tape(symbol));
  }

  /** The last minute that is over. */
  latestBar(name: string) {
    const symbol = this.#archive.find(name);
    const row = emptyBarRow();
    return symbol >= 0 && this.#archive.bars.latestBar(symbol, row) ? barRow(row) : undefined;
  }

  /** What is known of a symbol at once; before the open the last day is the daily bar. */
  snapshot(name: string): Readonly<Record<string, unknown>> | undefined {
    const symbol = this.#archive.find(name);
    if (symbol < 0) return undefined;
    const days = this.#lastDays(symbol);
    const parts = {
      latestTrade: this.latestTrade(name),
      latestQuote: this.latestQuote(name),
      minuteBar: this.latestBar(name),
      dailyBar: rowOrNothing(days.at(-1)),
      prevDailyBar: rowOrNothing(days.at(-2)),
    };
    const known = Object.entries(parts).filter(([, part]) => part !== undefined);
    return known.length === 0 ? undefined : Object.fromEntries(known);
  }

  #minutes(symbol: number, fromUs: number): readonly BarRow[] {
    const { bars } = this.#archive;
    const rows: BarRow[] = [];
    for (let place = 0; place < bars.minutes.count(symbol); place += 1) {
      const row = emptyBarRow();
      if (!bars.readSlot(bars.minutes.slotAt(symbol, place), row)) continue;
      if (row.startUs >= fromUs) rows.push(row);
    }
    return rows;
  }

  /** The running day, where it has begun, and the two before it. */
  #lastDays(symbol: number): readonly BarRow[] {
    const rows = this.#archive.days.read(symbol, UNADJUSTED, 2);
    const running = emptyBarRow();
    return this.#archive.bars.dayBar(symbol, running) ? [...rows, running] : rows;
  }

  #days(symbol: number, fromUs: number, how: Adjustment): readonly BarRow[] {
    const rows = this.#archive.days.read(symbol, how).filter(({ startUs }) => startUs >= fromUs);
    const running = emptyBarRow();
    return this.#archive.bars.dayBar(symbol, running) ? [...rows, running] : rows;
  }

  #tape(symbol: number) {
    return this.#archive.tapes[symbol] ?? 'C';
  }
}

/** Prices as they were traded in shares of today. */
const UNADJUSTED: Adjustment = { splits: true, dividends: false };

function rowOrNothing(bar: BarRow | undefined) {
  return bar === undefined ? undefined : barRow(bar);
}

function isCore(us: number): boolean {
  return sessionOf(us) === 'core';
}
