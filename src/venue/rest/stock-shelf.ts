import { sessionOf } from '../../domain/market/calendar.ts';
import { type BarRow, emptyBarRow } from '../archive/bar-row.ts';
import type { Adjustment } from '../archive/corporate-actions.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import { dayRows, minuteRows, SPLITS_ADJUSTED } from '../archive/read-bars.ts';
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
        ? minuteRows(this.#archive, symbol, beginUs)
        : dayRows(this.#archive, symbol, adjustment).filter((day) => day.startUs >= beginUs);
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

  /** The running day, where it has begun, and the two before it. */
  #lastDays(symbol: number): readonly BarRow[] {
    return dayRows(this.#archive, symbol, SPLITS_ADJUSTED, 2);
  }

  #tape(symbol: number) {
    return this.#archive.tapes[symbol] ?? 'C';
  }
}

function rowOrNothing(bar: BarRow | undefined) {
  return bar === undefined ? undefined : barRow(bar);
}

function isCore(us: number): boolean {
  return sessionOf(us) === 'core';
}
