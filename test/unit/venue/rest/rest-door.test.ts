import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { ManualTime } from '../../../manual-time.ts';
import {
  archiveUntil,
  clientOf,
  closeAfterEach,
  HEADERS,
  KEYS,
  openVenue,
  OPEN_US,
} from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
const archive = archiveUntil(OPEN_US + MINUTE, 2);

describe('the keys of a request', () => {
  closeAfterEach();
  const basic = Buffer.from(`${KEYS.key}:${KEYS.secret}`).toString('base64');

  it.each([
    ['the two headers', HEADERS, 200],
    ['a bearer token', { Authorization: `Bearer ${KEYS.secret}` }, 200],
    ['basic authorization', { Authorization: `Basic ${basic}` }, 200],
    ['a wrong secret', { ...HEADERS, 'APCA-API-SECRET-KEY': 'no' }, 401],
    ['a wrong key', { ...HEADERS, 'APCA-API-KEY-ID': 'no' }, 401],
    ['none', {}, 401],
  ])('let it in or refuse it with 401: %s', async (_, headers, status) => {
    const { ask } = await openVenue(archive, NOW_US);

    expect((await ask('/v2/clock', { headers })).status).toBe(status);
    expect((await ask('/v2/stocks/meta/exchanges', { headers })).status).toBe(status);
  });

  it('that are wrong reach the client as AuthError, and the desk not at all', async () => {
    const { url, desk } = await openVenue(archive, NOW_US);
    const { trading } = clientOf(url, { secret: 'wrong' });

    await expect(trading.account.getAccount()).rejects.toMatchObject({
      name: 'AuthError',
      status: 401,
      code: 40110000,
      message: expect.stringContaining('access key verification failed'),
    });
    expect(desk.asked).toEqual([]);
  });

  it('may be any that are not empty where the venue has none', async () => {
    const { ask } = await openVenue(archive, NOW_US, { credentials: undefined });
    const any = { 'APCA-API-KEY-ID': 'x', 'APCA-API-SECRET-KEY': 'y' };

    expect((await ask('/v2/clock', { headers: any })).status).toBe(200);
    expect((await ask('/v2/clock', { headers: {} })).status).toBe(401);
  });
});

describe('a fault of ours', () => {
  closeAfterEach();

  it('is a 500 to the client that met it, and the others are served on', async () => {
    const { ask, desk } = await openVenue(archive, NOW_US);
    desk.account = () => {
      throw new Error('a rule of ours was broken');
    };

    expect((await ask('/v2/account')).status).toBe(500);
    expect((await ask('/v2/clock')).status).toBe(200);
  });
});

describe('every answer', () => {
  closeAfterEach();

  it('has an id of its own and the three rate headers, refusals too', async () => {
    const { ask } = await openVenue(archive, NOW_US);
    const ids = new Set<string>();
    const paths = ['/v2/clock', '/v2/none', '/v2/stocks/bars', '/v1beta3/crypto/us/bars'];
    for (const path of paths) {
      for (const init of [{}, { headers: {} }]) {
        const { headers } = await ask(path, init);
        ids.add(headers.get('x-request-id') ?? '');
        expect(headers.get('x-ratelimit-limit'), path).toBe('200');
        expect(Number(headers.get('x-ratelimit-remaining'))).toBeLessThanOrEqual(200);
        expect(headers.get('x-ratelimit-reset')).toBe(String((NOW_US + MINUTE) / SECOND));
      }
    }

    expect(ids.size).toBe(2 * paths.length);
    expect([...ids].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  it('counts by its status', async () => {
    const { ask, server } = await openVenue(archive, NOW_US);
    await ask('/v2/clock');
    await ask('/v2/none');

    expect([...server.counts]).toEqual([
      [200, 1],
      [404, 1],
    ]);
  });
});

describe('the rate limit', () => {
  closeAfterEach();

  it('refuses the 201st request of a minute of the venue’s clock, not of the next', async () => {
    const { ask, sdk, time, desk } = await openVenue(archive, NOW_US);
    for (let at = 0; at < 200; at += 1) expect((await ask('/v2/orders')).status).toBe(200);

    await expect(sdk.trading.orders.getAllOrders()).rejects.toMatchObject({
      name: 'RateLimitError',
      status: 429,
      code: 42910000,
      message: 'rate limit exceeded',
      rateLimit: { limit: 200, remaining: 0 },
      retryAfterMs: 60_000,
    });
    expect(desk.asked).toHaveLength(200);
    time.stepMarket(MINUTE - 1);
    expect((await ask('/v2/clock')).status).toBe(429);
    time.stepMarket(1);
    const again = await ask('/v2/clock');
    expect([again.status, again.headers.get('x-ratelimit-remaining')]).toEqual([200, '199']);
  });

  it('counts the two hosts apart, and nothing that has no key or no path', async () => {
    const { ask } = await openVenue(archive, NOW_US, { requestsPerMinute: 2 });
    await ask('/v2/clock', { headers: {} });
    await ask('/v2/none');
    const left = async (path: string) => {
      const { status, headers } = await ask(path);
      return [status, headers.get('x-ratelimit-remaining')];
    };

    expect(await left('/v2/clock')).toEqual([200, '1']);
    expect(await left('/v2/stocks/meta/exchanges')).toEqual([200, '1']);
    expect(await left('/v3/clock')).toEqual([200, '0']);
    expect(await left('/v2/clock')).toEqual([429, '0']);
    expect(await left('/v2/stocks/meta/exchanges')).toEqual([200, '0']);
  });

  it('says in wall seconds when to come again, or nothing where that is asked for', async () => {
    const fast = new ManualTime(NOW_US + 30 * SECOND, 10);
    const options = { clock: fast, requestsPerMinute: 1 };
    const says = await openVenue(archive, NOW_US, options);
    await says.ask('/v2/clock');
    expect((await says.ask('/v2/clock')).headers.get('retry-after')).toBe('3');

    const silent = await openVenue(archive, NOW_US, { ...options, hasRetryAfter: false });
    await silent.ask('/v2/clock');
    const refused = await silent.ask('/v2/clock');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
  });
});

describe('a request that cannot be understood', () => {
  closeAfterEach();

  it.each([
    ['GET', '/v2/unknown', 404, 'endpoint not found'],
    ['GET', '/', 404, 'endpoint not found'],
    ['GET', '//', 404, 'endpoint not found'],
    ['GET', '/v2/orders/%zz', 404, 'endpoint not found'],
    ['PUT', '/v2/orders', 405, 'method not allowed'],
    ['POST', '/v2/positions/AAPL', 405, 'method not allowed'],
    ['GET', '/v2/stocks/auctions?symbols=A', 404, 'auctions is not served by this venue'],
    ['GET', '/v2/stocks/A/auctions', 404, 'auctions is not served by this venue'],
    ['GET', '/v1beta3/crypto/us/latest/trades', 404, 'crypto data is not served by this venue'],
    ['GET', '/v1beta1/options/snapshots/A', 404, 'options data is not served by this venue'],
    ['GET', '/v1beta1/screener/crypto/movers', 404, 'the screener of crypto is not served'],
    ['GET', '/v2/options/contracts', 404, 'options trading is not served by this venue'],
    ['GET', '/v2/watchlists', 404, 'watchlists is not served by this venue'],
    ['GET', '/v2/watchlists:by_name?name=x', 404, 'watchlists is not served by this venue'],
    ['GET', '/v2/orders:by_client_order_id', 400, 'client_order_id is required'],
  ])('is refused and never redirected: %s %s', async (method, path, status, message) => {
    const { ask, desk } = await openVenue(archive, NOW_US);
    const response = await ask(path, { method, redirect: 'error' });

    expect(response.status).toBe(status);
    expect(JSON.parse(await response.text()).message).toContain(message);
    expect(desk.asked).toEqual([]);
  });

  it('with a body that is no JSON is answered 400, and one too large 413', async () => {
    const { ask, desk } = await openVenue(archive, NOW_US, { bodyBytesMax: 1_000 });
    const bad = await ask('/v2/orders', { method: 'POST', body: '{"symbol":' });
    expect([bad.status, JSON.parse(await bad.text())]).toEqual([
      400,
      { code: 40010000, message: 'request body format is invalid' },
    ]);
    const large = await ask('/v2/orders', { method: 'POST', body: `"${'x'.repeat(1_000)}"` });
    expect(large.status).toBe(413);
    expect(desk.asked).toEqual([]);
    expect((await ask('/v2/clock')).status).toBe(200);
  });

  it('is let go when its client leaves in the middle of it', async () => {
    const { ask, server, desk } = await openVenue(archive, NOW_US);
    await new Promise<void>((resolve) => {
      const half = request({
        port: server.port,
        method: 'POST',
        path: '/v2/orders',
        headers: { ...HEADERS, 'Content-Length': 100 },
      });
      half.on('error', () => resolve());
      half.write('{"symbol"', () => half.destroy(new Error('gone')));
    });

    expect((await ask('/v2/clock')).status).toBe(200);
    expect(desk.asked).toEqual([]);
  });
});

describe('what the desk is asked', () => {
  closeAfterEach();

  it.each([
    ['GET', '/v2/account', ['account', NOW_US]],
    ['GET', '/v2/account/configurations', ['configurations']],
    ['PATCH', '/v2/account/configurations', ['patchConfigurations', { a: 1 }]],
    ['GET', '/v2/account/activities?page_size=2', ['activities', { page_size: '2' }]],
    ['GET', '/v2/account/activities/FILL', ['activities', { activity_types: 'FILL' }]],
    [
      'GET',
      '/v2/account/portfolio/history?period=1D',
      ['portfolioHistory', { period: '1D' }, NOW_US],
    ],
    ['GET', '/v2/orders?symbols=A%2CB', ['orders', { symbols: 'A,B' }]],
    ['POST', '/v2/orders', ['submit', { a: 1 }, NOW_US]],
    ['DELETE', '/v2/orders', ['cancelAll', NOW_US]],
    ['GET', '/v2/orders:by_client_order_id?client_order_id=c%3A1', ['orderByClientId', 'c:1']],
    ['GET', '/v2/orders/7?nested=true', ['order', '7', { nested: 'true' }]],
    ['PATCH', '/v2/orders/7', ['replace', '7', { a: 1 }, NOW_US]],
    ['DELETE', '/v2/orders/7', ['cancel', '7', NOW_US]],
    ['GET', '/v2/positions', ['positions']],
    ['GET', '/v2/positions/BRK.B', ['position', 'BRK.B']],
    [
      'DELETE',
      '/v2/positions?cancel_orders=true',
      ['closeAllPositions', { cancel_orders: 'true' }, NOW_US],
    ],
    ['DELETE', '/v2/positions/A?qty=3', ['closePosition', 'A', { qty: '3' }, NOW_US]],
    ['GET', '/v2/assets?status=active', ['assets', { status: 'active' }]],
    ['GET', '/v2/assets/A', ['asset', 'A']],
  ])('for %s %s', async (method, path, asked) => {
    const { ask, desk } = await openVenue(archive, NOW_US);
    const body = method === 'POST' || method === 'PATCH' ? { body: '{"a":1}' } : {};
    await ask(path, { method, ...body });

    expect(desk.asked).toEqual([asked]);
  });

  it('comes back with its status, and without a body where it is 204', async () => {
    const { ask, desk } = await openVenue(archive, NOW_US);
    desk.next = { status: 204, body: null };
    const empty = await ask('/v2/orders/7', { method: 'DELETE' });
    expect([empty.status, await empty.text()]).toEqual([204, '']);
    desk.next = { status: 403, body: { code: 40310000, message: 'no', available: '1' } };
    const refused = await ask('/v2/orders', { method: 'POST', body: '{}' });
    expect([refused.status, JSON.parse(await refused.text())]).toEqual([403, desk.next.body]);
  });
});
