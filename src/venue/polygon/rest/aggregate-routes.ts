import { type DateNumber, DAY, MS, parseDate } from '../../../core/time.ts';
import {
  newYorkDate,
  newYorkToUs,
  sessionOf,
  tradingDay,
} from '../../../domain/market/calendar.ts';
import type { Adjustment } from '../../archive/corporate-actions.ts';
import { type BarRow, emptyBarRow } from '../../archive/bar-row.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import { dayRows, minuteRows } from '../../archive/read-bars.ts';
import type { Answer } from '../../rest/answer.ts';
import { dateText } from '../../rest/market-hours.ts';
import { bucketStartUs, regroup, type Timeframe } from '../../rest/timeframe.ts';
import { nextUrl } from './polygon-cursor.ts';
import { dollars, rounded } from './polygon-numbers.ts';
import { momentOf, PolygonQuery } from './polygon-query.ts';
import {
  get,
  notEntitled,
  notFoundAnswer,
  okBody,
  type PolygonRequest,
  type PolygonRoute,
} from './polygon-route.ts';
import { findShare, shareNumbers } from './shares.ts';
import { readTimespan } from './timespan.ts';

/** Bars of the past (venues.md 6.2): minutes of the running day, days of all. */
export function aggregateRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [
    get('/v2/aggs/ticker/{}/range/{}/{}/{}/{}', (request, parts) => range(archive, request, parts)),
    get('/v2/aggs/grouped/locale/us/market/stocks/{}', (request, [date = '']) =>
      grouped(archive, request, date),
    ),
    get('/v2/aggs/ticker/{}/prev', (request, [ticker = '']) => previous(archive, request, ticker)),
    get('/v1/open-close/{}/{}', (request, [ticker = '', date = '']) =>
      openClose(archive, request, ticker, date),
    ),
  ];
}

interface Range {
  readonly timeframe: Timeframe;
  readonly fromUs: number;
  readonly toUs: number;
  readonly adjusted: boolean;
  readonly isDescending: boolean;
  readonly limit: number;
}

function range(archive: MarketArchive, request: PolygonRequest, parts: readonly string[]): Answer {
  const [ticker = '', count = '', timespan = '', from = '', to = ''] = parts;
  if (/^[A-Z]:/.test(ticker)) return notEntitled(request.requestId, ticker);
  const query = new PolygonQuery(request);
  const wanted = readRange(query, { count, timespan, from, to });
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const symbol = findShare(archive, ticker);
  const base = symbol < 0 ? [] : baseRows(archive, symbol, wanted);
  const ordered = wanted.isDescending ? base.toReversed() : base;
  const left = ordered.filter((row) => isAfter(row, query.paged.after, wanted));
  const page = wholeWindows(left, wanted);
  const rows = regroup(wanted.isDescending ? page.toReversed() : page, wanted.timeframe);
  const results = (wanted.isDescending ? rows.toReversed() : rows).map((row) => aggregate(row));
  const last = page.at(-1);
  const isMore = page.length < left.length && last !== undefined;
  return okBody(request, {
    ticker,
    ...counted(page.length, results),
    adjusted: wanted.adjusted,
    ...(isMore ? { next_url: nextUrl(request, query.paged, String(last.startUs)) } : {}),
  });
}

/** Without rows there is no key `results` (venues.md 6.2). */
function counted(queryCount: number, results: readonly object[]) {
  const counts = { queryCount, resultsCount: results.length, count: results.length };
  return results.length === 0 ? counts : { ...counts, results };
}

function readRange(
  query: PolygonQuery,
  words: Readonly<Record<'count' | 'timespan' | 'from' | 'to', string>>,
): Range {
  const timeframe = readTimespan(words.count, words.timespan);
  if (timeframe === undefined) {
    query.reader.refuse(`bars of ${words.count} ${words.timespan} are not served by this venue`);
  }
  const fromUs = momentOf(words.from, 'begin');
  const toUs = momentOf(words.to, 'end');
  if (fromUs === undefined) query.reader.refuse(`Could not parse the time parameter: 'from'`);
  if (toUs === undefined) query.reader.refuse(`Could not parse the time parameter: 'to'`);
  if ((fromUs ?? 0) > (toUs ?? 0)) query.reader.refuse(`'to' cannot be a time before 'from'`);
  return {
    timeframe: timeframe ?? { unit: 'day', count: 1 },
    fromUs: fromUs ?? 0,
    toUs: toUs ?? 0,
    adjusted: query.reader.truth('adjusted', true),
    isDescending: query.reader.choice('sort', ['asc', 'desc'], 'asc') === 'desc',
    limit: query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD),
  };
}

/** Of base bars, from which longer ones are made. */
const LIMIT_STANDARD = 5_000;
const LIMIT_MAX = 50_000;

function baseRows(archive: MarketArchive, symbol: number, wanted: Range): readonly BarRow[] {
  const rows =
    wanted.timeframe.unit === 'minute'
      ? minuteRows(archive, symbol, wanted.fromUs)
      : dayRows(archive, symbol, adjustmentOf(wanted.adjusted));
  return rows.filter(({ startUs }) => startUs >= wanted.fromUs && startUs <= wanted.toUs);
}

function adjustmentOf(adjusted: boolean): Adjustment {
  return { splits: adjusted, dividends: false };
}

function isAfter(row: BarRow, after: string | undefined, wanted: Range): boolean {
  if (after === undefined) return true;
  return wanted.isDescending ? row.startUs < Number(after) : row.startUs > Number(after);
}

/** As many base bars as the limit lets in, without a window of which the rest is left behind. */
function wholeWindows(rows: readonly BarRow[], { limit, timeframe }: Range): readonly BarRow[] {
  if (rows.length <= limit) return rows;
  const windowOf = (row: BarRow | undefined) => bucketStartUs(row?.startUs ?? 0, timeframe);
  let end = limit;
  while (end > 0 && windowOf(rows[end]) === windowOf(rows[end - 1])) end -= 1;
  if (end > 0) return rows.slice(0, end);
  // One window is longer than the limit: it comes whole, or it would never come.
  const next = rows.findIndex((row) => windowOf(row) !== windowOf(rows[0]));
  return next < 0 ? rows : rows.slice(0, next);
}

function aggregate(row: BarRow, t = row.startUs / MS) {
  return {
    v: row.volume,
    vw: rounded(row.vwap),
    o: dollars(row.open),
    c: dollars(row.close),
    h: dollars(row.high),
    l: dollars(row.low),
    t,
    n: row.trades,
  };
}

/** The whole market's day; `t` is where it ends. */
function grouped(archive: MarketArchive, request: PolygonRequest, text: string): Answer {
  const query = new PolygonQuery(request);
  const adjusted = query.reader.truth('adjusted', true);
  query.reader.truth('include_otc', false); // Nobody trades over the counter here.
  const date = parseDate(text);
  if (date === undefined || !text.includes('-')) {
    query.reader.refuse(`Could not parse the time parameter: 'date'`);
  }
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const results = shareNumbers(archive).flatMap((symbol) => {
    const row = dayOf(archive, symbol, date ?? 0, adjusted);
    const T = archive.symbols[symbol]?.name;
    return row === undefined ? [] : [{ T, ...aggregate(row, endOf(row)) }];
  });
  return okBody(request, { ...counted(results.length, results), adjusted });
}

function dayOf(
  archive: MarketArchive,
  symbol: number,
  date: DateNumber,
  adjusted: boolean,
): BarRow | undefined {
  const running = emptyBarRow();
  const isRunning = archive.bars.dayBar(symbol, running);
  if (isRunning && running.startUs === newYorkToUs(date, 0)) return running;
  return archive.days.on(symbol, date, adjustmentOf(adjusted));
}

function endOf(row: BarRow): number {
  return (tradingDay(newYorkDate(row.startUs))?.closeUs ?? row.startUs + DAY) / MS;
}

function previous(archive: MarketArchive, request: PolygonRequest, ticker: string): Answer {
  const query = new PolygonQuery(request);
  const adjusted = query.reader.truth('adjusted', true);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const symbol = findShare(archive, ticker);
  const row = symbol < 0 ? undefined : archive.days.read(symbol, adjustmentOf(adjusted), 1).at(-1);
  const results = row === undefined ? [] : [{ T: ticker, ...aggregate(row, endOf(row)) }];
  return okBody(request, { ticker, ...counted(results.length, results), adjusted });
}

/** Flat, and its status is its only envelope. */
function openClose(
  archive: MarketArchive,
  request: PolygonRequest,
  ticker: string,
  text: string,
): Answer {
  const query = new PolygonQuery(request);
  const adjusted = query.reader.truth('adjusted', true);
  const date = text.includes('-') ? parseDate(text) : undefined;
  if (date === undefined) query.reader.refuse(`Could not parse the time parameter: 'date'`);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const symbol = findShare(archive, ticker);
  const row = symbol < 0 ? undefined : dayOf(archive, symbol, date ?? 0, adjusted);
  if (row === undefined) return notFoundAnswer(request.requestId, 'Data not found.');
  const body = {
    status: 'OK',
    from: dateText(date ?? 0),
    symbol: ticker,
    open: dollars(row.open),
    high: dollars(row.high),
    low: dollars(row.low),
    close: dollars(row.close),
    volume: row.volume,
    ...outsideHours(archive, symbol, row),
  };
  return { status: 200, body };
}

/** The first price before the session and the last after it, of the day whose minutes are known. */
function outsideHours(archive: MarketArchive, symbol: number, day: BarRow) {
  const minutes = minuteRows(archive, symbol, day.startUs).filter(
    ({ startUs }) => newYorkDate(startUs) === newYorkDate(day.startUs),
  );
  const pre = minutes.find(({ startUs }) => sessionOf(startUs) === 'pre');
  const post = minutes.findLast(({ startUs }) => sessionOf(startUs) === 'post');
  return {
    ...(pre === undefined ? {} : { preMarket: dollars(pre.open) }),
    ...(post === undefined ? {} : { afterHours: dollars(post.close) }),
  };
}
