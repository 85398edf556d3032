import {
  type DefaultApi,
  GetCryptoAggregatesTimespanEnum,
  GetStocksAggregatesSortEnum,
  GetStocksAggregatesTimespanEnum,
  GetStocksSnapshotDirectionDirectionEnum,
  ListExchangesAssetClassEnum,
  restClient,
} from '@polygon.io/client-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningVenue, runVenue } from '../../src/venue/process/run-venue.ts';
import { POLYGON_KEY } from '../polygon-client.ts';
import { VenueRig } from '../venue-rig.ts';
import type { VenueMessage } from '../venue-socket.ts';

const NAME = 'SEMKT';
const DATE = '2024-06-03';
const NOW_MS = Date.parse('2024-06-03T17:00:00Z');

const { Minute, Hour, Day, Month } = GetStocksAggregatesTimespanEnum;
const { Gainers, Losers } = GetStocksSnapshotDirectionDirectionEnum;

/** One venue for all that only read: its clock stands. */
let venue: RunningVenue;
beforeAll(async () => {
  venue = await runVenue({
    seed: 6,
    symbols: 80,
    atUsOfDay: 13 * 3_600_000_000,
    isPaused: true,
    extendedHours: true,
  });
});
afterAll(() => venue.close());

function official(options: { readonly pagination?: boolean } = {}): DefaultApi {
  return restClient(POLYGON_KEY, venue.polygonUrl, options);
}

/** What a path is answered, whatever its status. */
async function ask(path: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(`${venue.polygonUrl}${path}`, {
    headers: { Authorization: `Bearer ${POLYGON_KEY}` },
    ...init,
  });
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, body: Object(body), text };
}

interface Answered {
  readonly status: number;
  readonly body: VenueMessage;
  readonly text: string;
}

/** What a call of the official client fails with. */
async function failure(call: Promise<unknown>): Promise<Omit<Answered, 'text'>> {
  const error: unknown = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  const { response } = Object(error);
  return { status: response?.status, body: response?.data };
}

/** A page of everything that is listed: its limit is the sixteenth word. */
function tickers(api: DefaultApi, limit: number) {
  const un = undefined;
  return api.listTickers(un, un, un, un, un, un, un, un, un, un, un, un, un, un, limit);
}

/** Every page of a list, by following `next_url` as we do it. */
async function pagesOf(path: string): Promise<readonly (readonly VenueMessage[])[]> {
  const pages: VenueMessage[][] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { body } = await ask(next);
    const results: unknown = body['results'];
    if (!Array.isArray(results)) throw new Error(`no results at ${next}`);
    pages.push(results);
    const url = body['next_url'];
    next = typeof url === 'string' ? url.slice(venue.polygonUrl.length) : undefined;
  }
  return pages;
}

describe("the venue's Polygon REST, to the official client", () => {
  it('has the minutes that Alpaca’s host has', async () => {
    const { results, ...rest } = await official().getStocksAggregates(NAME, 1, Minute, DATE, DATE);
    const query = `timeframe=1Min&start=${DATE}&limit=10000`;
    const alpaca = await ask(`/v2/stocks/${NAME}/bars?${query}`, {
      headers: { 'APCA-API-KEY-ID': POLYGON_KEY, 'APCA-API-SECRET-KEY': POLYGON_KEY },
    });
    const theirs: readonly VenueMessage[] = Object(alpaca.body['bars']);

    expect(results?.length).toBeGreaterThan(300);
    expect(rest).toMatchObject({
      ticker: NAME,
      status: 'OK',
      adjusted: true,
      queryCount: results?.length,
      resultsCount: results?.length,
      count: results?.length,
    });
    expect(results?.map(({ t, o, h, l, c, v, n }) => [t, o, h, l, c, v, n])).toEqual(
      theirs.map(({ t, o, h, l, c, v, n }) => [Date.parse(String(t)), o, h, l, c, v, n]),
    );
  });

  it('makes longer bars of minutes and of days, either way round', async () => {
    const api = official();
    const minutes = await api.getStocksAggregates(NAME, 1, Minute, DATE, DATE);
    const hours = await api.getStocksAggregates(NAME, 1, Hour, DATE, DATE);
    const days = await api.getStocksAggregates(NAME, 1, Day, '2024-01-01', DATE);
    const months = await api.getStocksAggregates(NAME, 1, Month, '2024-01-01', DATE);
    const down = await api.getStocksAggregates(
      NAME,
      1,
      Month,
      '2024-01-01',
      DATE,
      true,
      GetStocksAggregatesSortEnum.Desc,
    );
    const sum = (rows: readonly { readonly v: number }[] | undefined) =>
      (rows ?? []).reduce((total, { v }) => total + v, 0);

    expect(sum(hours.results)).toBe(sum(minutes.results));
    expect(sum(months.results)).toBe(sum(days.results));
    expect(hours.results?.every(({ t }) => t % 3_600_000 === 0)).toBe(true);
    expect(down.results).toEqual(months.results?.toReversed());
    // Midnight in New York.
    expect(new Date(days.results?.at(-1)?.t ?? 0).toISOString()).toBe('2024-06-03T04:00:00.000Z');
  });

  it('counts base bars against the limit and leads on to the rest', async () => {
    const path = `/v2/aggs/ticker/${NAME}/range/5/minute/${DATE}/${DATE}`;
    const whole = await pagesOf(path);
    for (const sort of ['asc', 'desc']) {
      const pages = await pagesOf(`${path}?limit=12&sort=${sort}`);
      const rows = pages.flat();

      expect(pages.length).toBeGreaterThan(20);
      expect(sort === 'asc' ? rows : rows.toReversed()).toEqual(whole.flat());
    }
    const tight = await pagesOf(`${path}?limit=1`);

    expect(tight.flat()).toEqual(whole.flat());
  });

  it('takes times in milliseconds as well as dates', async () => {
    const from = String(NOW_MS - 10 * 60_000);
    const to = String(NOW_MS - 60_000);
    const { results } = await official().getStocksAggregates(NAME, 1, Minute, from, to);
    const starts = results?.map(({ t }) => t) ?? [];

    expect(starts.length).toBeGreaterThan(3);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(Number(from));
    expect(Math.max(...starts)).toBeLessThanOrEqual(Number(to));
  });

  it('gives an unknown ticker 200, a count of 0 and no results', async () => {
    const body = await official().getStocksAggregates('NOSUCH', 1, Day, DATE, DATE);

    expect(body).toMatchObject({ status: 'OK', resultsCount: 0, ticker: 'NOSUCH' });
    expect(body).not.toHaveProperty('results');
  });

  it('has the whole market of a day, with the end of the day under t', async () => {
    const { results, resultsCount } = await official().getGroupedStocksAggregates('2024-05-31');
    const names = results?.map(({ T }) => T) ?? [];
    const weekend = await official().getGroupedStocksAggregates('2024-06-01');

    expect(names.length).toBe(resultsCount);
    expect(names).toContain(NAME);
    expect(new Set(results?.map(({ t }) => t))).toEqual(
      new Set([Date.parse('2024-05-31T20:00:00Z')]),
    );
    expect(weekend).toMatchObject({ resultsCount: 0 });
    expect(weekend).not.toHaveProperty('results');
  });

  it('has the day before and the prices of a day', async () => {
    const previous = await official().getPreviousStocksAggregates(NAME);
    const day = await official().getStocksOpenClose(NAME, '2024-05-31');
    const today = await official().getStocksOpenClose(NAME, DATE);
    const [bar] = previous.results ?? [];

    expect(previous.results?.length).toBe(1);
    expect(day).toEqual({
      status: 'OK',
      from: '2024-05-31',
      symbol: NAME,
      open: bar?.o,
      high: bar?.h,
      low: bar?.l,
      close: bar?.c,
      volume: bar?.v,
    });
    expect(Object(today).preMarket).toBeGreaterThan(0);
  });

  it('shows the market, one symbol of it and what moved most at once', async () => {
    const api = official();
    const all = await api.getStocksSnapshotTickers();
    const some = await api.getStocksSnapshotTickers([NAME, 'SETEC', 'NOSUCH']);
    const one = await api.getStocksSnapshotTicker(NAME);
    const up = await api.getStocksSnapshotDirection(Gainers);
    const down = await api.getStocksSnapshotDirection(Losers);
    const shares = (body: typeof up) =>
      (body.tickers ?? []).map((row) => row.todaysChangePerc ?? 0);

    expect(all.tickers?.length).toBeGreaterThan(30);
    expect(some.tickers?.map(({ ticker }) => ticker)).toEqual([NAME, 'SETEC']);
    expect(one.ticker).toMatchObject({ ticker: NAME });
    expect(shares(up).every((share) => share > 0)).toBe(true);
    expect(shares(down).every((share) => share < 0)).toBe(true);
    expect(shares(up)).toEqual(shares(up).toSorted((left, right) => right - left));
    expect(shares(down)).toEqual(shares(down).toSorted((left, right) => left - right));
  });

  it('knows the days on which it will be closed, and those that end early', async () => {
    const rows = await official().getMarketHolidays();
    const nyse = rows.filter(({ exchange }) => exchange === 'NYSE');

    expect(rows.length).toBe(nyse.length * 3);
    expect(nyse.map(({ date, name, status }) => [date, name, status])).toEqual([
      ['2024-06-19', 'Juneteenth', 'closed'],
      ['2024-07-03', 'Independence Day', 'early-close'],
      ['2024-07-04', 'Independence Day', 'closed'],
      ['2024-09-02', 'Labor Day', 'closed'],
      ['2024-11-28', 'Thanksgiving', 'closed'],
      ['2024-11-29', 'Thanksgiving', 'early-close'],
      ['2024-12-24', 'Christmas', 'early-close'],
      ['2024-12-25', 'Christmas', 'closed'],
      ['2025-01-01', "New Year's Day", 'closed'],
      ['2025-01-09', 'Closure', 'closed'],
      ['2025-01-20', 'Martin Luther King, Jr. Day', 'closed'],
      ['2025-02-17', "Washington's Birthday", 'closed'],
      ['2025-04-18', 'Good Friday', 'closed'],
      ['2025-05-26', 'Memorial Day', 'closed'],
    ]);
    expect(nyse.find(({ status }) => status === 'early-close')).toMatchObject({
      open: '2024-07-03T13:30:00.000Z',
      close: '2024-07-03T17:00:00.000Z',
    });
  });

  it('has news of a company, newest first, and what it means', async () => {
    const { results } = await official().listNews();
    const [story] = results ?? [];
    const ticker = String(story?.tickers?.[0]);
    const of = await official().listNews(ticker);
    const times = results?.map(({ published_utc }) => published_utc) ?? [];

    expect(times.length).toBeGreaterThan(1);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(of.results?.every(({ tickers }) => tickers?.includes(ticker))).toBe(true);
    expect(results?.flatMap(({ insights }) => insights ?? []).length).toBeGreaterThan(0);
  });

  it('has splits and dividends by ticker, date and kind', async () => {
    const api = official();
    const splits = await api.listStockSplits();
    const [split] = splits.results ?? [];
    const reverse = Number(split?.split_from) > Number(split?.split_to);
    const same = await api.listStockSplits(split?.ticker, split?.execution_date, reverse);
    const other = await api.listStockSplits(split?.ticker, split?.execution_date, !reverse);
    const dividends = await api.listDividends();
    const [dividend] = dividends.results ?? [];

    expect([same.results, other.results]).toEqual([[split], []]);
    expect(dividend).toMatchObject({ dividend_type: 'CD', frequency: 4 });
    expect(await api.listDividends(dividend?.ticker, dividend?.ex_dividend_date)).toMatchObject({
      results: [dividend],
    });
  });

  it('has trades and quotes to the nanosecond, which the client rounds', async () => {
    const { results } = await official().getStocksTrades(NAME);
    const quotes = await official().getStocksQuotes(NAME);
    const { text } = await ask(`/v3/trades/${NAME}`);
    const exact = [...text.matchAll(/"sip_timestamp":(\d+)/g)].map(([, digits]) => String(digits));
    const numbers = results?.map(({ sequence_number }) => sequence_number) ?? [];

    expect(results?.length).toBeGreaterThan(10);
    expect(quotes.results?.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.toSorted((left, right) => right - left));
    expect(exact.every((digits) => digits.length === 19)).toBe(true);
    expect(exact.some((digits) => String(BigInt(Number(digits))) !== digits)).toBe(true);
    expect(results?.map(({ sip_timestamp }) => sip_timestamp)).toEqual(exact.map(Number));
  });

  it('pages trades of a span in order, without losing or repeating one', async () => {
    const from = `${NOW_MS - 3_600_000}000000`;
    const path = `/v3/trades/${NAME}?timestamp.gte=${from}&order=asc`;
    const [whole] = await pagesOf(`${path}&limit=50000`);
    const pages = await pagesOf(`${path}&limit=7`);

    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flat()).toEqual(whole);
  });

  it('has the last trade and the best bid and offer in letters', async () => {
    const trade = await official().getLastStocksTrade(NAME);
    const quote = await official().getLastStocksQuote(NAME);
    const { results } = await official().getStocksTrades(NAME);

    expect(trade.results).toMatchObject({ T: NAME });
    expect(results?.some(({ id }) => id === trade.results?.i)).toBe(true);
    expect(Number(quote.results?.P)).toBeGreaterThan(Number(quote.results?.p));
  });

  it('names every exchange and condition that the stream has numbers for', async () => {
    const exchanges = await official().listExchanges(ListExchangesAssetClassEnum.Stocks);
    const conditions = await official().listConditions(
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      1_000,
    );
    const { results } = await official().getStocksTrades(NAME);
    const ids = new Set(exchanges.results?.map(({ id }) => id));
    const known = new Set(conditions.results?.map(({ id }) => id));

    expect(results?.filter(({ exchange }) => !ids.has(exchange))).toEqual([]);
    const used = results?.flatMap((row) => row.conditions ?? []) ?? [];
    expect(used.filter((id) => !known.has(id))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  });
});

describe("the pages of the venue's Polygon REST", () => {
  it('D12 lead to our own origin, with a question mark and without the key', async () => {
    const { next_url: next } = await tickers(official(), 5);

    expect(next).toMatch(new RegExp(`^${venue.polygonUrl}/v3/reference/tickers\\?cursor=`));
    expect(decodeURIComponent(String(next))).not.toContain(POLYGON_KEY);
    const cursor = String(new URL(String(next)).searchParams.get('cursor'));
    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain(POLYGON_KEY);
  });

  it('come reversed from the client’s own paging, and in order from ours', async () => {
    const client = official({ pagination: true });
    const { results } = await tickers(client, 5);
    const theirs = results?.map(({ ticker }) => ticker) ?? [];
    const pages = await pagesOf('/v3/reference/tickers?limit=5');
    const ours = pages.flat().map(({ ticker }) => String(ticker));

    expect(ours.length).toBe(82);
    expect(ours).toEqual(ours.toSorted());
    expect(theirs).not.toEqual(ours);
    expect(theirs).toEqual(
      pages
        .toReversed()
        .flat()
        .map(({ ticker }) => ticker),
    );
  });

  it('keep the words of the first one, whatever order they asked for', async () => {
    const pages = await pagesOf('/v3/reference/tickers?limit=4&order=desc&type=CS&ticker.lt=T');
    const names = pages.flat().map(({ ticker }) => String(ticker));

    expect(pages.length).toBeGreaterThan(2);
    expect(names).toEqual(names.toSorted().toReversed());
    expect(names.every((name) => name < 'T')).toBe(true);
  });

  it('are refused for a cursor that is none of ours', async () => {
    const { status, body } = await ask('/v3/reference/tickers?cursor=nonsense');

    expect([status, body['status'], body['error']]).toEqual([400, 'ERROR', 'invalid cursor']);
  });
});

describe('what the Polygon REST refuses', () => {
  it('401 without a key or with a wrong one, and takes it from the query or as Bearer', async () => {
    const path = '/v1/marketstatus/now';
    const none = await ask(path, { headers: {} });
    const wrong = await failure(restClient('other', venue.polygonUrl).getMarketStatus());
    const inQuery = await ask(`${path}?apiKey=${POLYGON_KEY}`, { headers: {} });
    const bearer = await ask(path);

    expect(none).toMatchObject({ status: 401, body: { status: 'ERROR' } });
    expect(wrong).toMatchObject({
      status: 401,
      body: { status: 'ERROR', request_id: expect.any(String), error: 'Unknown API Key' },
    });
    expect([inQuery.status, bearer.status]).toEqual([200, 200]);
  });

  it('403 what is no stock', async () => {
    const { status, body } = await failure(
      official().getCryptoAggregates(
        'X:BTCUSD',
        1,
        GetCryptoAggregatesTimespanEnum.Day,
        DATE,
        DATE,
      ),
    );

    expect(status).toBe(403);
    expect(body).toMatchObject({ status: 'NOT_AUTHORIZED', message: expect.any(String) });
    expect(String(body['message'])).toMatch(/^You are not entitled to this data\./);
  });

  it.each(['getTicker', 'getStocksSnapshotTicker', 'getLastStocksTrade'] as const)(
    '404 an unknown ticker of %s',
    async (method) => {
      const { status, body } = await failure(official()[method]('NOSUCH'));

      expect(status).toBe(404);
      expect(body).toMatchObject({ status: 'NOT_FOUND', request_id: expect.any(String) });
    },
  );

  it('404 a path that is none, and 405 what is no GET', async () => {
    const nowhere = await ask('/v3/reference/nothing');
    const post = await ask('/v1/marketstatus/now', { method: 'POST', body: '{}' });

    expect([nowhere.status, nowhere.body['status']]).toEqual([404, 'NOT_FOUND']);
    expect(post.status).toBe(405);
  });

  it.each([
    `/v2/aggs/ticker/${NAME}/range/1/second/${DATE}/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/0/minute/${DATE}/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/1/day/yesterday/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/2024-06-01`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/${DATE}?limit=50001`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/${DATE}?sort=up`,
    '/v2/aggs/grouped/locale/us/market/stocks/2024-02-31',
    '/v3/reference/tickers?limit=0',
    '/v3/reference/splits?execution_date.gte=soon',
    `/v3/trades/${NAME}?timestamp=later`,
  ])('400 %s', async (path) => {
    const { status, body } = await ask(path);

    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'ERROR', error: expect.any(String) });
  });
});

describe('the hours of the Polygon REST', () => {
  const rig = new VenueRig({ extendedHours: true });

  it('says whether the market is open, in the words of every hour', async () => {
    const client = restClient(POLYGON_KEY, rig.venue.polygonUrl);
    const seen: unknown[] = [];
    // From noon over the close and the evening into the night.
    for (const seconds of [0, 4.5 * 3_600, 4 * 3_600]) {
      await rig.pass(seconds);
      const { market, earlyHours, afterHours, serverTime } = await client.getMarketStatus();
      seen.push([market, earlyHours, afterHours]);
      expect(serverTime).toMatch(/^2024-06-03T\d\d:\d\d:\d\d-04:00$/);
    }

    expect(seen).toEqual([
      ['open', false, false],
      ['extended-hours', false, true],
      ['closed', false, false],
    ]);
  });
});

describe('the limit of the Polygon REST', () => {
  const tight = new VenueRig({ knobs: { polygonRequestsPerMinute: 3 } });

  it('429 past so many requests in a minute, on this wire alone', async () => {
    const client = restClient(POLYGON_KEY, tight.venue.polygonUrl);
    for (let count = 0; count < 3; count += 1) await client.getMarketStatus();
    const { status, body } = await failure(client.getMarketStatus());
    await tight.pass(60);
    const { market } = await client.getMarketStatus();

    expect(status).toBe(429);
    expect(body).toMatchObject({ status: 'ERROR', request_id: expect.any(String) });
    expect(String(body['error'])).toMatch(/^You've exceeded the maximum requests per minute/);
    expect(market).toBe('open');
  });
});
