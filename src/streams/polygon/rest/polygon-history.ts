import { MS } from '../../../core/time.ts';
import { FaultList } from '../../../domain/market/data-fault.ts';
import type {
  HistoryBar,
  HistorySpan,
  HistoryTrade,
  MarketHistory,
} from '../../market/market-history.ts';
import { forEachAtOnce } from './at-once.ts';
import { barsBySnapshot, readSnapshotRow, type SnapshotRow } from './market-snapshot.ts';
import { PolygonError } from './polygon-error.ts';
import { type Call, PolygonRest, type PolygonRestOptions } from './polygon-rest.ts';
import { isGone, readBar, readRows, readTrade, rowsOf } from './rest-rows.ts';

/** Rows of one answer; the venue's own limit. */
const ROWS_MAX = 50_000;
/** Requests that are on their way at a time. */
const AT_ONCE = 8;
/** Fewer symbols are asked for one by one: the snapshot of the market is megabytes. */
const SNAPSHOT_SYMBOLS_MIN = 20;
/** Names in one address. */
const NAMES_MAX = 250;

/**
 * What Polygon remembers, for what its stream missed. Bars are had for one symbol at a time, which
 * after a cut is thousands of requests (venues.md 8, #22): one snapshot of the market answers for
 * every symbol that has not traded since, and after a gap of one minute for nearly all the others.
 * The rest is fetched in the order of dollars traded today, so that what has come when the time is
 * over is what matters most.
 */
export class PolygonHistory implements MarketHistory {
  readonly faults = new FaultList();
  readonly rest: PolygonRest;

  constructor(options: PolygonRestOptions) {
    this.rest = new PolygonRest(options);
  }

  async minuteBars(
    span: HistorySpan,
    take: (name: string, bars: readonly HistoryBar[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { symbols } = span;
    const rows = await this.#market(symbols, signal);
    const open: string[] = [];
    for (const name of symbols) {
      const bars = barsBySnapshot(rows.get(name), span);
      if (bars === undefined) open.push(name);
      else if (bars.length > 0) take(name, bars);
    }
    const dollarsOf = (name: string): number => rows.get(name)?.dollars ?? 0;
    open.sort((left, right) => dollarsOf(right) - dollarsOf(left));
    await forEachAtOnce(open, AT_ONCE, async (name) => {
      const bars = await this.#minutesOf(name, span, signal);
      if (bars.length > 0) take(name, bars);
    });
  }

  async trades(
    span: HistorySpan,
    take: (name: string, trades: readonly HistoryTrade[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    // In nanoseconds: shorter numbers would be read as dates.
    const [from, to] = [`${Math.floor(span.fromUs)}000`, `${Math.ceil(span.toUs)}000`];
    const query = { 'timestamp.gte': from, 'timestamp.lt': to, ...TRADES_IN_ORDER };
    await forEachAtOnce(span.symbols, AT_ONCE, async (name) => {
      const trades: HistoryTrade[] = [];
      const call: Call = ({ api }, options) =>
        api.getStocksTrades(name, ...NO_TRADE_WORDS, options);
      await this.rest.pages({ query, call, signal }, (body) => {
        const rows = rowsOf(body).filter((row) => !isGone(row));
        for (const trade of readRows(rows, 'trades', readTrade, this.faults)) trades.push(trade);
      });
      take(name, trades);
    });
  }

  async latestTrades(
    symbols: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const latest = new Map<string, number>();
    for (let at = 0; at < symbols.length; at += NAMES_MAX) {
      const rows = await this.#snapshot(symbols.slice(at, at + NAMES_MAX), signal);
      for (const { name, lastTradeUs } of rows.values()) {
        if (lastTradeUs !== undefined) latest.set(name, lastTradeUs);
      }
    }
    return latest;
  }

  async #minutesOf(
    name: string,
    { fromUs, toUs }: HistorySpan,
    signal: AbortSignal | undefined,
  ): Promise<readonly HistoryBar[]> {
    const bars: HistoryBar[] = [];
    // The venue's end is inclusive, ours is not.
    const span = { from: `${Math.floor(fromUs / MS)}`, to: `${Math.ceil(toUs / MS) - 1}` };
    const call: Call = ({ api, library }, options, page) => {
      const { Minute } = library.GetStocksAggregatesTimespanEnum;
      const { from, to } = page ?? span;
      return api.getStocksAggregates(name, 1, Minute, from, to, ...NO_BAR_WORDS, options);
    };
    await this.rest.pages({ query: BARS_IN_ORDER, call, signal }, (body) => {
      for (const bar of readRows(rowsOf(body), 'bars', readBar, this.faults)) bars.push(bar);
    });
    return bars.filter(({ startUs }) => startUs >= fromUs && startUs < toUs);
  }

  /** Where it is worth asking, and the plan has it: there is another way. */
  async #market(
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, SnapshotRow>> {
    if (names.length < SNAPSHOT_SYMBOLS_MIN) return new Map();
    try {
      return await this.#snapshot(names.length <= NAMES_MAX ? names : undefined, signal);
    } catch (error) {
      if (error instanceof PolygonError && error.code === 'POLYGON_KEY_REFUSED') return new Map();
      throw error;
    }
  }

  async #snapshot(
    names: readonly string[] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, SnapshotRow>> {
    const query = names === undefined ? {} : { tickers: names.join(',') };
    const call: Call = ({ api }, options) => api.getStocksSnapshotTickers(un, un, options);
    const body = await this.rest.ask({ query, call, signal });
    const rows = readRows(rowsOf(body, 'tickers'), 'snapshots', readSnapshotRow, this.faults);
    return new Map(rows.map((row) => [row.name, row]));
  }
}

const BARS_IN_ORDER = { adjusted: 'true', sort: 'asc', limit: `${ROWS_MAX}` };
const TRADES_IN_ORDER = { order: 'asc', sort: 'timestamp', limit: `${ROWS_MAX}` };
const un = undefined;
const NO_BAR_WORDS = [un, un, un] as const;
const NO_TRADE_WORDS = [un, un, un, un, un, un, un, un] as const;
