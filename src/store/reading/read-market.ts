import type { RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { withoutRows } from '../tables/refused-rows.ts';
import { bars, quotes, trades } from '../tables/market.ts';
import { type Adjust, stepAt, type Steps } from './adjustments.ts';
import { numbersOf, textsOf } from './columns-of.ts';
import { readSteps, type Source } from './known-actions.ts';

export interface MarketQuery {
  /** Left out: all that there are. */
  readonly symbols?: readonly string[];
  /** A simulated market is one of its own. */
  readonly feed: string;
  /** Inclusive, and exclusive: of the beginning of a bar, of the exchange's time of a tick. */
  readonly fromUs: number;
  readonly untilUs: number;
  /**
   * Nothing that was known later is told, and no split or dividend that came later is applied.
   * Left out: as it is known now.
   */
  readonly asOfUs?: number;
  /** Unadjusted where it is left out: prices as they were traded. */
  readonly adjust?: Adjust;
  readonly batchRows?: number;
  /** Hears how many rows were held back, as they were known in their form only after `asOfUs`. */
  readonly heldBack?: (rows: number) => void;
}

export interface BarQuery extends MarketQuery {
  readonly timeframe: string;
}

/** Rows by time, then symbol; each column as long as `rows` says. */
export interface Bars {
  readonly rows: number;
  readonly symbols: readonly string[];
  readonly startUs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** NaN where the feed did not tell. */
  readonly vwap: Float64Array;
  readonly trades: Float64Array;
  readonly knownUs: Float64Array;
}

export interface Trades {
  readonly rows: number;
  readonly symbols: readonly string[];
  readonly venueUs: Float64Array;
  readonly ids: Float64Array;
  readonly exchanges: Float64Array;
  readonly price: Float64Array;
  /** 0 where it was busted. */
  readonly size: Float64Array;
  readonly flags: Float64Array;
  readonly receivedUs: Float64Array;
}

export interface Quotes {
  readonly rows: number;
  readonly symbols: readonly string[];
  readonly venueUs: Float64Array;
  readonly bid: Float64Array;
  readonly bidSize: Float64Array;
  readonly ask: Float64Array;
  readonly askSize: Float64Array;
  readonly flags: Float64Array;
  readonly receivedUs: Float64Array;
}

/** Closed bars of one timeframe. With `timeframe`s of days, `untilUs` is of their beginning. */
export async function* readBars(source: Source, query: BarQuery): AsyncIterable<Bars> {
  const only = { timeframe: [query.timeframe] };
  for await (const batch of readKnown(source, { query, table: bars, only, known: 'known_us' })) {
    yield {
      rows: batch.rows,
      symbols: textsOf(batch, 'symbol'),
      startUs: numbersOf(batch, 'start_us'),
      open: numbersOf(batch, 'open'),
      high: numbersOf(batch, 'high'),
      low: numbersOf(batch, 'low'),
      close: numbersOf(batch, 'close'),
      volume: numbersOf(batch, 'volume'),
      vwap: numbersOf(batch, 'vwap'),
      trades: numbersOf(batch, 'trades'),
      knownUs: numbersOf(batch, 'known_us'),
    };
  }
}

export async function* readTrades(source: Source, query: MarketQuery): AsyncIterable<Trades> {
  const how = { query, table: trades, only: {}, known: 'received_us' };
  for await (const batch of readKnown(source, how)) {
    yield {
      rows: batch.rows,
      symbols: textsOf(batch, 'symbol'),
      venueUs: numbersOf(batch, 'venue_us'),
      ids: numbersOf(batch, 'trade_id'),
      exchanges: numbersOf(batch, 'exchange'),
      price: numbersOf(batch, 'price'),
      size: numbersOf(batch, 'size'),
      flags: numbersOf(batch, 'flags'),
      receivedUs: numbersOf(batch, 'received_us'),
    };
  }
}

export async function* readQuotes(source: Source, query: MarketQuery): AsyncIterable<Quotes> {
  const how = { query, table: quotes, only: {}, known: 'received_us' };
  for await (const batch of readKnown(source, how)) {
    yield {
      rows: batch.rows,
      symbols: textsOf(batch, 'symbol'),
      venueUs: numbersOf(batch, 'venue_us'),
      bid: numbersOf(batch, 'bid'),
      bidSize: numbersOf(batch, 'bid_size'),
      ask: numbersOf(batch, 'ask'),
      askSize: numbersOf(batch, 'ask_size'),
      flags: numbersOf(batch, 'flags'),
      receivedUs: numbersOf(batch, 'received_us'),
    };
  }
}

interface Known {
  readonly query: MarketQuery;
  readonly table: TableDeclaration;
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** The column that says when a row was known as it is. */
  readonly known: string;
}

async function* readKnown(source: Source, how: Known): AsyncIterable<RowBatch> {
  const { query, table } = how;
  const { symbols, feed, fromUs, untilUs, batchRows, adjust = 'none' } = query;
  const asOfUs = query.asOfUs ?? Number.MAX_SAFE_INTEGER;
  const steps = await readSteps(source, { symbols, feed, fromUs, asOfUs, adjust });
  const only = { ...how.only, feed: [feed], ...(symbols === undefined ? {} : { symbol: symbols }) };
  const rows = batchRows === undefined ? {} : { batchRows };
  for await (const batch of source.read({ table, fromUs, untilUs, only, ...rows })) {
    const told = toldBy(batch, how, asOfUs);
    if (told.rows === 0) continue;
    if (steps.size > 0) adjustRows(told, steps);
    yield told;
  }
}

/** A row that was told anew after the moment is not what was known at it. */
function toldBy(batch: RowBatch, { query, known }: Known, asOfUs: number): RowBatch {
  if (query.asOfUs === undefined) return batch;
  const knownUs = numbersOf(batch, known);
  const later: { row: number; reason: string }[] = [];
  for (let row = 0; row < batch.rows; row += 1) {
    if ((knownUs[row] ?? 0) > asOfUs) later.push({ row, reason: 'known later' });
  }
  if (later.length > 0) query.heldBack?.(later.length);
  return withoutRows(batch, later);
}

const PRICES: ReadonlySet<string> = new Set([
  'open',
  'high',
  'low',
  'close',
  'vwap',
  'price',
  'bid',
  'ask',
]);
const SIZES: ReadonlySet<string> = new Set(['volume', 'size', 'bid_size', 'ask_size']);

/** In place: a batch that was read is the reader's own. */
function adjustRows(batch: RowBatch, steps: ReadonlyMap<string, Steps>): void {
  const { table } = batch;
  const times = numbersOf(batch, table.time);
  const symbols = textsOf(batch, 'symbol');
  const columns = table.columns.map(({ name }) => name);
  const prices = columns.filter((name) => PRICES.has(name)).map((name) => numbersOf(batch, name));
  const sizes = columns.filter((name) => SIZES.has(name)).map((name) => numbersOf(batch, name));
  for (let row = 0; row < batch.rows; row += 1) {
    const known = steps.get(symbols[row] ?? '');
    if (known === undefined) continue;
    const step = stepAt(known, times[row] ?? 0);
    if (step === known.exUs.length) continue;
    const [price, size] = [known.price[step] ?? 1, known.size[step] ?? 1];
    for (const values of prices) values[row] = (values[row] ?? 0) * price;
    for (const values of sizes) values[row] = (values[row] ?? 0) * size;
  }
}
