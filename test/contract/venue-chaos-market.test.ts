import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, postOrder } from '../venue-orders.ts';
import { eventsOf, SECOND_US, VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';

const rig = new VenueRig();
const DATA_STREAM = join(import.meta.dirname, 'venue-data-stream.test.ts');

describe('chaos on the market', () => {
  it('halt stops quotes and trades of a symbol and says so, resume says both words', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('halt', { symbol: 'SEMKT' });
    const before = client.messages.length;
    await rig.pass(60);
    await until(async () => (await rig.admin.state()).market.withheld > 0, 'withheld events');
    expect((await rig.admin.state()).market.halted).toEqual(['SEMKT']);
    const inHalt = client.messages.slice(before);
    await rig.admin.chaos('resume', { symbol: 'SEMKT' });
    await rig.pass(60);
    await until(() => client.of('q').length > 0, 'quotes again');

    expect(inHalt.filter(({ T }) => T === 'q' || T === 't')).toEqual([]);
    // SEMKT is a fund, so on tape B: halt, an indication, resumption.
    expect(client.of('s').map(({ sc }) => sc)).toEqual(['2', '5', '3']);
  });

  it('a halted symbol fills no order until it trades again', async () => {
    const client = await rig.orderClient();
    await rig.admin.chaos('halt', { symbol: 'SEMKT' });
    await postOrder(rig.venue.tradingUrl, { client_order_id: 'patient' });
    await rig.pass(60);
    const inHalt = eventsOf(client).map(({ event }) => event);
    await rig.admin.chaos('resume', { symbol: 'SEMKT' });
    await rig.pass(60);
    await until(() => eventsOf(client).some(({ event }) => event === 'fill'), 'a fill');

    expect(inHalt).not.toContain('fill');
  });

  it('staleQuotes holds quotes back for a while of the market', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('staleQuotes', { symbol: 'SEMKT', forUs: 60 * SECOND_US });
    await rig.pass(59);
    await until(() => client.of('t').length > 0, 'trades');
    expect(client.of('q')).toEqual([]);
    await rig.pass(30);

    await until(() => client.of('q').length > 0, 'quotes again');
  });

  it('D8 lateTrade is told out of sequence, and its minute again', async () => {
    const client = await rig.dataClient();
    await rig.pass(150);
    await until(() => client.of('b').length > 1, 'bars');
    const before = client.of('u').length;
    await rig.admin.chaos('lateTrade', { symbol: 'SEMKT', size: 12_345, ageMs: 60_000 });
    await rig.pass(60);
    await until(() => client.of('u').length > before, 'an updated bar');
    const late = client.of('t').find(({ s }) => s === 12_345);
    const updated = Object(client.of('u').at(-1));
    const original = client.of('b').find(({ S, t }) => S === 'SEMKT' && t === updated.t);

    expect(late?.['c']).toEqual([' ', 'Z']);
    expect(updated.v - Number(original?.['v'])).toBe(12_345);
  });

  it('D8 correction and cancelTrade name the trade that they are about', async () => {
    const client = await rig.dataClient();
    await rig.pass(90);
    await rig.admin.chaos('correction', { symbol: 'SEMKT', size: 333 });
    await rig.admin.chaos('cancelTrade', { symbol: 'SEMKT' });
    await until(() => client.of('x').length === 1, 'a cancel');
    // Told in order: with the cancel here, so is every trade before it.
    const last = client.of('t').at(-1);
    expect(last).toBeDefined();

    expect(client.of('c')[0]).toMatchObject({ S: 'SEMKT', oi: last?.['i'], os: last?.['s'] });
    expect(client.of('c')[0]).toMatchObject({ cs: 333, op: last?.['p'] });
    expect(client.of('x')[0]).toMatchObject({ S: 'SEMKT', i: last?.['i'], a: 'C' });
  });

  it('D11 clockSkew changes what is told, clockStep what is', async () => {
    const before = (await rig.admin.state()).clock;
    await rig.admin.chaos('clockSkew', { us: 5 * SECOND_US });
    const { body } = await call(rig.venue.tradingUrl, 'GET', '/v2/clock');
    const toldUs = Date.parse(String(body['timestamp'])) * 1_000;
    await rig.admin.chaos('clockStep', { us: 2 * SECOND_US });
    const after = (await rig.admin.state()).clock;

    expect(toldUs - before.marketUs).toBe(5 * SECOND_US);
    expect(after.marketUs - before.marketUs).toBe(2 * SECOND_US);
    expect(after.skewUs).toBe(5 * SECOND_US);
  });
});

describe('chaos on the clock', () => {
  it('clockResume lets it run, clockSpeed faster, clockPause stops it', async () => {
    await rig.admin.chaos('clockSpeed', { speed: 100 });
    await rig.admin.chaos('clockResume');
    const before = (await rig.admin.state()).clock;
    let after = before;
    await until(async () => {
      after = (await rig.admin.state()).clock;
      return after.marketUs - before.marketUs > 5 * SECOND_US;
    }, 'five seconds of market');
    // The venue's own two clocks at two moments: how long we took to ask is in neither.
    const speed = (after.marketUs - before.marketUs) / 1_000 / (after.wallMs - before.wallMs);
    expect(Math.abs(speed - 100)).toBeLessThan(10);
    await rig.admin.chaos('clockPause');
    const stopped = (await rig.admin.state()).clock;
    await rig.admin.chaos('clockSkew', { us: 0 });

    expect((await rig.admin.state()).clock).toMatchObject({ marketUs: stopped.marketUs, speed: 0 });
  });
});

describe('the admin port', () => {
  it('lists its actions, each of which has a test here', async () => {
    const response = await fetch(`${rig.venue.adminUrl}/admin/chaos`);
    const { actions } = Object(await response.json());
    const files = ['chaos-sockets', 'chaos-orders', 'chaos-market', 'polygon-chaos'].map((name) =>
      readFileSync(join(import.meta.dirname, `venue-${name}.test.ts`), 'utf8'),
    );
    const text = `${files.join('')}${readFileSync(DATA_STREAM, 'utf8')}`;

    expect(actions.length).toBeGreaterThan(40);
    expect(actions.filter((name: string) => !text.includes(`chaos('${name}'`))).toEqual([]);
  });

  it('says what is wrong with an action, and does nothing', async () => {
    await expect(rig.admin.chaos('sing')).rejects.toThrow('unknown action: sing');
    await expect(rig.admin.chaos('halt', { symbol: 'NONE' })).rejects.toThrow('unknown symbol');
    await expect(rig.admin.chaos('drop', { steam: 'data' })).rejects.toThrow('unknown parameters');
    await expect(rig.admin.chaos('mute', { channels: ['x'] })).rejects.toThrow('unknown channel');
  });

  it('is not on the public port', async () => {
    const { status } = await call(rig.venue.tradingUrl, 'GET', '/admin/state');

    expect(status).toBe(404);
  });

  it('shuts the venue down', async () => {
    await rig.admin.shutdown();
    await rig.venue.ended;

    await expect(call(rig.venue.tradingUrl, 'GET', '/v2/clock')).rejects.toThrow();
  });
});
