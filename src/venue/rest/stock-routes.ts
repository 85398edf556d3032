import type { Adjustment } from '../archive/corporate-actions.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import { type Answer, notFound, notServed, ok } from './answer.ts';
import { pageOf, type Point } from './paging.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';
import {
  type DataPlan,
  isAnswer,
  type LatestQuery,
  readLatest,
  readSpan,
  type SpanQuery,
} from './stock-query.ts';
import { StockShelf } from './stock-shelf.ts';
import { parseTimeframe } from './timeframe.ts';

/** Bars, trades, quotes and snapshots of stocks (venues.md 5). */
export function stockRoutes(archive: MarketArchive, plan: DataPlan): readonly Route[] {
  const shelf = new StockShelf(archive);
  const trades: SpanReader = (_, span) => (symbol) => shelf.trades(symbol, span.fromUs, span.toUs);
  const quotes: SpanReader = (_, span) => (symbol) => shelf.quotes(symbol, span.fromUs, span.toUs);
  const bars: SpanReader = (reader, span) => {
    const how = readBarShape(reader);
    return (symbol) => shelf.bars(symbol, span.fromUs, span.toUs, how);
  };
  return [
    ...pagedRoutes('bars', plan, bars),
    ...pagedRoutes('trades', plan, trades),
    ...pagedRoutes('quotes', plan, quotes),
    ...latestRoutes('bars', plan, (symbol) => shelf.latestBar(symbol)),
    ...latestRoutes('trades', plan, (symbol) => shelf.latestTrade(symbol)),
    ...latestRoutes('quotes', plan, (symbol) => shelf.latestQuote(symbol)),
    ...snapshotRoutes(shelf, plan),
    get('/v2/stocks/auctions', () => notServed('auctions')),
    get('/v2/stocks/{}/auctions', () => notServed('auctions')),
  ];
}

/** Reads what the request says beyond its span, and answers who reads a symbol's points. */
type SpanReader = (reader: QueryReader, span: SpanQuery) => (symbol: string) => readonly Point[];

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, side: 'data', handle };
}

function pagedRoutes(kind: string, plan: DataPlan, read: SpanReader): readonly Route[] {
  const answer = (request: RestRequest, symbol: string | undefined): Answer => {
    const reader = new QueryReader(request.query);
    const span = readSpan(reader, symbol, request.nowUs, plan);
    if (isAnswer(span)) return span;
    const points = read(reader, span);
    if (reader.fault !== undefined) return reader.fault;
    const page = pageOf(span, points);
    const body = {
      [kind]: symbol === undefined ? Object.fromEntries(page.rows) : (page.rows.get(symbol) ?? []),
      ...(symbol === undefined ? {} : { symbol }),
      next_page_token: page.nextToken,
      ...(span.currency === undefined ? {} : { currency: span.currency }),
    };
    return ok(body);
  };
  return [
    get(`/v2/stocks/${kind}`, (request) => answer(request, undefined)),
    get(`/v2/stocks/{}/${kind}`, (request, [symbol]) => answer(request, symbol)),
  ];
}

function latestRoutes(
  kind: 'bars' | 'trades' | 'quotes',
  plan: DataPlan,
  read: (symbol: string) => unknown,
): readonly Route[] {
  const one = { bars: 'bar', trades: 'trade', quotes: 'quote' }[kind];
  const query = ({ query }: RestRequest, symbol: string | undefined): LatestQuery | Answer =>
    readLatest(new QueryReader(query), symbol, plan);
  return [
    get(`/v2/stocks/${kind}/latest`, (request) => {
      const latest = query(request, undefined);
      if (isAnswer(latest)) return latest;
      return ok({ [kind]: bySymbol(latest.symbols, read), ...currencyOf(latest) });
    }),
    get(`/v2/stocks/{}/${kind}/latest`, (request, [symbol = '']) => {
      const latest = query(request, symbol);
      if (isAnswer(latest)) return latest;
      const row = latest.symbols.length === 0 ? undefined : read(symbol);
      if (row === undefined) return notFound(`no ${one} found for ${symbol}`);
      return ok({ symbol, [one]: row, ...currencyOf(latest) });
    }),
  ];
}

function snapshotRoutes(shelf: StockShelf, plan: DataPlan): readonly Route[] {
  return [
    get('/v2/stocks/snapshots', (request) => {
      const latest = readLatest(new QueryReader(request.query), undefined, plan);
      if (isAnswer(latest)) return latest;
      return ok(bySymbol(latest.symbols, (symbol) => shelf.snapshot(symbol)));
    }),
    get('/v2/stocks/{}/snapshot', (request, [symbol = '']) => {
      const latest = readLatest(new QueryReader(request.query), symbol, plan);
      if (isAnswer(latest)) return latest;
      const snapshot = latest.symbols.length === 0 ? undefined : shelf.snapshot(symbol);
      if (snapshot === undefined) return notFound(`no snapshot found for ${symbol}`);
      return ok({ symbol, ...snapshot, ...currencyOf(latest) });
    }),
  ];
}

function currencyOf({ currency }: LatestQuery) {
  return currency === undefined ? {} : { currency };
}

/** Symbols of which nothing is known are left out. */
function bySymbol(symbols: readonly string[], read: (symbol: string) => unknown) {
  const rows = symbols.map((symbol): readonly [string, unknown] => [symbol, read(symbol)]);
  return Object.fromEntries(rows.filter(([, row]) => row !== undefined));
}

const ADJUSTMENTS: ReadonlySet<string> = new Set(['raw', 'split', 'dividend', 'spin-off', 'all']);

function readBarShape(reader: QueryReader) {
  const text = reader.text('timeframe');
  const timeframe = text === undefined ? undefined : parseTimeframe(text);
  if (timeframe === undefined) {
    reader.refuse(text === undefined ? 'timeframe is required' : `invalid timeframe: ${text}`);
  }
  const kinds = reader.list('adjustment');
  for (const kind of kinds) {
    if (!ADJUSTMENTS.has(kind)) reader.refuse(`invalid adjustment: ${kind}`);
  }
  const adjustment: Adjustment = {
    splits: kinds.includes('split') || kinds.includes('all'),
    dividends: kinds.includes('dividend') || kinds.includes('all'),
  };
  return { timeframe: timeframe ?? { unit: 'day', count: 1 }, adjustment } as const;
}
