import { inspect } from 'node:util';
import { restClient } from '@polygon.io/client-js';
import { describe, expect, it } from 'vitest';
import { loadPolygonClient } from '../../../src/streams/polygon/rest/polygon-client.ts';
import { PolygonError } from '../../../src/streams/polygon/rest/polygon-error.ts';
import { listTickers } from '../../../src/streams/polygon/rest/listed-tickers.ts';
import type { Asked } from '../../../src/streams/polygon/rest/polygon-rest.ts';
import { inTime, KEY, type Reply, restOf, serve } from './polygon-rest-server.ts';

const STATUS: Asked = { call: ({ api }, options) => api.getMarketStatus(options) };

/** Three pages of two tickers; the addresses say another host, as a venue behind a proxy would. */
function tickerPages(cursor: string | undefined): Reply {
  const page = Number(cursor ?? 0);
  const results = [0, 1].map((at) => ({ ticker: `T${page * 2 + at}` }));
  const next = `https://elsewhere.invalid/v3/reference/tickers?cursor=${page + 1}&apiKey=leaked`;
  return { body: { status: 'OK', results, ...(page < 2 ? { next_url: next } : {}) } };
}

async function failureOf(work: Promise<unknown>): Promise<PolygonError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PolygonError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('pages', () => {
  it('come from the library itself as [3, 2, 1], so it is never asked to turn them', async () => {
    const server = await serve(({ query }) => {
      const page = Number(query['cursor'] ?? 1);
      const next = `${server.url}/v3/reference/tickers?cursor=${page + 1}`;
      return {
        body: { results: [{ ticker: `T${page}` }], ...(page < 3 ? { next_url: next } : {}) },
      };
    });
    const library = restClient(KEY, server.url, { pagination: true });

    const { results } = await library.listTickers();

    expect(results?.map(({ ticker }) => ticker)).toEqual(['T3', 'T2', 'T1']);
  });

  it('come in their order from ours, each asked of the configured address alone', async () => {
    const server = await serve(({ query }) => tickerPages(query['cursor']));
    const { rest, time } = restOf(server.url);

    const names = await inTime(listTickers(rest), time);

    expect([...names]).toEqual(['T0', 'T1', 'T2', 'T3', 'T4', 'T5']);
    expect(server.seen.map(({ query }) => query)).toEqual([
      { market: 'stocks', active: 'true', sort: 'ticker', order: 'asc', limit: '1000' },
      { cursor: '1' },
      { cursor: '2' },
    ]);
  });

  it('end with a failure where one repeats', async () => {
    const next = 'https://x.invalid/v3/reference/tickers?cursor=same';
    const server = await serve(() => ({ body: { results: [], next_url: next } }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(listTickers(rest), time));

    expect(failure.message).toBe("Polygon's REST: the venue repeats a page");
    expect(server.seen).toHaveLength(2);
  });
});

describe('a page that leads nowhere', () => {
  it('ends with a failure where two name each other in turn', async () => {
    const server = await serve(({ query }) => {
      const other = query['cursor'] === 'a' ? 'b' : 'a';
      const next = `https://x.invalid/v3/reference/tickers?cursor=${other}`;
      return { body: { results: [], next_url: next } };
    });
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(listTickers(rest), time));

    expect(failure.message).toBe("Polygon's REST: the venue repeats a page");
    expect(server.seen).toHaveLength(3);
  });

  it.each([7, 'https://', { cursor: 'a' }])(
    'is not taken for the last one where its address is %j',
    async (next_url) => {
      const server = await serve(() => ({ body: { results: [{ ticker: 'A' }], next_url } }));
      const { rest, time } = restOf(server.url);

      const failure = await failureOf(inTime(listTickers(rest), time));

      expect(failure.message).toBe("Polygon's REST: the next page has no address");
    },
  );

  it('is followed where its address has no host, and ends where it is empty', async () => {
    const server = await serve(({ query }) => {
      const next = query['cursor'] === undefined ? '/v3/reference/tickers?cursor=2' : '';
      return { body: { results: [{ ticker: `T${query['cursor']}` }], next_url: next } };
    });
    const { rest, time } = restOf(server.url);

    expect([...(await inTime(listTickers(rest), time))]).toEqual(['Tundefined', 'T2']);
  });
});

describe('an answer of another shape', () => {
  it.each(['[]', '5', '"OK"', 'null'])('is no empty one: %s', async (body) => {
    const server = await serve(() => ({ body }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(listTickers(rest), time, 1_000));

    expect(failure.message).toBe("Polygon's REST: an answer of another shape");
  });

  it('is no empty one either where its rows are no list', async () => {
    const server = await serve(() => ({ body: { status: 'OK', results: { ticker: 'A' } } }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(listTickers(rest), time));

    expect(failure.message).toBe("Polygon's REST: its results are no list");
  });
});

describe('the key', () => {
  it('travels in a header and stands in no address', async () => {
    const server = await serve(({ query }) => tickerPages(query['cursor']));
    const { rest, time } = restOf(server.url);
    await inTime(listTickers(rest), time);

    for (const { raw, authorization } of server.seen) {
      expect(raw).not.toContain('apiKey');
      expect(authorization).toBe(`Bearer ${KEY}`);
    }
  });

  const replies: Readonly<Record<string, Reply>> = {
    'is unknown': { status: 401, body: { status: 'ERROR', error: `Unknown API Key ${KEY}` } },
    'is not entitled': { status: 403, body: { status: 'NOT_AUTHORIZED', message: `no, ${KEY}` } },
    'is refused with 200': { body: { status: 'NOT_AUTHORIZED', message: `no, ${KEY}` } },
    'is sent too often': { status: 429, body: { status: 'ERROR', error: `too many by ${KEY}` } },
    'meets an error': { status: 500, body: `<html>apiKey=${KEY}</html>` },
    'meets what is no JSON': { body: `<html>apiKey=${KEY}</html>` },
    'meets a redirect': { status: 302, body: '', headers: { location: 'http://x.invalid/' } },
    'meets a closed socket': { raw: (response) => void response.destroy() },
  };
  for (const [what, reply] of Object.entries(replies)) {
    it(`is in no error where it ${what}, however deep one looks`, async () => {
      const server = await serve(() => reply);
      const { rest, time } = restOf(server.url);

      const failure = await failureOf(inTime(rest.ask(STATUS), time, 1_000));

      const all = inspect(failure, { depth: 12, showHidden: true });
      expect(all).not.toContain(KEY);
      expect(`${failure.stack ?? ''}${JSON.stringify(failure)}`).not.toContain(KEY);
    });
  }

  it('is not said where nobody listens', async () => {
    const { rest, time } = restOf('http://127.0.0.1:1');

    const failure = await failureOf(inTime(rest.ask(STATUS), time, 1_000));

    expect(failure.message).toContain('ECONNREFUSED');
    expect(inspect(failure, { depth: 12 })).not.toContain(KEY);
  });

  it('has a code of its own where it is refused, and is not tried again', async () => {
    const body = { status: 'ERROR', request_id: 'r1', error: 'Unknown API Key' };
    const server = await serve(() => ({ status: 401, body }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(rest.ask(STATUS), time));

    expect([failure.code, failure.message]).toEqual([
      'POLYGON_KEY_REFUSED',
      'status 401: Unknown API Key',
    ]);
    expect(server.seen).toHaveLength(1);
  });
});

describe('a request', () => {
  it('has a deadline to its last byte, which the library has not', async () => {
    const server = await serve(() => ({
      raw: (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        // A byte now and then, for ever: a timeout that begins anew with each never comes.
        const timer = setInterval(() => response.write(' '), 5);
        response.once('close', () => clearInterval(timer));
      },
    }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(rest.ask(STATUS), time, 1_000));

    expect(failure.message).toBe("Polygon's REST: no answer within 15000 ms");
    expect(server.seen).toHaveLength(4);
    expect(time.pending).toBe(0);
  });

  it('that is one too many waits as long as the answer says, and so do the others', async () => {
    const at: number[] = [];
    const server = await serve((_, number) => {
      at.push(time.wallMs());
      if (number > 1) return { body: { market: 'open' } };
      return { status: 429, body: '', headers: { 'retry-after': '30' } };
    });
    const { rest, time } = restOf(server.url);

    const first = rest.ask(STATUS);
    const second = new Promise((resolve) => time.after(5_000, () => resolve(rest.ask(STATUS))));
    await inTime(Promise.all([first, second]), time, 1_000);

    expect(at).toHaveLength(3);
    expect(Math.min(...at.slice(1)) - (at[0] ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  it('takes a date for when to come again, too', async () => {
    const later = new Date(Date.now() + 20_000).toUTCString();
    const server = await serve((_, number) =>
      number > 1
        ? { body: { market: 'open' } }
        : { status: 429, body: '', headers: { 'retry-after': later } },
    );
    const { rest, time } = restOf(server.url);

    await inTime(rest.ask(STATUS), time, 1_000);

    expect(time.wallMs()).toBeGreaterThan(15_000);
  });

  it('that may come again in an hour fails at once, and says so', async () => {
    const server = await serve(() => ({
      status: 429,
      body: { status: 'ERROR', error: "You've exceeded the maximum requests per minute" },
      headers: { 'retry-after': '3600' },
    }));
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(rest.ask(STATUS), time));

    expect(failure.message).toContain('exceeded the maximum requests per minute');
    expect(failure.message).toContain('the venue asks to be left alone for 3600 s');
    expect(server.seen).toHaveLength(1);
  });

  it('that failed is tried four times, each later, and then says what was answered', async () => {
    const at: number[] = [];
    const server = await serve(() => {
      at.push(time.wallMs());
      return { status: 503, body: 'x' };
    });
    const { rest, time } = restOf(server.url);

    const failure = await failureOf(inTime(rest.ask(STATUS), time, 100));

    expect(failure.message).toBe("Polygon's REST: status 503");
    const waits = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
    expect(waits).toHaveLength(3);
    for (const [index, least] of [500, 1_000, 2_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
    }
  });

  it('for what does not exist answers with nothing', async () => {
    const body = { status: 'NOT_FOUND', request_id: 'r1', message: 'Ticker not found.' };
    const server = await serve(() => ({ status: 404, body }));
    const { rest, time } = restOf(server.url);

    expect(await inTime(rest.ask(STATUS), time)).toBeUndefined();
  });

  it('ends when somebody gives up, also while it waits for its turn', async () => {
    const headers = { 'retry-after': '60' };
    const server = await serve(() => ({ status: 429, body: '', headers }));
    const { rest, time } = restOf(server.url);
    const giveUp = new AbortController();
    time.after(5_000, () => giveUp.abort());

    const failure = await failureOf(
      inTime(rest.ask({ ...STATUS, signal: giveUp.signal }), time, 500),
    );

    expect(failure.message).toBe("Polygon's REST: given up");
    expect(time.wallMs()).toBeLessThan(10_000);
    expect(time.pending).toBe(0);
  });
});

describe('the client', () => {
  it('is missed with an error that says so, and only when it is asked for', async () => {
    const load = () => Promise.reject(new Error("Cannot find package '@polygon.io/client-js'"));

    const failure = await failureOf(loadPolygonClient('http://127.0.0.1:1', load));

    expect(failure.code).toBe('POLYGON_CLIENT_MISSING');
    expect(failure.message).toBe(
      "@polygon.io/client-js cannot be loaded: Cannot find package '@polygon.io/client-js'",
    );
  });
});
