import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import type { HistoryTrade } from '../../../src/streams/market/market-history.ts';
import { fetchDailyBars } from '../../../src/streams/market/past-bars.ts';
import { RestHistory } from '../../../src/streams/alpaca/history/rest-history.ts';
import { ManualTime } from '../../manual-time.ts';
import { TEN_US } from './market-harness.ts';

type Answer = (url: URL, response: ServerResponse, request: IncomingMessage) => void;

async function historyOver(answer: Answer, requestsPerMinute = 200) {
  const requests: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://venue');
    requests.push(url);
    answer(url, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const time = new ManualTime(TEN_US);
  const history = new RestHistory({
    url: `http://127.0.0.1:${port}`,
    keyId: 'k',
    secret: 's',
    feed: 'iex',
    clock: time,
    timers: time,
    requestsPerMinute,
  });
  return { history, requests, time };
}

function json(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body);
}

/** A bar at a time of 2026-11-19, as the venue writes it. */
function barAt(clock: string): string {
  return `{"t":"2026-11-19T${clock}Z",${BAR}}`;
}

const BAR = '"o":1.5,"h":2,"l":1.25,"c":1.75,"v":100,"n":3,"vw":1.6';

describe('the history of Alpaca over its SDK', () => {
  it('walks all pages, joins a symbol that goes on, and says feed, keys and span', async () => {
    const { history, requests } = await historyOver((url, response, request) => {
      expect(request.headers['apca-api-key-id']).toBe('k');
      const token = url.searchParams.get('page_token');
      if (token === null) {
        return json(
          response,
          `{"bars":{"A":[${barAt('15:00:00')}],"B":[${barAt('15:00:00')}]},"next_page_token":"P2"}`,
        );
      }
      json(response, `{"bars":{"B":[{"t":"2026-11-19T15:01:00Z",${BAR}}]},"next_page_token":null}`);
    });
    const told: [string, number][] = [];
    const span = { symbols: ['A', 'B'], fromUs: TEN_US, toUs: TEN_US + 2 * MINUTE };
    await history.minuteBars(span, (name, bars) => told.push([name, bars.length]));
    expect(told).toEqual([
      ['A', 1],
      ['B', 2],
    ]);
    expect(requests).toHaveLength(2);
    const query = Object.fromEntries(requests[0]?.searchParams ?? []);
    expect(query).toEqual({
      symbols: 'A,B',
      timeframe: '1Min',
      feed: 'iex',
      limit: '10000',
      adjustment: 'split',
      start: '2026-11-19T15:00:00.000Z',
      end: '2026-11-19T15:01:59.999Z',
    });
  });

  it('keeps microseconds and 64-bit ids of trades, and leaves cancelled ones out', async () => {
    const { history } = await historyOver((_url, response) =>
      json(
        response,
        `{"trades":{"A":[
          {"t":"2026-11-19T15:00:00.123456789Z","x":"V","p":1.2345,"s":3,"c":["@","I"],
           "i":18446744073709551615,"z":"C"},
          {"t":"2026-11-19T15:00:01Z","x":"V","p":1,"s":3,"c":["@"],"i":2,"z":"C","u":"canceled"}
        ]},"next_page_token":null}`,
      ),
    );
    const trades: HistoryTrade[] = [];
    const span = { symbols: ['A'], fromUs: TEN_US, toUs: TEN_US + MINUTE };
    await history.trades(span, (_name, rows) => trades.push(...rows));
    expect(trades).toEqual([
      {
        us: TEN_US + 123_456,
        price: 1.2345,
        size: 3,
        id: '18446744073709551615',
        exchange: 'V',
        tape: 'C',
        conditions: ['@', 'I'],
      },
    ]);
    expect(history.faults.count).toBe(0);
  });

  it('names a row that cannot be, and keeps the others', async () => {
    const { history } = await historyOver((_url, response) =>
      json(
        response,
        `{"bars":{"A":[${barAt('15:00:00')},{"t":"soon",${BAR}},
          {"t":"2026-11-19T15:02:00Z","o":1,"h":0.5,"l":1,"c":1,"v":1}]}}`,
      ),
    );
    const told: number[] = [];
    const span = { symbols: ['A'], fromUs: TEN_US, toUs: TEN_US + MINUTE };
    await history.minuteBars(span, (_name, bars) => told.push(bars.length));
    expect(told).toEqual([1]);
    expect(history.faults.count).toBe(2);
    expect(history.faults.first[0]?.detail).toMatch(/^not one of the bars of A: \{"t":"soon"/);
  });

  it('tries again after 429 and 503, and gives up on 403 and after three tries', async () => {
    const statuses = [429, 503, 200, 403, 500, 500, 500];
    const { history, requests, time } = await historyOver((_url, response) =>
      json(response, '{"bars":{},"message":"sorry"}', statuses.shift()),
    );
    const ask = async () => {
      const span = { symbols: ['A'], fromUs: TEN_US, toUs: TEN_US + MINUTE };
      const progress = { isDone: false };
      const asked = history
        .minuteBars(span, () => {})
        .finally(() => {
          progress.isDone = true;
        });
      asked.catch(() => {});
      while (!progress.isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        time.advance(100);
      }
      return asked;
    };
    await ask();
    expect(requests).toHaveLength(3);
    await expect(ask()).rejects.toThrow(/past market data/);
    expect(requests).toHaveLength(4);
    await expect(ask()).rejects.toMatchObject({ code: 'HISTORY_FAILED' });
    expect(requests).toHaveLength(7);
  });

  it('ends where a venue repeats a page for ever', async () => {
    const { history } = await historyOver((_url, response) =>
      json(response, '{"bars":{},"next_page_token":"again"}'),
    );
    const span = { symbols: ['A'], fromUs: TEN_US, toUs: TEN_US + MINUTE };
    await expect(history.minuteBars(span, () => {})).rejects.toThrow('repeats a page');
  });

  it('ends where two pages name each other in turn', async () => {
    const { history, requests } = await historyOver((url, response) => {
      const other = url.searchParams.get('page_token') === 'a' ? 'b' : 'a';
      json(response, `{"bars":{},"next_page_token":"${other}"}`);
    });
    const span = { symbols: ['A'], fromUs: TEN_US, toUs: TEN_US + MINUTE };
    await expect(history.minuteBars(span, () => {})).rejects.toThrow('repeats a page');
    expect(requests).toHaveLength(3);
  });

  it('keeps to the requests of a minute, in market time', async () => {
    const { history, requests, time } = await historyOver(
      (_url, response) => json(response, '{"trades":{}}'),
      8,
    );
    const asked = Promise.all(Array.from({ length: 6 }, () => history.latestTrades(['A'])));
    for (let turn = 0; turn < 2_000; turn += 1) await new Promise((go) => setImmediate(go));
    // A quarter of a minute's at once.
    expect(requests).toHaveLength(2);
    await time.pass(30_000, 100);
    await asked;
    expect(requests).toHaveLength(6);
  });

  it('fetches 20 days of 1,000 symbols in three requests, and says how far it is', async () => {
    const { history, requests } = await historyOver((url, response) => {
      const names = (url.searchParams.get('symbols') ?? '').split(',');
      const days = ['17', '18', '19', '20'].map((day) => `{"t":"2026-11-${day}T05:00:00Z",${BAR}}`);
      const bars = names.map((name) => `"${name}":[${days.join(',')}]`);
      json(response, `{"bars":{${bars.join(',')}},"next_page_token":null}`);
    });
    const symbols = Array.from({ length: 1_000 }, (_, at) => `S${at}`);
    const progress: number[] = [];
    const daily = await fetchDailyBars(history, {
      symbols,
      days: 2,
      before: 20261120,
      onProgress: (done) => progress.push(done),
    });
    expect(requests).toHaveLength(3);
    expect(progress).toEqual([400, 800, 1_000]);
    expect(daily.size).toBe(1_000);
    expect(daily.get('S7')).toEqual([
      { date: 20261118, open: 15_000, high: 20_000, low: 12_500, close: 17_500, volume: 100 },
      { date: 20261119, open: 15_000, high: 20_000, low: 12_500, close: 17_500, volume: 100 },
    ]);
    expect(requests[0]?.searchParams.get('timeframe')).toBe('1Day');
    expect(requests[0]?.searchParams.get('end')).toBe('2026-11-20T04:59:59.999Z');
  });

  it('fetches minute bars of many symbols portion by portion', async () => {
    const { history, requests } = await historyOver((url, response) => {
      const [name] = (url.searchParams.get('symbols') ?? '').split(',');
      json(response, `{"bars":{"${name ?? ''}":[{"t":"2026-11-19T15:00:00Z",${BAR}}]}}`);
    });
    const symbols = Array.from({ length: 401 }, (_, at) => `S${at}`);
    const told: string[] = [];
    const span = { symbols, fromUs: TEN_US, toUs: TEN_US + MINUTE };
    await history.minuteBars(span, (name) => told.push(name));
    expect(told).toEqual(['S0', 'S400']);
    expect(requests).toHaveLength(2);
  });
});
