import { sessionOf } from '../../../domain/market/calendar.ts';
import { emptyBarRow } from '../../archive/bar-row.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import { SPLITS_ADJUSTED } from '../../archive/read-bars.ts';
import type { Answer } from '../../rest/answer.ts';
import { polygonPage } from './polygon-cursor.ts';
import { dollars, nanos } from './polygon-numbers.ts';
import { PolygonQuery } from './polygon-query.ts';
import { get, okBody, type PolygonRequest, type PolygonRoute } from './polygon-route.ts';
import { findShare, shareNumbers } from './shares.ts';
import { conditionsOf, exchangeOf } from './tick-rows.ts';

/** One row a symbol, in words instead of letters; what is wrong with one is said in its row. */
export function universalSnapshotRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [get('/v3/snapshot', (request) => snapshots(archive, request))];
}

function snapshots(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const named = query.reader.list('ticker.any_of');
  const isWithin = query.textWithin('ticker');
  const type = query.reader.choice('type', TYPES, 'stocks');
  const isDescending = query.isDescending('asc');
  query.reader.choice('sort', ['ticker'], 'ticker');
  const limit = query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  if (named.length > LIMIT_MAX) query.reader.refuse(`ticker.any_of takes ${LIMIT_MAX} tickers`);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const all = shareNumbers(archive).map((symbol) => archive.symbols[symbol]?.name ?? '');
  const names = (named.length > 0 ? [...new Set(named)] : all).filter((name) => isWithin(name));
  const sorted = type === 'stocks' ? names.toSorted() : [];
  const ordered = isDescending ? sorted.toReversed() : sorted;
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf: (name) => name });
  const results = page.rows.map((name) => rowOf(archive, request, name));
  return okBody(request, { results, ...page.next });
}

const TYPES = ['stocks', 'options', 'crypto', 'fx', 'indices'] as const;
const LIMIT_STANDARD = 10;
const LIMIT_MAX = 250;

function rowOf(archive: MarketArchive, { nowUs }: PolygonRequest, ticker: string): object {
  const symbol = findShare(archive, ticker);
  if (symbol < 0) return { ticker, error: 'NOT_FOUND', message: 'Ticker not found.' };
  return {
    ticker,
    name: ticker,
    type: 'stocks',
    market_status: STATUS_WORDS[sessionOf(nowUs)],
    session: session(archive, symbol),
    ...lastMinute(archive, symbol),
    ...lastQuote(archive, symbol),
    ...lastTrade(archive, symbol),
  };
}

const STATUS_WORDS = {
  closed: 'closed',
  pre: 'early_trading',
  core: 'open',
  post: 'late_trading',
} as const;

function session(archive: MarketArchive, symbol: number) {
  const day = emptyBarRow();
  const hasDay = archive.bars.dayBar(symbol, day);
  const before = archive.days.read(symbol, SPLITS_ADJUSTED, 1).at(-1)?.close ?? 0;
  const change = hasDay && before > 0 ? day.close - before : 0;
  return {
    change: dollars(change),
    change_percent: before === 0 ? 0 : Math.round((change / before) * 1_000_000) / 10_000,
    open: dollars(day.open),
    high: dollars(day.high),
    low: dollars(day.low),
    close: dollars(day.close),
    previous_close: dollars(before),
    volume: archive.bars.dayVolume(symbol),
  };
}

function lastMinute(archive: MarketArchive, symbol: number) {
  const row = emptyBarRow();
  if (!archive.bars.latestBar(symbol, row)) return {};
  return {
    last_minute: {
      open: dollars(row.open),
      high: dollars(row.high),
      low: dollars(row.low),
      close: dollars(row.close),
      volume: row.volume,
      transactions: row.trades,
      vwap: dollars(Math.round(row.vwap)),
      last_updated: nanos(row.startUs),
    },
  };
}

function lastQuote({ quotes }: MarketArchive, symbol: number) {
  const quote = quotes.latest(symbol);
  if (quote === undefined) return {};
  return {
    last_quote: {
      ask: dollars(quote.ask),
      ask_size: quote.askSize,
      bid: dollars(quote.bid),
      bid_size: quote.bidSize,
      last_updated: nanos(quote.us),
      timeframe: 'REAL-TIME',
    },
  };
}

function lastTrade({ trades, tapes }: MarketArchive, symbol: number) {
  const trade = trades.latest(symbol);
  if (trade === undefined) return {};
  const tape = tapes[symbol] ?? 'C';
  return {
    last_trade: {
      conditions: conditionsOf(trade, tape),
      exchange: exchangeOf(trade.exchange, tape),
      id: String(trade.id),
      last_updated: nanos(trade.us),
      price: dollars(trade.price),
      size: trade.size,
      timeframe: 'REAL-TIME',
    },
  };
}
