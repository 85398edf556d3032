import { restClient } from '@polygon.io/client-js';
import { describe, expect, it } from 'vitest';
import { OfficialSocket, officialClient, plainClient, POLYGON_KEY } from '../polygon-client.ts';
import { VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';

const rig = new VenueRig();

describe('chaos on the Polygon stream', () => {
  it('D4 polygonMaxConnections: let in, and a moment later one too many', async () => {
    await rig.admin.chaos('polygonMaxConnections', { afterMs: 30, count: 1 });
    const client = new OfficialSocket(rig.venue.polygonStreamUrl);
    const code = await client.closed();
    const second = new OfficialSocket(rig.venue.polygonStreamUrl);
    await second.status('auth_success');
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { closeCode } = second;
    second.end();

    expect(client.statuses()).toEqual(['connected', 'auth_success', 'max_connections']);
    expect([code, closeCode]).toEqual([1_008, 0]);
  });

  it.each(['auth_failed', 'auth_timeout', 'max_connections'])(
    'polygonNextAuth ends the next authentication by %s',
    async (status) => {
      await rig.admin.chaos('polygonNextAuth', { status });
      const client = new OfficialSocket(rig.venue.polygonStreamUrl);
      const code = await client.closed();
      const next = new OfficialSocket(rig.venue.polygonStreamUrl);
      await next.status('auth_success');
      next.end();

      expect([client.statuses(), code]).toEqual([['connected', status], 1_008]);
    },
  );

  it('polygonRefuseTopics refuses channels until all are opened again', async () => {
    await rig.admin.chaos('polygonRefuseTopics', { channels: ['T'] });
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,AM.*');
    await rig.admin.chaos('polygonRefuseTopics', { channels: [] });
    client.send('subscribe', 'T.SEMKT');
    await until(() => client.of('status').length === 5, 'the last status');
    client.end();

    expect(
      client
        .of('status')
        .slice(2)
        .map(({ message }) => message),
    ).toEqual(['not authorized', 'subscribed to: AM.*', 'subscribed to: T.SEMKT']);
  });

  it.each([
    ['1006', 1_006],
    ['1008', 1_008],
  ])('D10 polygonSlowCut ends a client by %s without a word', async (code, closeCode) => {
    const client = await plainClient(rig.venue.polygonStreamUrl);
    const before = client.messages.length;
    await rig.admin.chaos('polygonSlowCut', { code });

    expect(await client.closed()).toBe(closeCode);
    expect(client.messages.length).toBe(before);
    expect((await rig.admin.state()).counters['polygonSlowCuts']).toBe(1);
  });

  it('D9 says what nobody expects: statuses, events, garbage, large frames', async () => {
    const client = await plainClient(rig.venue.polygonStreamUrl);
    const raw: string[] = [];
    client.socket.removeAllListeners('message');
    client.socket.on('message', (data: Buffer) => raw.push(String(data)));
    await rig.admin.chaos('polygonStatus', { status: 'reimagined', message: 'who knows' });
    await rig.admin.chaos('polygonUnknownEvent', { ev: 'ZZ' });
    await rig.admin.chaos('polygonGarbage');
    await rig.admin.chaos('polygonOversizedFrame', { bytes: 1_100_000 });
    await until(() => raw.length === 4, 'all of them');
    client.end();

    expect(raw.slice(0, 3)).toEqual([
      '[{"ev":"status","status":"reimagined","message":"who knows"}]',
      '[{"ev":"ZZ","sym":"ZZZZ","zz":["?"],"t":"?"}]',
      '[{"ev":"T","sym":',
    ]);
    expect(raw[3]?.length).toBeGreaterThan(1_100_000);
  });

  it('D9 a frame over a megabyte ends the official client by 1009', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'AM.*');
    await rig.admin.chaos('polygonOversizedFrame', { bytes: 1_100_000 });

    expect(await client.closed()).toBe(1_009);
  });

  it.each([
    ['ms', 13],
    ['us', 16],
    ['ns', 19],
  ])('polygonBandTimes tells bands in %s', async (unit, digits) => {
    await rig.admin.chaos('polygonBandTimes', { unit });
    const client = await officialClient(rig.venue.polygonStreamUrl, 'LULD.*');
    const names = await listed('NASDAQ');
    await rig.admin.chaos('halt', { symbol: names[0] });
    await until(() => client.of('LULD').length > 0, 'a halt');
    client.end();

    expect(String(client.of('LULD')[0]?.['t'])).toHaveLength(digits);
  });

  it('drop, close, mute and halfOpen meet its connections where they name it', async () => {
    const alpaca = await rig.dataClient();
    const dropped = await plainClient(rig.venue.polygonStreamUrl);
    expect(await rig.admin.chaos('drop', { stream: 'polygon' })).toBe(1);
    const codes = [await dropped.closed()];
    await until(isEmpty, 'no connection');
    const closed = await plainClient(rig.venue.polygonStreamUrl);
    expect(await rig.admin.chaos('close', { stream: 'polygon', code: 1_012 })).toBe(1);
    codes.push(await closed.closed());
    await until(isEmpty, 'no connection');
    const client = await officialClient(rig.venue.polygonStreamUrl, 'Q.SEMKT,AM.SEMKT');
    await rig.admin.chaos('mute', { stream: 'polygon', channels: ['Q'] });
    await rig.pass(90);
    await until(() => client.of('AM').length > 0 && alpaca.of('q').length > 0, 'bars and quotes');
    const quotes = client.of('Q').length;
    await rig.admin.chaos('mute', { stream: 'polygon', channels: ['Q'], forMs: 1 });
    await until(async () => {
      await rig.pass(30);
      return client.of('Q').length > 0;
    }, 'quotes again');
    expect(await rig.admin.chaos('halfOpen', { stream: 'polygon' })).toBe(1);
    client.end();

    expect([codes, quotes, alpaca.closeCode]).toEqual([[1_006, 1_012], 0, 0]);
  });

  it('refuses what it does not know', async () => {
    await expect(rig.admin.chaos('polygonNextAuth', { status: 'nonsense' })).rejects.toThrow(
      'status must be one of',
    );
    await expect(rig.admin.chaos('polygonRefuseTopics', { channels: ['ZZ'] })).rejects.toThrow(
      'unknown channel: ZZ',
    );
    await expect(
      rig.admin.chaos('mute', { stream: 'polygon', channels: ['bars'] }),
    ).rejects.toThrow('unknown channel: bars');
  });
});

describe('chaos on the Polygon REST', () => {
  it('rateLimit meets its paths alone, with a body or without', async () => {
    await rig.admin.chaos('rateLimit', { host: 'polygon', forUs: 1_000_000 });
    const [first, other] = [await status(), await alpacaStatus()];
    await rig.pass(2);
    const after = await status();
    await rig.admin.chaos('rateLimit', { host: 'polygon', forUs: 60e6, hasHeaders: false });
    const response = await fetch(`${rig.venue.polygonUrl}/v1/marketstatus/now?apiKey=strata-demo`);
    const text = await response.text();

    expect([first, other, after]).toEqual([429, 200, 200]);
    expect([response.status, text]).toEqual([429, '']);
  });

  it('failBefore, failAfter, garbageAnswer, delayAnswer and loseAnswer', async () => {
    const host = 'polygon';
    await rig.admin.chaos('failBefore', { host, status: 503 });
    await rig.admin.chaos('failAfter', { host, status: 504 });
    expect([await status(), await status()]).toEqual([503, 504]);
    await rig.admin.chaos('garbageAnswer', { host, text: '<html>' });
    const garbage: unknown = await restClient(POLYGON_KEY, rig.venue.polygonUrl).getMarketStatus();
    expect(garbage).toBe('<html>');
    await rig.admin.chaos('delayAnswer', { host, ms: 150 });
    const startMs = performance.now();
    expect(await status()).toBe(200);
    expect(performance.now() - startMs).toBeGreaterThan(140);
    await rig.admin.chaos('loseAnswer', { host });
    await expect(status()).rejects.toThrow('fetch failed');
  });

  it('D12 emptyPage and repeatToken lead nowhere, and say so by where they lead', async () => {
    const path = `${rig.venue.polygonUrl}/v3/reference/tickers?limit=2&apiKey=${POLYGON_KEY}`;
    await rig.admin.chaos('emptyPage', { host: 'polygon' });
    const empty = await page(path);
    const first = await page(`${empty.next}&apiKey=${POLYGON_KEY}`);
    await rig.admin.chaos('repeatToken', { host: 'polygon' });
    const again = await page(`${first.next}&apiKey=${POLYGON_KEY}`);
    const second = await page(`${again.next}&apiKey=${POLYGON_KEY}`);

    expect([empty.names, first.names.length]).toEqual([[], 2]);
    expect(again.next).toBe(first.next);
    expect(second.names).toEqual(again.names);
    expect(second.next).not.toBe(again.next);
  });
});

describe('a client of the Polygon stream that stops reading', () => {
  const OUTBOUND_MAX = 200_000;
  const busy = new VenueRig({ symbols: 200, knobs: { outboundBytesMax: OUTBOUND_MAX } });

  it('D10 is cut without a word, and the market goes on for others', async () => {
    const slow = await plainClient(busy.venue.polygonStreamUrl);
    slow.send({ action: 'subscribe', params: 'T.*,Q.*' });
    await until(() => slow.messages.length === 4, 'two statuses');
    slow.socket.pause();
    await until(
      async () => {
        await busy.pass(60);
        return (await busy.admin.state()).counters['polygonSlowCuts'] === 1;
      },
      'a cut',
      15_000,
    );
    const { queues } = await busy.admin.state();
    await until(
      async () => (await busy.admin.state()).connections.polygon.length === 0,
      'no connection',
    );
    const other = await officialClient(busy.venue.polygonStreamUrl, 'Q.*');
    await busy.pass(10);
    await until(() => other.of('Q').length > 0, 'quotes');
    other.end();
    slow.socket.resume();
    const code = await slow.closed();

    expect(code).toBe(1_006);
    expect(slow.messages.some(({ status: word }) => word === 'error')).toBe(false);
    expect(queues['polygonBytes']?.most).toBeLessThanOrEqual(queues['polygonBytes']?.max ?? 0);
  });
});

async function isEmpty(): Promise<boolean> {
  return (await rig.admin.state()).connections.polygon.length === 0;
}

async function status(): Promise<number> {
  const response = await fetch(`${rig.venue.polygonUrl}/v1/marketstatus/now?apiKey=${POLYGON_KEY}`);
  return response.status;
}

const KEYS = { 'APCA-API-KEY-ID': POLYGON_KEY, 'APCA-API-SECRET-KEY': POLYGON_KEY };

async function alpacaStatus(): Promise<number> {
  return (await fetch(`${rig.venue.tradingUrl}/v2/clock`, { headers: KEYS })).status;
}

async function listed(exchange: string): Promise<readonly string[]> {
  const url = `${rig.venue.tradingUrl}/v2/assets?exchange=${exchange}`;
  const assets: readonly { readonly symbol: string }[] = JSON.parse(
    await (await fetch(url, { headers: KEYS })).text(),
  );
  return assets.map(({ symbol }) => symbol);
}

async function page(url: string): Promise<{
  readonly names: readonly string[];
  readonly next: string;
}> {
  const body: unknown = await (await fetch(url)).json();
  const { results, next_url: next } = Object(body);
  return { names: results.map(({ ticker }: { ticker: string }) => ticker), next: String(next) };
}
