import { present } from '../../core/assert.ts';
import { PRICE_SCALE } from '../../core/money.ts';
import { timeframeOf } from '../../domain/features/timeframe.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CORRECTION,
  type EventBatch,
  GAP,
  QUOTE,
  TRADE,
} from '../../domain/market/event-batch.ts';
import { bars, quotes, trades } from '../../store/tables/market.ts';
import type { SymbolNames } from './symbol-names.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';
import { PastTrades } from './past-trades.ts';

export interface MarketRowsOptions {
  readonly feed: string;
  readonly names: SymbolNames;
  readonly rowsMax: number;
  /** `none`: bars alone. `trades`: no quotes, of which there are far more. */
  readonly ticks: 'all' | 'trades' | 'none';
  readonly taken: RowsTaken;
  /** Bars that the kernel takes for its own are told by it: as it has decided on them. */
  readonly isKernels: (symbol: number, startUs: number, spanUs: number) => boolean;
  /** Data were lost: no row of the market's, and not to be passed over. */
  readonly gap: (batch: EventBatch, event: number) => void;
}

/** A quote that came after a later one has places of its own, so that it replaces none. */
const LATE_PLACE = 1_000_000;

/**
 * Market events as rows. Which row an event becomes depends on the events of the session and on
 * nothing else, so that a journal that is read again makes the same ones.
 */
export class MarketRows {
  /** Corrections of trades that are forgotten, or that never came. */
  unmatched = 0;
  readonly #options: MarketRowsOptions;
  readonly #trades: TableRows;
  readonly #quotes: TableRows;
  /** Also of the kernel's bars, so that all of them are handed over in the order they came. */
  readonly bars: TableRows;
  readonly #past = new PastTrades();
  readonly #timeframes = new Map<number, string>();
  /** By symbol: time of the last quote, how many there were of it, and how many came late. */
  #quoteUs = new Float64Array(64);
  #quotePlace = new Float64Array(64);
  #quotesLate = new Float64Array(64);

  constructor(options: MarketRowsOptions) {
    this.#options = options;
    const { rowsMax, taken } = options;
    this.#trades = new TableRows(trades, rowsMax, taken);
    this.#quotes = new TableRows(quotes, rowsMax, taken);
    this.bars = new TableRows(bars, rowsMax, taken);
  }

  get tables(): readonly TableRows[] {
    return [this.#trades, this.#quotes, this.bars];
  }

  /** Frames `from .. to` of a batch. */
  take(batch: EventBatch, from: number, to: number): void {
    const { ticks } = this.#options;
    const hasTrades = ticks !== 'none';
    const hasQuotes = ticks === 'all';
    for (let frame = from; frame < to; frame += 1) {
      const receivedUs = batch.frameUs[frame] ?? 0;
      const end = batch.frameEnd[frame] ?? 0;
      for (let event = batch.frameBegin(frame); event < end; event += 1) {
        const kind = batch.kind[event];
        if (kind === QUOTE) {
          if (hasQuotes) this.#quote(batch, event, receivedUs);
        } else if (kind === TRADE) {
          if (hasTrades) this.#trade(batch, event, receivedUs);
        } else if (kind === BAR) this.#bar(batch, event, receivedUs);
        else if (kind === GAP) this.#options.gap(batch, event);
        else if (kind === CORRECTION && hasTrades) this.#correct(batch, event, receivedUs);
      }
    }
  }

  /** Columns in the order of their table: `venue_us` first, `received_us` last. */
  #trade(batch: EventBatch, event: number, receivedUs: number): void {
    const symbol = batch.symbol[event] ?? -1;
    const table = this.#trades;
    const row = table.begin();
    const { numbers } = table;
    const price = batch.a[event] ?? Number.NaN;
    const size = batch.b[event] ?? 0;
    const venueUs = batch.venueUs[event] ?? 0;
    const id = batch.c[event] ?? 0;
    const exchange = batch.exchange[event] ?? 0;
    set(numbers, 0, row, venueUs);
    table.setText(1, row, this.#options.names.of(symbol));
    table.setText(2, row, this.#options.feed);
    set(numbers, 3, row, id);
    set(numbers, 4, row, exchange);
    set(numbers, 5, row, price / PRICE_SCALE);
    set(numbers, 6, row, size);
    set(numbers, 7, row, batch.flags[event] ?? 0);
    set(numbers, 8, row, receivedUs);
    this.#past.remember(symbol, venueUs, id, exchange, price, size);
  }

  #quote(batch: EventBatch, event: number, receivedUs: number): void {
    const symbol = batch.symbol[event] ?? -1;
    const table = this.#quotes;
    const row = table.begin();
    const { numbers } = table;
    const venueUs = batch.venueUs[event] ?? 0;
    const bid = batch.a[event] ?? 0;
    const ask = batch.c[event] ?? 0;
    set(numbers, 0, row, venueUs);
    table.setText(1, row, this.#options.names.of(symbol));
    table.setText(2, row, this.#options.feed);
    set(numbers, 3, row, batch.exchange[event] ?? 0);
    set(numbers, 4, row, this.#placeOf(symbol, venueUs));
    set(numbers, 5, row, bid === 0 ? Number.NaN : bid / PRICE_SCALE);
    set(numbers, 6, row, batch.b[event] ?? 0);
    set(numbers, 7, row, ask === 0 ? Number.NaN : ask / PRICE_SCALE);
    set(numbers, 8, row, batch.d[event] ?? 0);
    set(numbers, 9, row, batch.flags[event] ?? 0);
    set(numbers, 10, row, receivedUs);
  }

  /** One that still forms is not kept: it comes again when it is whole. */
  #bar(batch: EventBatch, event: number, receivedUs: number): void {
    const flags = batch.flags[event] ?? 0;
    if ((flags & (BAR_FINAL | BAR_UPDATED)) === 0) return;
    const symbol = batch.symbol[event] ?? -1;
    const startUs = batch.venueUs[event] ?? 0;
    const spanUs = batch.f[event] ?? 0;
    if (this.#options.isKernels(symbol, startUs, spanUs)) return;
    const table = this.bars;
    const row = table.begin();
    const { numbers } = table;
    set(numbers, 0, row, startUs);
    table.setText(1, row, this.#options.names.of(symbol));
    table.setText(2, row, this.#options.feed);
    table.setText(3, row, this.#timeframe(spanUs));
    set(numbers, 4, row, (batch.a[event] ?? 0) / PRICE_SCALE);
    set(numbers, 5, row, (batch.b[event] ?? 0) / PRICE_SCALE);
    set(numbers, 6, row, (batch.c[event] ?? 0) / PRICE_SCALE);
    set(numbers, 7, row, (batch.d[event] ?? 0) / PRICE_SCALE);
    set(numbers, 8, row, batch.e[event] ?? 0);
    set(numbers, 9, row, Number.NaN);
    set(numbers, 10, row, Number.NaN);
    set(numbers, 11, row, receivedUs);
  }

  /** A correction names its trade by time, price and size; the row is known by the trade's id. */
  #correct(batch: EventBatch, event: number, receivedUs: number): void {
    const symbol = batch.symbol[event] ?? -1;
    const price = batch.c[event] ?? Number.NaN;
    const size = batch.d[event] ?? 0;
    const tradeUs = batch.f[event] ?? 0;
    const old = { price: batch.a[event] ?? 0, size: batch.b[event] ?? 0 };
    const found = this.#past.find(symbol, tradeUs, old);
    if (found === undefined) {
      this.unmatched += 1;
      return;
    }
    const isBust = size === 0;
    this.#past.correct(found.at, isBust ? old.price : price, size);
    this.#trades.add([
      tradeUs,
      this.#options.names.of(symbol),
      this.#options.feed,
      found.id,
      found.exchange,
      (isBust ? old.price : price) / PRICE_SCALE,
      size,
      batch.flags[event] ?? 0,
      receivedUs,
    ]);
  }

  #placeOf(symbol: number, venueUs: number): number {
    if (symbol >= this.#quoteUs.length) this.#grow(symbol);
    const last = this.#quoteUs[symbol] ?? 0;
    if (venueUs < last) {
      const late = this.#quotesLate[symbol] ?? 0;
      this.#quotesLate[symbol] = late + 1;
      return LATE_PLACE + late;
    }
    const place = venueUs === last ? (this.#quotePlace[symbol] ?? 0) + 1 : 0;
    this.#quoteUs[symbol] = venueUs;
    this.#quotePlace[symbol] = place;
    return place;
  }

  #grow(symbol: number): void {
    const width = Math.max(symbol + 1, this.#quoteUs.length * 2);
    const grown = (before: Float64Array): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(width);
      next.set(before);
      return next;
    };
    this.#quoteUs = grown(this.#quoteUs);
    this.#quotePlace = grown(this.#quotePlace);
    this.#quotesLate = grown(this.#quotesLate);
  }

  #timeframe(spanUs: number): string {
    const known = this.#timeframes.get(spanUs);
    if (known !== undefined) return known;
    this.#timeframes.set(spanUs, timeframeOf(spanUs));
    return present(this.#timeframes.get(spanUs), 'the name of a span');
  }
}

function set(numbers: readonly Float64Array[], column: number, row: number, value: number): void {
  const values = numbers[column];
  if (values !== undefined) values[row] = value;
}
