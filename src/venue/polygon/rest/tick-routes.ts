import type { MarketArchive } from '../../archive/market-archive.ts';
import type { QuoteRow } from '../../archive/quote-ring.ts';
import type { TradeRow } from '../../archive/trade-ring.ts';
import type { Answer } from '../../rest/answer.ts';
import { FACILITY_ID, REPORTING_FACILITY, TAPE_NUMBERS } from '../polygon-codes.ts';
import { polygonPage } from './polygon-cursor.ts';
import { nanos } from './polygon-numbers.ts';
import { PolygonQuery } from './polygon-query.ts';
import {
  get,
  notFoundAnswer,
  okBody,
  type PolygonRequest,
  type PolygonRoute,
} from './polygon-route.ts';
import { findShare } from './shares.ts';
import { exchangeOf, lastQuoteOf, lastTradeOf, quoteRow, tradeRow } from './tick-rows.ts';

/** Trades and quotes, one by one and the last of each (venues.md 6.2). */
export function tickRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [
    get('/v3/trades/{}', (request, [ticker = '']) => {
      const { trades } = archive;
      const read = (symbol: number, span: Span) => trades.read(symbol, span.fromUs, span.toUs);
      return ticks(archive, request, ticker, { read, write: tradeRow });
    }),
    get('/v3/quotes/{}', (request, [ticker = '']) => {
      const { quotes } = archive;
      const read = (symbol: number, span: Span) => quotes.read(symbol, span.fromUs, span.toUs);
      return ticks(archive, request, ticker, { read, write: quoteRow });
    }),
    get('/v2/last/trade/{}', (request, [ticker = '']) => lastTrade(archive, request, ticker)),
    get('/v2/last/nbbo/{}', (request, [ticker = '']) => lastQuote(archive, request, ticker)),
  ];
}

interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

type Tape = Parameters<typeof tradeRow>[1];

/** How one kind of tick is read and written. */
interface Ticks<Row> {
  read(symbol: number, span: Span): readonly Row[];
  write(row: Row, tape: Tape): object;
}

function ticks<Row extends TradeRow | QuoteRow>(
  archive: MarketArchive,
  request: PolygonRequest,
  ticker: string,
  { read, write }: Ticks<Row>,
): Answer {
  const query = new PolygonQuery(request);
  const span = query.spanOf('timestamp');
  const isDescending = query.isDescending('desc');
  query.reader.choice('sort', ['timestamp'], 'timestamp');
  const limit = query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const symbol = findShare(archive, ticker);
  const rows = symbol < 0 ? [] : read(symbol, span);
  const ordered = isDescending ? rows.toReversed() : rows;
  const keyOf = ({ us, number }: Row) => `${us}-${number}`;
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf });
  const tape = archive.tapes[symbol] ?? 'C';
  return okBody(request, { results: page.rows.map((row) => write(row, tape)), ...page.next });
}

const LIMIT_STANDARD = 1_000;
const LIMIT_MAX = 50_000;

function lastTrade(archive: MarketArchive, request: PolygonRequest, ticker: string): Answer {
  const symbol = findShare(archive, ticker);
  const trade = symbol < 0 ? undefined : archive.trades.latest(symbol);
  if (trade === undefined) return notFoundAnswer(request.requestId, 'Ticker not found.');
  const tape = archive.tapes[symbol] ?? 'C';
  const { c, ...rest } = lastTradeOf(trade, tape);
  const time = nanos(trade.us);
  const isReported = exchangeOf(trade.exchange, tape) === REPORTING_FACILITY;
  const same = archive.trades.read(symbol, trade.us, trade.us);
  const number = same.findLast(({ id }) => id === trade.id)?.number;
  return okBody(request, {
    results: {
      T: ticker,
      ...(c.length === 0 ? {} : { c }),
      ...rest,
      y: time,
      ...(number === undefined ? {} : { q: number + 1 }),
      ...(isReported ? { r: FACILITY_ID, f: time } : {}),
      z: TAPE_NUMBERS[tape],
    },
  });
}

function lastQuote(archive: MarketArchive, request: PolygonRequest, ticker: string): Answer {
  const symbol = findShare(archive, ticker);
  const quote = symbol < 0 ? undefined : archive.quotes.latest(symbol);
  if (quote === undefined) return notFoundAnswer(request.requestId, 'Ticker not found.');
  const tape = archive.tapes[symbol] ?? 'C';
  const exchange = exchangeOf(quote.exchange, tape);
  const number = archive.quotes.read(symbol, quote.us, quote.us).at(-1)?.number;
  return okBody(request, {
    results: {
      T: ticker,
      ...lastQuoteOf(quote),
      X: exchange,
      x: exchange,
      y: nanos(quote.us),
      ...(number === undefined ? {} : { q: number + 1 }),
      z: TAPE_NUMBERS[tape],
    },
  });
}
