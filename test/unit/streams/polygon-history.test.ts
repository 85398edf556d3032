import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { MINUTE, MS } from '../../../src/core/time.ts';
import { fetchGroupedDays } from '../../../src/streams/polygon/rest/grouped-days.ts';
import { PolygonHistory } from '../../../src/streams/polygon/rest/polygon-history.ts';
import type { HistoryBar, HistoryTrade } from '../../../src/streams/market/market-history.ts';
import {
  inTime,
  type Reply,
  restOf,
  restOptions,
  type Seen,
  serve,
} from './polygon-rest-server.ts';

const MINUTE_MS = MINUTE / MS;
const START_MS = 1_795_100_640_000;
const START_US = START_MS * MS;

const bar = (t: number, c = 10) => ({ t, o: 10, h: 12, l: 9, c, v: 100, vw: 10.5, n: 3 });
const ticker = (name: string, t: number, day: { c: number; v: number }) => ({
  ticker: name,
  day,
  min: { ...bar(t), av: 1 },
  lastTrade: { t: `${t + 1_000}000000` },
});

async function historyOf(answer: (seen: Seen, number: number) => Reply) {
  const server = await serve(answer);
  const { time, ...options } = restOptions(server.url);
  return { server, time, history: new PolygonHistory(options) };
}

function collector<Row>() {
  const taken = new Map<string, readonly Row[]>();
  return { taken, take: (name: string, rows: readonly Row[]) => void taken.set(name, rows) };
}

describe('minute bars of a few symbols', () => {
  it('are asked for one by one, cut to the span, in the order of time', async () => {
    const { server, time, history } = await historyOf(({ path }) =>
      path.includes('/AAPL/')
        ? { body: { status: 'OK', results: [bar(START_MS), bar(START_MS + MINUTE_MS, 11)] } }
        : // An unknown ticker has no results, and not even the key.
          { body: { status: 'OK', queryCount: 0, resultsCount: 0, request_id: 'r1' } },
    );
    const { taken, take } = collector<HistoryBar>();
    const span = { symbols: ['AAPL', 'NONE'], fromUs: START_US, toUs: START_US + 2 * MINUTE };

    await inTime(history.minuteBars(span, take), time);

    expect([...taken.keys()]).toEqual(['AAPL']);
    expect(taken.get('AAPL')?.[1]).toEqual({
      startUs: START_US + MINUTE,
      open: 10,
      high: 12,
      low: 9,
      close: 11,
      volume: 100,
    });
    const [first] = server.seen;
    const to = START_MS + 2 * MINUTE_MS - 1;
    expect(first?.path).toBe(`/v2/aggs/ticker/AAPL/range/1/minute/${START_MS}/${to}`);
    expect(first?.query).toEqual({ adjusted: 'true', sort: 'asc', limit: '50000' });
  });

  it('go on where next_url says, by its path and cursor, at our own address', async () => {
    const { server, time, history } = await historyOf(({ path, query }) => {
      const next = START_MS + MINUTE_MS;
      const address = `https://api.invalid${path.replace(`/${START_MS}/`, `/${next}/`)}?cursor=abc`;
      return query['cursor'] === undefined
        ? { body: { results: [bar(START_MS)], next_url: address } }
        : { body: { results: [bar(next)] } };
    });
    const { taken, take } = collector<HistoryBar>();
    const span = { symbols: ['AAPL'], fromUs: START_US, toUs: START_US + 2 * MINUTE };

    await inTime(history.minuteBars(span, take), time);

    expect(taken.get('AAPL')).toHaveLength(2);
    expect(server.seen[1]?.path).toContain(`/minute/${START_MS + MINUTE_MS}/`);
    expect(server.seen[1]?.query).toEqual({ cursor: 'abc' });
  });

  it('that are none are counted and named, and the others kept', async () => {
    const broken = [{ ...bar(START_MS), h: 1 }, { ...bar(START_MS), t: 'noon' }, 7, null];
    const { time, history } = await historyOf(() => ({
      body: { results: [...broken, bar(START_MS)] },
    }));
    const { taken, take } = collector<HistoryBar>();

    await inTime(
      history.minuteBars({ symbols: ['A'], fromUs: START_US, toUs: START_US + MINUTE }, take),
      time,
    );

    expect(taken.get('A')).toHaveLength(1);
    expect(history.faults.count).toBe(4);
    expect(history.faults.first[1]?.detail).toContain('noon');
  });
});

describe('minute bars of a whole market after a cut', () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `S${at}`);
  const span = { symbols: names, fromUs: START_US, toUs: START_US + MINUTE };

  it('take one request where all that is missing is a minute', async () => {
    const tickers = names.map((name, at) =>
      ticker(name, at % 2 === 0 ? START_MS : START_MS - MINUTE_MS, { c: 1, v: 1 }),
    );
    const { server, time, history } = await historyOf(() => ({ body: { status: 'OK', tickers } }));
    const { taken, take } = collector<HistoryBar>();

    await inTime(history.minuteBars(span, take), time);

    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.query).toEqual({});
    expect(taken.size).toBe(5_000);
    expect(taken.get('S0')).toEqual([expect.objectContaining({ startUs: START_US, close: 10 })]);
  });

  it('are fetched by dollars traded where more is missing, of those that traded', async () => {
    const some = names.slice(0, 30);
    const tickers = some.map((name, at) =>
      // Every third has traded since the cut; the later in the list, the more dollars.
      ticker(name, at % 3 === 0 ? START_MS + 2 * MINUTE_MS : START_MS - 1, { c: 2, v: at }),
    );
    const waiting: (() => void)[] = [];
    const body = JSON.stringify({ results: [bar(START_MS), bar(START_MS + 2 * MINUTE_MS)] });
    const { server, time, history } = await historyOf(({ path }, number) => {
      if (path.startsWith('/v2/snapshot')) return { body: { tickers } };
      if (number > 9) return { body };
      // None of the first eight is answered before all of them are there.
      const raw = (response: ServerResponse): void => {
        waiting.push(() => void response.end(body));
        if (waiting.length === 8) for (const answer of waiting) answer();
      };
      return { raw };
    });
    const { taken, take } = collector<HistoryBar>();
    const longer = { symbols: some, fromUs: START_US, toUs: START_US + 3 * MINUTE };

    await inTime(history.minuteBars(longer, take), time);

    const asked = server.seen.slice(1).map(({ path }) => Number(/\/S(\d+)\//.exec(path)?.[1]));
    expect(server.seen[0]?.query['tickers']).toBe(some.join(','));
    expect(asked.toSorted((a, b) => b - a)).toEqual([27, 24, 21, 18, 15, 12, 9, 6, 3, 0]);
    expect(Math.max(...asked.slice(8))).toBeLessThan(Math.min(...asked.slice(0, 8)));
    expect([...taken.values()].every((bars) => bars.length === 2)).toBe(true);
  });

  it('are fetched one by one where the plan has no snapshots', async () => {
    const message = 'You are not entitled to this data.';
    const { server, time, history } = await historyOf(({ path }) =>
      path.startsWith('/v2/snapshot')
        ? { status: 403, body: { status: 'NOT_AUTHORIZED', message } }
        : { body: { results: [bar(START_MS)] } },
    );
    const { taken, take } = collector<HistoryBar>();

    await inTime(history.minuteBars({ ...span, symbols: names.slice(0, 40) }, take), time);

    expect(taken.size).toBe(40);
    expect(server.seen).toHaveLength(41);
  });
});

describe('trades', () => {
  const row = {
    conditions: [14, 37],
    exchange: 11,
    id: '52983',
    price: 231.405,
    size: 60,
    tape: 3,
    sequence_number: 1,
  };

  it('keep nanoseconds that a double would round to another microsecond', async () => {
    // 1795100645120334999 is 1795100645120335104 as a double: the next microsecond.
    const body = JSON.stringify({ results: [row] }).replace(
      '"conditions"',
      '"sip_timestamp":1795100645120334999,"conditions"',
    );
    const { server, time, history } = await historyOf(() => ({ body }));
    const { taken, take } = collector<HistoryTrade>();
    const span = { symbols: ['AAPL'], fromUs: START_US, toUs: START_US + MINUTE };

    await inTime(history.trades(span, take), time);

    expect(taken.get('AAPL')).toEqual([
      {
        us: 1_795_100_645_120_334,
        price: 231.405,
        size: 60,
        id: '52983',
        exchange: '11',
        tape: '3',
        conditions: ['14', '37'],
      },
    ]);
    expect(server.seen[0]?.query).toEqual({
      'timestamp.gte': `${START_US}000`,
      'timestamp.lt': `${START_US + MINUTE}000`,
      order: 'asc',
      sort: 'timestamp',
      limit: '50000',
    });
  });

  it('that were taken back since are none; a corrected one is told as it is now', async () => {
    const rows = [0, 1, 7, 8, 10, 11, 12, undefined].map((correction, at) => ({
      ...row,
      id: String(at),
      sip_timestamp: `${START_US + at}000`,
      ...(correction === undefined ? {} : { correction }),
    }));
    const { time, history } = await historyOf(() => ({ body: { results: rows } }));
    const { taken, take } = collector<HistoryTrade>();
    const span = { symbols: ['AAPL'], fromUs: START_US, toUs: START_US + MINUTE };

    await inTime(history.trades(span, take), time);

    expect(taken.get('AAPL')?.map(({ id }) => id)).toEqual(['0', '6', '7']);
    expect(history.faults.count).toBe(0);
  });
});

describe('latest trades', () => {
  it('are told by a snapshot of the symbols that are asked for', async () => {
    const apple = '{"ticker":"AAPL","lastTrade":{"t":1795100645120334999}}';
    const body = `{"tickers":[${apple},{"ticker":"X"}]}`;
    const { server, time, history } = await historyOf(() => ({ body }));

    const latest = await inTime(history.latestTrades(['AAPL', 'X', 'Y']), time);

    expect([...latest]).toEqual([['AAPL', 1_795_100_645_120_334]]);
    expect(server.seen[0]?.query).toEqual({ tickers: 'AAPL,X,Y' });
  });
});

describe('daily bars', () => {
  it('of every symbol take one request a day, and keep the newest of them', async () => {
    const server = await serve(({ path }) => {
      const date = path.split('/').at(-1) ?? '';
      const t = Date.parse(`${date}T21:00:00Z`);
      // B was listed on the 16th.
      const all = [
        { T: 'A', ...bar(t) },
        { T: 'OTHER', ...bar(t) },
      ];
      return { body: { results: date < '2026-11-16' ? all : [{ T: 'B', ...bar(t) }, ...all] } };
    });
    const { rest, time } = restOf(server.url);
    const told: number[] = [];

    const daily = await inTime(
      fetchGroupedDays(rest, {
        symbols: ['A', 'B', 'C'],
        days: 5,
        before: 20261119,
        onProgress: (done) => told.push(done),
      }),
      time,
    );

    const dates = (name: string) => daily.get(name)?.map(({ date }) => date);
    expect(dates('A')).toEqual([20261112, 20261113, 20261116, 20261117, 20261118]);
    expect(dates('B')).toEqual([20261116, 20261117, 20261118]);
    expect([...daily.keys()].toSorted()).toEqual(['A', 'B']);
    expect(daily.get('A')?.[0]).toMatchObject({ open: 100_000, high: 120_000, volume: 100 });
    // Fifteen calendar days, of which eleven were trading days.
    expect(server.seen).toHaveLength(told.length);
    const paths = server.seen.map(({ path }) => path);
    expect(paths).toContain('/v2/aggs/grouped/locale/us/market/stocks/2026-11-18');
    expect(server.seen[0]?.query).toEqual({ adjusted: 'true' });
    expect(server.seen).toHaveLength(11);
  });
});
