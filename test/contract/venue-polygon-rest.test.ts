import {
  GetStocksAggregatesSortEnum,
  GetStocksAggregatesTimespanEnum,
  GetStocksSnapshotDirectionDirectionEnum,
  ListExchangesAssetClassEnum,
} from '@polygon.io/client-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLYGON_KEY } from '../polygon-client.ts';
import { StillVenue } from '../polygon-rest.ts';
import type { VenueMessage } from '../venue-socket.ts';

const NAME = 'SEMKT';
const DATE = '2024-06-03';
const NOW_MS = Date.parse('2024-06-03T17:00:00Z');

const { Minute, Hour, Day, Month } = GetStocksAggregatesTimespanEnum;
const { Gainers, Losers } = GetStocksSnapshotDirectionDirectionEnum;
/** What comes before the list of tickers among the words of a snapshot. */
const ANY_OF = [undefined, undefined, undefined, undefined, undefined, undefined] as const;

const venue = new StillVenue();
beforeAll(() => venue.start());
afterAll(() => venue.end());

describe("the venue's Polygon REST, to the official client", () => {
  it('has the minutes that Alpaca’s host has', async () => {
    const { results, ...rest } = await venue
      .official()
      .getStocksAggregates(NAME, 1, Minute, DATE, DATE);
    const query = `timeframe=1Min&start=${DATE}&limit=10000`;
    const alpaca = await venue.ask(`/v2/stocks/${NAME}/bars?${query}`, {
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
    const api = venue.official();
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
    const whole = await venue.pagesOf(path);
    for (const sort of ['asc', 'desc']) {
      const pages = await venue.pagesOf(`${path}?limit=12&sort=${sort}`);
      const rows = pages.flat();

      expect(pages.length).toBeGreaterThan(20);
      expect(sort === 'asc' ? rows : rows.toReversed()).toEqual(whole.flat());
    }
    const tight = await venue.pagesOf(`${path}?limit=1`);

    expect(tight.flat()).toEqual(whole.flat());
  });

  it('takes times in milliseconds as well as dates', async () => {
    const from = String(NOW_MS - 10 * 60_000);
    const to = String(NOW_MS - 60_000);
    const { results } = await venue.official().getStocksAggregates(NAME, 1, Minute, from, to);
    const starts = results?.map(({ t }) => t) ?? [];

    expect(starts.length).toBeGreaterThan(3);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(Number(from));
    expect(Math.max(...starts)).toBeLessThanOrEqual(Number(to));
  });

  it('gives an unknown ticker 200, a count of 0 and no results', async () => {
    const body = await venue.official().getStocksAggregates('NOSUCH', 1, Day, DATE, DATE);

    expect(body).toMatchObject({ status: 'OK', resultsCount: 0, ticker: 'NOSUCH' });
    expect(body).not.toHaveProperty('results');
  });

  it('has the whole market of a day, with the end of the day under t', async () => {
    const { results, resultsCount } = await venue
      .official()
      .getGroupedStocksAggregates('2024-05-31');
    const names = results?.map(({ T }) => T) ?? [];
    const weekend = await venue.official().getGroupedStocksAggregates('2024-06-01');

    expect(names.length).toBe(resultsCount);
    expect(names).toContain(NAME);
    expect(new Set(results?.map(({ t }) => t))).toEqual(
      new Set([Date.parse('2024-05-31T20:00:00Z')]),
    );
    expect(weekend).toMatchObject({ resultsCount: 0 });
    expect(weekend).not.toHaveProperty('results');
  });

  it('has the day before and the prices of a day', async () => {
    const previous = await venue.official().getPreviousStocksAggregates(NAME);
    const day = await venue.official().getStocksOpenClose(NAME, '2024-05-31');
    const today = await venue.official().getStocksOpenClose(NAME, DATE);
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
    const api = venue.official();
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

  it('answers for each symbol of a list, or says what is wrong with it', async () => {
    const { results } = Object(
      await venue.official().getSnapshots(...ANY_OF, `SETEC,${NAME},NOSUCH`),
    );
    const [pages, [whole]] = [
      await venue.pagesOf('/v3/snapshot?limit=50'),
      await venue.pagesOf('/v3/snapshot?limit=250'),
    ];

    expect(results.map(({ ticker }: VenueMessage) => ticker)).toEqual(['NOSUCH', NAME, 'SETEC']);
    expect(results[0]).toEqual({
      ticker: 'NOSUCH',
      error: 'NOT_FOUND',
      message: 'Ticker not found.',
    });
    expect(results[1]).toMatchObject({ type: 'stocks', market_status: 'open' });
    expect(results[1].session.close - results[1].session.previous_close).toBeCloseTo(
      results[1].session.change,
      4,
    );
    expect(pages.length).toBe(2);
    expect(pages.flat()).toEqual(whole);
  });

  it('knows the days on which it will be closed, and those that end early', async () => {
    const rows = await venue.official().getMarketHolidays();
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
    const { results } = await venue.official().listNews();
    const pages = await venue.pagesOf('/v2/reference/news?limit=1');
    const [story] = results ?? [];
    const ticker = String(story?.tickers?.[0]);
    const of = await venue.official().listNews(ticker);
    const times = results?.map(({ published_utc }) => published_utc) ?? [];

    expect(times.length).toBeGreaterThan(1);
    expect(pages.map(([one]) => one)).toEqual(results);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(of.results?.every(({ tickers }) => tickers?.includes(ticker))).toBe(true);
    expect(results?.flatMap(({ insights }) => insights ?? []).length).toBeGreaterThan(0);
  });

  it('has splits and dividends by ticker, date and kind', async () => {
    const api = venue.official();
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
    const { results } = await venue.official().getStocksTrades(NAME);
    const quotes = await venue.official().getStocksQuotes(NAME);
    const { text } = await venue.ask(`/v3/trades/${NAME}`);
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
    const [whole] = await venue.pagesOf(`${path}&limit=50000`);
    const pages = await venue.pagesOf(`${path}&limit=7`);

    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flat()).toEqual(whole);
  });

  it('has the last trade and the best bid and offer in letters', async () => {
    const trade = await venue.official().getLastStocksTrade(NAME);
    const quote = await venue.official().getLastStocksQuote(NAME);
    const { results } = await venue.official().getStocksTrades(NAME);

    expect(trade.results).toMatchObject({ T: NAME });
    expect(results?.some(({ id }) => id === trade.results?.i)).toBe(true);
    expect(Number(quote.results?.P)).toBeGreaterThan(Number(quote.results?.p));
  });

  it('names every exchange and condition that the stream has numbers for', async () => {
    const exchanges = await venue.official().listExchanges(ListExchangesAssetClassEnum.Stocks);
    const conditions = await venue
      .official()
      .listConditions(undefined, undefined, undefined, undefined, undefined, 1_000);
    const { results } = await venue.official().getStocksTrades(NAME);
    const ids = new Set(exchanges.results?.map(({ id }) => id));
    const known = new Set(conditions.results?.map(({ id }) => id));

    expect(results?.filter(({ exchange }) => !ids.has(exchange))).toEqual([]);
    const used = results?.flatMap((row) => row.conditions ?? []) ?? [];
    expect(used.filter((id) => !known.has(id))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  });
});
