import { MS } from '../../../core/time.ts';
import { type BarRow, emptyBarRow } from '../../archive/bar-row.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import { SPLITS_ADJUSTED } from '../../archive/read-bars.ts';
import { type Answer, ok } from '../../rest/answer.ts';
import { dollars, nanos, rounded } from './polygon-numbers.ts';
import { PolygonQuery } from './polygon-query.ts';
import {
  get,
  notFoundAnswer,
  okBody,
  type PolygonRequest,
  type PolygonRoute,
} from './polygon-route.ts';
import { findShare, shareNumbers } from './shares.ts';
import { lastQuoteOf, lastTradeOf } from './tick-rows.ts';

const PATH = '/v2/snapshot/locale/us/markets/stocks';

/** What is known of the market at once, or of one symbol of it (venues.md 6.2). */
export function snapshotRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [
    get(`${PATH}/tickers`, (request) => all(archive, request)),
    get(`${PATH}/tickers/{}`, (request, [ticker = '']) => {
      const symbol = findShare(archive, ticker);
      const row = symbol < 0 ? undefined : snapshotOf(archive, symbol);
      if (row === undefined) return notFoundAnswer(request.requestId, 'NotFound');
      return okBody(request, { ticker: row });
    }),
    get(`${PATH}/{}`, (request, [direction = '']) => {
      if (direction !== 'gainers' && direction !== 'losers') {
        return notFoundAnswer(request.requestId, `no direction ${direction}`);
      }
      return movers(archive, direction);
    }),
  ];
}

function all(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const names = query.request.query.getAll('tickers').flatMap((text) => text.split(','));
  query.reader.truth('include_otc', false); // Nobody trades over the counter here.
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const wanted = new Set(names.filter((name) => name !== ''));
  const tickers = shareNumbers(archive).flatMap((symbol) => {
    const name = archive.symbols[symbol]?.name ?? '';
    if (wanted.size > 0 && !wanted.has(name)) return [];
    return snapshotOf(archive, symbol) ?? [];
  });
  return ok({ status: 'OK', count: tickers.length, tickers });
}

/** The twenty that moved most, either way. */
function movers(archive: MarketArchive, direction: 'gainers' | 'losers'): Answer {
  const sign = direction === 'gainers' ? 1 : -1;
  const tickers = shareNumbers(archive)
    .flatMap((symbol) => snapshotOf(archive, symbol) ?? [])
    .filter(({ todaysChangePerc }) => todaysChangePerc * sign > 0)
    .toSorted((left, right) => sign * (right.todaysChangePerc - left.todaysChangePerc))
    .slice(0, MOVERS);
  return ok({ status: 'OK', tickers });
}

const MOVERS = 20;

/** Undefined where a symbol has neither a day before nor any event of this one. */
function snapshotOf(archive: MarketArchive, symbol: number) {
  const { bars, trades, quotes } = archive;
  const day = emptyBarRow();
  const minute = emptyBarRow();
  const hasDay = bars.dayBar(symbol, day);
  const hasMinute = bars.latestBar(symbol, minute);
  const before = archive.days.read(symbol, SPLITS_ADJUSTED, 1).at(-1);
  const trade = trades.latest(symbol);
  const quote = quotes.latest(symbol);
  if (!hasDay && before === undefined && trade === undefined) return undefined;
  const tape = archive.tapes[symbol] ?? 'C';
  const close = before?.close ?? 0;
  const now = hasDay ? day.close : close;
  const change = close === 0 ? 0 : now - close;
  const updatedUs = Math.max(trade?.us ?? 0, quote?.us ?? 0);
  return {
    ticker: archive.symbols[symbol]?.name ?? '',
    todaysChange: dollars(change),
    todaysChangePerc: close === 0 ? 0 : Math.round((change / close) * 1_000_000) / 10_000,
    updated: nanos(updatedUs),
    day: barOf(day),
    min: {
      ...barOf(minute),
      t: hasMinute ? minute.startUs / MS : 0,
      n: minute.trades,
      av: bars.dayVolume(symbol),
    },
    prevDay: barOf(before ?? emptyBarRow()),
    ...(trade === undefined ? {} : { lastTrade: lastTradeOf(trade, tape) }),
    ...(quote === undefined ? {} : { lastQuote: lastQuoteOf(quote) }),
  };
}

/** Zeros where there is none yet. */
function barOf(row: BarRow) {
  return {
    o: dollars(row.open),
    h: dollars(row.high),
    l: dollars(row.low),
    c: dollars(row.close),
    v: row.volume,
    vw: rounded(row.vwap),
  };
}
