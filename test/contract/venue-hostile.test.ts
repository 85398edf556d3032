import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runVenue } from '../../src/venue/process/run-venue.ts';
import { VenueAdmin } from '../venue-client.ts';
import { postOrder } from '../venue-orders.ts';
import { SECOND_US, VenueRig } from '../venue-rig.ts';
import { DEMO_KEYS, until } from '../venue-socket.ts';

const rig = new VenueRig();
const DAY_US = 86_400 * SECOND_US;
const KEYS = `APCA-API-KEY-ID: ${DEMO_KEYS.key}\r\nAPCA-API-SECRET-KEY: ${DEMO_KEYS.secret}\r\n`;
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** What no URL is, and what a path may be made to look like. */
const TARGETS = [
  '//',
  '///',
  '//:',
  'http://',
  'http://[',
  '/%',
  '/%zz',
  '/v2/%zz',
  '*',
  '/?',
  '/\\',
];

describe('requests that no client of ours sends', () => {
  it('an upgrade of what is no path is answered 404, and the venue goes on', async () => {
    const { tradingUrl } = rig.venue;
    for (const target of TARGETS) {
      const text = `GET ${target} HTTP/1.1\r\nHost: v\r\n${UPGRADE}\r\n`;
      expect(await raw(tradingUrl, text), target).toMatch(/^HTTP\/1\.1 404 /);
    }

    expect((await rig.admin.state()).counters['refusedUpgrades']).toBe(TARGETS.length);
  });

  it('an upgrade is known by its path alone, a slash at its end or not', async () => {
    const { tradingUrl } = rig.venue;
    for (const target of ['/stream', '/stream/', '/v2/iex?x=//', '/v2/test/']) {
      const text = `GET ${target} HTTP/1.1\r\nHost: v\r\n${UPGRADE}\r\n`;
      expect(await raw(tradingUrl, text, true)).toMatch(/^HTTP\/1\.1 101 /);
    }
  });

  it.each(['GET', 'POST', 'DELETE', 'OPTIONS'])('%s of them is answered 4xx', async (method) => {
    const { tradingUrl, adminUrl } = rig.venue;
    for (const target of TARGETS) {
      const line = `${method} ${target} HTTP/1.1\r\n`;
      const text = `${line}Host: v\r\n${KEYS}Connection: close\r\n\r\n`;
      expect(await raw(tradingUrl, text), target).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(await raw(adminUrl, text), target).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['an unknown method', 'FROB / HTTP/1.1\r\nHost: v\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'a broken websocket key',
      'GET /stream HTTP/1.1\r\nHost: v\r\n' + UPGRADE.slice(0, -9) + '\r\n\r\n',
    ],
  ])('%s is answered 400', async (_, text) => {
    expect(await raw(rig.venue.tradingUrl, text)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await rig.admin.state()).counters).toBeDefined();
  });

  it('an admin body that is too long is told so', async () => {
    const response = await fetch(`${rig.venue.adminUrl}/admin/chaos`, {
      method: 'POST',
      body: 'x'.repeat(1_000_000),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'the body is too long' });
  });

  it('a client that keeps its half of a refused upgrade does not keep the venue', async () => {
    const venue = await runVenue({ symbols: 4, isPaused: true });
    const socket = connect({ port: Number(new URL(venue.tradingUrl).port), allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(`GET /none HTTP/1.1\r\nHost: v\r\n${UPGRADE}\r\n`);
    const admin = new VenueAdmin(venue.adminUrl);
    const isRefused = async () => (await admin.state()).counters['refusedUpgrades'] === 1;
    await until(isRefused, 'the refusal');
    await venue.close();
    socket.destroy();

    await expect(fetch(venue.adminUrl)).rejects.toThrow('fetch failed');
  });
});

/** Action, field, least, most, whether whole, and what else the action needs. */
const ROWS: readonly Row[] = [
  ['failAfter', 'status', 400, 599, true],
  ['failBefore', 'status', 400, 599, true],
  ['failAfter', 'count', 1, 1_000_000, true],
  ['loseAnswer', 'count', 1, 1_000_000, true],
  ['delayAnswer', 'ms', 0, 600_000, false],
  ['fillBeforeAnswer', 'ms', 0, 600_000, false],
  ['rateLimit', 'forUs', 0, DAY_US, false],
  ['rejectOrders', 'count', 0, 10_000, true],
  ['correctFill', 'price', 0.0001, 900_000, false, { executionId: 'none' }],
  ['clockStep', 'us', -DAY_US, DAY_US, false],
  ['clockSkew', 'us', -DAY_US, DAY_US, false],
  ['clockSpeed', 'speed', 0.1, 1_000, false],
  ['staleQuotes', 'forUs', 0, DAY_US, false],
  ['lateTrade', 'price', 0.0001, 900_000, false, { symbol: 'SEMKT' }],
  ['lateTrade', 'size', 1, 100_000_000, true, { symbol: 'SEMKT' }],
  ['lateTrade', 'ageMs', 0, 86_400_000, false, { symbol: 'SEMKT' }],
  ['correction', 'size', 1, 100_000_000, true, { symbol: 'SEMKT' }],
  ['duplicateUpdates', 'count', 1, 1_000, true],
  ['alterUpdates', 'count', 1, 1_000_000, true],
  ['delayUpdates', 'ms', 0, 600_000, false],
  ['pongDelay', 'ms', 0, 600_000, false],
  ['refuseUpgrades', 'forMs', 0, 600_000, false],
  ['mute', 'forMs', 0, 600_000, false],
  ['nextAuth', 'count', 1, 1_000_000, true],
  ['nextSubscribe', 'count', 1, 1_000_000, true],
  ['nextAuth', 'code', 400, 500, true, { code: 406 }],
  ['close', 'code', 1_000, 4_999, true],
  ['oversizedFrame', 'bytes', 1, 67_108_864, true],
  ['polygonMaxConnections', 'afterMs', 0, 600_000, false],
  ['polygonMaxConnections', 'count', 1, 1_000_000, true],
  ['polygonNextAuth', 'count', 1, 1_000_000, true],
  ['polygonOversizedFrame', 'bytes', 1, 67_108_864, true],
  ['halt', 'seed', 0, Number.MAX_SAFE_INTEGER, true, { symbol: 'SEMKT' }],
];

type Row = readonly [
  action: string,
  field: string,
  least: number,
  most: number,
  isWhole: boolean,
  rest?: Readonly<Record<string, unknown>>,
];

const VALUES: readonly unknown[] = [-1, 0, 1.5, 1e300, -1e300, 'NaN', '5', null, true, [], {}];

describe('numbers of the admin port', () => {
  it('are within their limits or refused by name and range, and never end the venue', async () => {
    await rig.orderClient();
    await rig.dataClient();
    await rig.pass(90);
    const wrong: unknown[] = [];
    for (const [action, field, least, most, isWhole, rest] of ROWS) {
      const range = `${field} must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`;
      for (const value of [...VALUES, least, most, least - 1, most + 1]) {
        const isIn = typeof value === 'number' && value >= least && value <= most;
        const isFine = isIn && (!isWhole || Number.isInteger(value));
        const isUnset = value === null; // JSON's way to leave a value out.
        const { status, error } = await ask({ action, ...rest, [field]: value });
        const isRefused = status === 400 && error.includes(range);
        if (!isUnset && isFine !== !isRefused) wrong.push([action, field, value, status, error]);
        if (status >= 500) wrong.push([action, field, value, status, error]);
      }
    }

    expect(wrong).toEqual([]);
    expect((await rig.admin.state()).market.events).toBeGreaterThan(0);
  }, 30_000);

  it('of a refused action change nothing', async () => {
    const { status } = await ask({ action: 'clockSkew', us: 5, ux: 6 });

    expect(status).toBe(400);
    expect((await rig.admin.state()).clock.skewUs).toBe(0);
  });

  it.each([1_004, 1_005, 1_006, 1_015, 2_999])('refuse the close code %i', async (code) => {
    await rig.dataClient();

    expect(await ask({ action: 'close', code })).toMatchObject({ status: 400 });
  });

  it('delays of ten minutes leave nothing that runs on after the end', async () => {
    const before = timeouts();
    const venue = await runVenue({ symbols: 4, isPaused: true });
    const admin = new VenueAdmin(venue.adminUrl);
    await admin.chaos('delayAnswer', { ms: 600_000 });
    await admin.chaos('delayUpdates', { ms: 600_000 });
    await admin.chaos('mute', { forMs: 600_000 });
    const lost = postOrder(venue.tradingUrl, {}).catch(() => 'cut');
    await until(async () => Number((await admin.state()).counters['tradeUpdates']) > 0, 'an order');
    const within = timeouts();
    await venue.close();

    expect(await lost).toBe('cut');
    expect(within).toBeGreaterThanOrEqual(before + 3);
    expect(timeouts()).toBeLessThanOrEqual(within - 3);
  });
});

async function ask(body: unknown): Promise<{ readonly status: number; readonly error: string }> {
  const response = await fetch(`${rig.venue.adminUrl}/admin/chaos`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return { status: response.status, error: String(Object(answer).error ?? '') };
}

function timeouts(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

/** Sends text over TCP; answers what came until the other end closed, or until the first of it. */
function raw(url: string, text: string, isFirst = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
      if (isFirst) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
