import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import type { RestFault } from '../../../../src/venue/rest/rest-faults.ts';
import {
  type FaultScript,
  ScriptedRestFaults,
} from '../../../../src/venue/rest/scripted-faults.ts';
import { archiveUntil, clientOf, closeAfterEach, openVenue, OPEN_US } from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
const archive = archiveUntil(NOW_US, 4);
const NAME = archive.symbols[0]?.name ?? '';
const ORDER = {
  symbol: NAME,
  qty: 1,
  side: 'buy',
  timeInForce: 'day',
  clientOrderId: 'f1',
} as const;

async function openFaulty(...scripts: readonly FaultScript[]) {
  const faults = new ScriptedRestFaults();
  for (const script of scripts) faults.add(script);
  return { faults, ...(await openVenue(archive, NOW_US, { faults })) };
}

function orders(fault: RestFault, count = 1): FaultScript {
  return { method: 'POST', path: '/v2/orders', fault, count };
}

describe('a fault of the trading host', () => {
  closeAfterEach();

  it('delays an answer past what the client waits, after the order took effect', async () => {
    const { sdk, desk, time } = await openFaulty(orders({ kind: 'delay', ms: 30_000 }));
    const { trading } = sdk;
    const patience = new AbortController();
    const sent = trading.orders.postOrder(
      { postOrderRequest: { ...ORDER, qty: '1', type: 'market' } },
      { signal: patience.signal },
    );
    const failed = expect(sent).rejects.toMatchObject({ name: 'FetchError' });
    while (time.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    patience.abort();
    await failed;
    expect(desk.asked).toHaveLength(1);
    time.advance(30_000); // The late answer finds nobody.
    expect(time.pending).toBe(0);
    expect(await trading.orders.getOrderByClientOrderId({ clientOrderId: 'f1' })).toBeDefined();
  });

  it('answers late, and rightly, to who waits', async () => {
    const { ask, time } = await openFaulty({
      path: '/v2/clock',
      fault: { kind: 'delay', ms: 700 },
    });
    const asked = ask('/v2/clock');
    while (time.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    time.advance(700);

    expect((await asked).status).toBe(200);
  });

  it('cuts the connection after the order took effect', async () => {
    const { sdk, desk, faults } = await openFaulty(orders({ kind: 'drop' }));

    await expect(sdk.trading.orders.market(ORDER)).rejects.toMatchObject({ name: 'FetchError' });
    expect(desk.asked).toHaveLength(1);
    expect(faults.records).toEqual([
      { kind: 'drop', method: 'POST', path: '/v2/orders', atUs: NOW_US },
    ]);
  });

  it('answers 5xx after the order took effect', async () => {
    const { sdk, desk } = await openFaulty(orders({ kind: 'fail', status: 503 }));

    await expect(sdk.trading.orders.market(ORDER)).rejects.toMatchObject({
      name: 'ApiError',
      status: 503,
    });
    expect(desk.asked).toHaveLength(1);
  });

  it('refuses by 5xx before the order takes effect', async () => {
    const { sdk, desk } = await openFaulty(orders({ kind: 'refuse', status: 500 }));

    await expect(sdk.trading.orders.market(ORDER)).rejects.toMatchObject({ status: 500 });
    expect(desk.asked).toEqual([]);
    await sdk.trading.orders.market(ORDER);
    expect(desk.asked).toHaveLength(1);
  });

  it('answers 429 for a time of the venue’s clock, with the headers', async () => {
    const limit = { kind: 'limit', forUs: MINUTE, hasHeaders: true } as const;
    const { ask, desk, time, faults } = await openFaulty({ path: '/v2/*', fault: limit });
    const first = await ask('/v2/orders', { method: 'DELETE' });
    expect([first.status, first.headers.get('x-ratelimit-limit')]).toEqual([429, '200']);
    expect(first.headers.get('retry-after')).toBe('60');
    time.stepMarket(MINUTE - SECOND);
    expect((await ask('/v2/positions')).status).toBe(429);
    expect(desk.asked).toEqual([]);
    time.stepMarket(SECOND);

    expect((await ask('/v2/positions')).status).toBe(200);
    expect([faults.taken, faults.waiting]).toEqual([2, 0]);
  });

  it('answers 429 without any header of the venue', async () => {
    const limit = { kind: 'limit', forUs: MINUTE, hasHeaders: false } as const;
    const { sdk, ask } = await openFaulty({ path: '*', fault: limit });
    const { headers } = await ask('/v2/clock');
    expect([headers.get('x-ratelimit-limit'), headers.get('retry-after')]).toEqual([null, null]);

    await expect(sdk.trading.orders.market(ORDER)).rejects.toMatchObject({
      name: 'RateLimitError',
      rateLimit: undefined,
      retryAfterMs: undefined,
    });
  });

  it('sends a body that is no JSON', async () => {
    const garbage = { kind: 'garbage', text: '<html>bad gateway</html>' } as const;
    const { sdk, desk } = await openFaulty(orders(garbage));

    await expect(sdk.trading.orders.market(ORDER)).rejects.toThrow(/JSON|Unexpected/);
    expect(desk.asked).toHaveLength(1);
  });

  it('lets the official client repeat reads by itself, and never an order', async () => {
    const refuse = { kind: 'refuse', status: 503 } as const;
    const { url, faults, desk } = await openFaulty(
      { method: 'GET', path: '/v2/orders', fault: refuse, count: 2 },
      orders(refuse),
    );
    const client = clientOf(url, { retry: { maxRetries: 2, retryDelayMs: 1, maxDelayMs: 2 } });
    desk.next = { status: 200, body: [] };
    await client.trading.orders.getAllOrders();
    await expect(client.trading.orders.market(ORDER)).rejects.toMatchObject({ status: 503 });

    expect(faults.taken).toBe(3);
    expect(desk.asked.map(([name]) => name)).toEqual(['orders']);
  });
});

describe('a fault of a page', () => {
  closeAfterEach();
  const bars = `/v2/stocks/bars?symbols=${NAME}&timeframe=1Min&limit=5`;

  it('has a token and no rows, and leads on to the same rows', async () => {
    const fault = { kind: 'emptyPage' } as const;
    const { ask } = await openFaulty({ path: '/v2/stocks/bars', fault, count: 1 });
    const empty = JSON.parse(await (await ask(bars)).text());
    expect(empty.bars).toEqual({});
    const token = encodeURIComponent(empty.next_page_token);
    const after = JSON.parse(await (await ask(`${bars}&page_token=${token}`)).text());
    const whole = JSON.parse(await (await ask(bars)).text());

    expect(after).toEqual(whole);
    expect(after.bars[NAME]).toHaveLength(5);
  });

  it('repeats the token that it was asked with, and only such a request', async () => {
    const fault = { kind: 'repeatToken' } as const;
    const { ask, faults } = await openFaulty({ path: '/v2/stocks/bars', fault });
    const first = JSON.parse(await (await ask(bars)).text());
    expect(faults.taken).toBe(0);
    const token = encodeURIComponent(first.next_page_token);
    const second = JSON.parse(await (await ask(`${bars}&page_token=${token}`)).text());
    const third = JSON.parse(await (await ask(`${bars}&page_token=${token}`)).text());

    expect(second.next_page_token).toBe(first.next_page_token);
    expect(third.next_page_token).not.toBe(first.next_page_token);
  });

  it('leaves what is no page as it is', async () => {
    const { ask } = await openFaulty({ path: '/v2/clock', fault: { kind: 'emptyPage' } });

    expect(JSON.parse(await (await ask('/v2/clock')).text()).is_open).toBe(true);
  });
});

describe('scripted faults', () => {
  const question = { method: 'GET', path: '/v2/clock', nowUs: 1, hasToken: false };

  it('meet as many requests as they say, in the order they were scripted', () => {
    const faults = new ScriptedRestFaults();
    faults.add({ path: '/v2/clock', fault: { kind: 'drop' }, count: 2 });
    faults.add({ path: '/v2/*', fault: { kind: 'fail', status: 502 } });
    const kinds = [1, 2, 3, 4].map(() => faults.take(question)?.kind);

    expect(kinds).toEqual(['drop', 'drop', 'fail', undefined]);
    expect(faults.take({ ...question, path: '/v3/clock' })).toBeUndefined();
  });

  it('take no more than fit, forget the oldest record, and can be cleared', () => {
    const faults = new ScriptedRestFaults(2, 1);
    const script: FaultScript = { path: '/v2/clock', fault: { kind: 'drop' } };
    expect([faults.add(script), faults.add(script), faults.add(script)]).toEqual([
      true,
      true,
      false,
    ]);
    faults.take(question);
    faults.take({ ...question, nowUs: 2 });
    expect([faults.records.map(({ atUs }) => atUs), faults.taken]).toEqual([[2], 2]);
    faults.add(script);
    faults.clear();

    expect(faults.take(question)).toBeUndefined();
  });
});
