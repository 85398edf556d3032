import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningVenue, runVenue } from '../../src/venue/process/run-venue.ts';
import { VenueAdmin } from '../venue-client.ts';
import { call, postOrder } from '../venue-orders.ts';
import { DEMO_KEYS, subscribed, until, VenueSocket } from '../venue-socket.ts';

const SECOND_US = 1_000_000;
const NOON_US = 12 * 3_600 * SECOND_US;

let venue: RunningVenue;
let admin: VenueAdmin;
const clients: VenueSocket[] = [];

beforeEach(async () => {
  venue = await runVenue({
    seed: 6,
    symbols: 4,
    atUsOfDay: NOON_US,
    extendedHours: false,
    isPaused: true,
    rules: { partialFillChance: 0 },
  });
  admin = new VenueAdmin(venue.adminUrl);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await venue.close();
});

async function dataClient(codec: 'json' | 'msgpack' = 'json'): Promise<VenueSocket> {
  const channels = { trades: ['SEMKT'], quotes: ['SEMKT'], bars: ['*'], updatedBars: ['*'] };
  const all = { ...channels, statuses: ['*'] };
  const client = await subscribed(venue.dataStreamUrl, all, codec);
  clients.push(client);
  return client;
}

async function orderClient(codec?: 'msgpack'): Promise<VenueSocket> {
  const client = new VenueSocket(venue.streamUrl, codec === undefined ? {} : { codec });
  clients.push(client);
  await client.open();
  client.send({ action: 'auth', ...DEMO_KEYS });
  client.send({ action: 'listen', data: { streams: ['trade_updates'] } });
  await client.message(({ stream }) => stream === 'listening', 'listening');
  return client;
}

/** Lets so much market time pass, all of it told when this settles. */
async function pass(seconds: number): Promise<void> {
  await admin.chaos('clockStep', { us: seconds * SECOND_US });
  const { clock } = await admin.state();
  await until(async () => (await admin.state()).market.reachedUs >= clock.marketUs, 'the time');
}

const eventsOf = (client: VenueSocket) =>
  client.messages
    .filter(({ stream }) => stream === 'trade_updates')
    .map(({ data }) => Object(data));

async function filledOrder(clientOrderId: string, client: VenueSocket): Promise<void> {
  await postOrder(venue.tradingUrl, { client_order_id: clientOrderId });
  await pass(1);
  const isFill = (one: { event: string; order: { client_order_id: string } }) =>
    one.event === 'fill' && one.order.client_order_id === clientOrderId;
  await until(() => eventsOf(client).some(isFill), `the fill of ${clientOrderId}`);
}

describe('chaos on connections', () => {
  it('drop ends TCP without a goodbye', async () => {
    const client = await dataClient();

    expect(await admin.chaos('drop', { stream: 'data' })).toBe(1);
    expect(await client.closed()).toBe(1_006);
  });

  it('dropMidFrame begins a frame and ends TCP in it', async () => {
    const client = await dataClient();
    const before = client.frames.length;
    await admin.chaos('dropMidFrame', { stream: 'data' });

    expect(await client.closed()).toBe(1_006);
    expect(client.frames.length).toBe(before);
  });

  it('close says goodbye with the code that was asked for', async () => {
    const client = await dataClient();
    await admin.chaos('close', { stream: 'data', code: 1_012 });

    expect(await client.closed()).toBe(1_012);
  });

  it('D1 halfOpen neither reads nor writes, and TCP stays', async () => {
    const client = await dataClient();
    await admin.chaos('halfOpen', { stream: 'data' });
    const before = client.messages.length;
    client.socket.ping();
    client.send({ action: 'nonsense' });
    await pass(60);
    const second = await dataClient();
    await until(() => second.messages.length > 2, 'data on another connection');

    expect([client.pongs, client.messages.length - before, client.closeCode]).toEqual([0, 0, 0]);
  });

  it('D2 mute stops data while pongs and acknowledgements go on, and ends by itself', async () => {
    const client = await dataClient();
    await admin.chaos('mute', { stream: 'data', channels: ['quotes', 'trades'] });
    await pass(90);
    client.socket.ping();
    await until(() => client.pongs > 0 && client.of('b').length > 0, 'a pong and bars');
    client.send({ action: 'unsubscribe', bars: ['NONE'] });
    await until(() => client.of('subscription').length === 2, 'an acknowledgement');

    expect([...client.of('q'), ...client.of('t')]).toEqual([]);
    expect((await admin.state()).connections.data[0]?.mutedEvents).toBeGreaterThan(0);
    await admin.chaos('mute', { stream: 'data', forMs: 1 });
    await until(async () => {
      await pass(30);
      return client.of('q').length > 0;
    }, 'quotes again');
  });

  it('pongDelay answers pings late, noPong never', async () => {
    const client = await dataClient();
    await admin.chaos('pongDelay', { stream: 'data', ms: 150 });
    const startMs = performance.now();
    client.socket.ping();
    await until(() => client.pongs === 1, 'a late pong');

    expect(performance.now() - startMs).toBeGreaterThan(140);
    await admin.chaos('noPong', { stream: 'data' });
    client.socket.ping();
    client.send({ action: 'nonsense' });
    await client.message(({ code }) => code === 400, 'an error');
    expect(client.pongs).toBe(1);
  });

  it('D4 nextAuth: 406 that stays, that closes, and that times out into 404', async () => {
    const connect = async (then: string) => {
      await admin.chaos('nextAuth', { code: 406, then });
      const client = new VenueSocket(venue.dataStreamUrl);
      clients.push(client);
      await client.open();
      client.send({ action: 'auth', ...DEMO_KEYS });
      await client.message(({ code }) => code === 406, 'error 406');
      return client;
    };
    const staying = await connect('stay');
    staying.send({ action: 'auth', ...DEMO_KEYS });
    await staying.message(({ msg }) => msg === 'authenticated', 'a second try');
    const closing = await connect('close');
    await closing.closed();
    const ending = await connect('timeout');
    await ending.message(({ code }) => code === 404, 'error 404');
    await ending.closed();

    expect(staying.closeCode).toBe(0);
  });

  it('nextSubscribe refuses by 405 and changes nothing', async () => {
    const client = await dataClient();
    await admin.chaos('nextSubscribe', { code: 405 });
    client.send({ action: 'subscribe', trades: ['SETEC'] });
    await client.message(({ code }) => code === 405, 'error 405');
    client.send({ action: 'unsubscribe', bars: ['NONE'] });
    await until(() => client.of('subscription').length === 2, 'an acknowledgement');

    expect(client.of('subscription').at(-1)).toMatchObject({ trades: ['SEMKT'] });
  });

  it.each([400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 500])(
    'sendError sends %d with its text',
    async (code) => {
      const client = await dataClient('msgpack');
      await admin.chaos('sendError', { code, then: 'close' });
      const told = await client.message((message) => message['T'] === 'error', 'an error');
      await client.closed();

      expect(told).toMatchObject({ T: 'error', code });
      expect(String(told['msg']).length).toBeGreaterThan(8);
    },
  );

  it('slowConsumer says 407 and cuts', async () => {
    const client = await dataClient();
    await admin.chaos('slowConsumer', { stream: 'data' });
    await client.closed();

    expect(client.of('error')).toEqual([{ T: 'error', code: 407, msg: 'slow client' }]);
  });

  it('D9 textOnMsgpack, unknownMessage and oversizedFrame send what nobody expects', async () => {
    const client = await dataClient('msgpack');
    await admin.chaos('textOnMsgpack');
    await client.message(({ msg }) => msg === 'text', 'a text frame');
    await admin.chaos('unknownMessage', { kind: 'zz' });
    const unknown = await client.message(({ T }) => T === 'zz', 'an unknown kind');
    await admin.chaos('oversizedFrame', { bytes: 2_000_000 });
    await client.message(({ pad }) => pad !== undefined, 'a large frame');

    expect(typeof client.rawFrames.find((frame) => typeof frame === 'string')).toBe('string');
    expect(unknown).toMatchObject({ S: 'ZZZZ', zz: ['?'] });
    expect(client.rawFrames.at(-1)?.length).toBeGreaterThan(2_000_000);
  });
});

describe('chaos on the order stream', () => {
  it('D7 duplicateUpdates says the last ones again, with the same ids', async () => {
    const client = await orderClient();
    await filledOrder('twice', client);
    const before = eventsOf(client);

    expect(await admin.chaos('duplicateUpdates', { count: 2 })).toBe(2);
    await until(() => eventsOf(client).length === before.length + 2, 'two more');
    expect(eventsOf(client).slice(-2)).toEqual(before.slice(-2));
  });

  it('B13 replayFill says new and fill of a finished order again', async () => {
    const client = await orderClient();
    await filledOrder('first', client);
    await filledOrder('second', client);
    const before = eventsOf(client).length;
    await admin.chaos('replayFill', { clientOrderId: 'first' });
    await until(() => eventsOf(client).length === before + 2, 'two more');

    const replayed = eventsOf(client).slice(before);
    expect(replayed.map(({ event, order }) => [event, order.client_order_id])).toEqual([
      ['new', 'first'],
      ['fill', 'first'],
    ]);
  });

  it('alterUpdates brings unknown events, statuses and keys; unknownUpdate repeats as one', async () => {
    const client = await orderClient();
    await admin.chaos('alterUpdates', { status: 'reimagined', extra: { mood: 'calm' }, count: 1 });
    await filledOrder('altered', client);
    await admin.chaos('unknownUpdate', { event: 'pondered' });
    await until(() => eventsOf(client).some(({ event }) => event === 'pondered'), 'an event');

    expect(eventsOf(client)[0]).toMatchObject({
      event: 'pending_new',
      mood: 'calm',
      order: { status: 'reimagined', mood: 'calm' },
    });
    expect(eventsOf(client)[1]?.order.status).toBe('new');
  });

  it('heartbeatByte sends the one byte of the older protocol', async () => {
    const client = await orderClient('msgpack');
    await admin.chaos('heartbeatByte');
    await until(() => client.rawFrames.some((frame) => frame.length === 1), 'a byte');

    expect(Object(client.rawFrames.at(-1))[0]).toBe(1);
  });

  it('delayUpdates holds updates back, mute drops them', async () => {
    const client = await orderClient();
    await admin.chaos('delayUpdates', { ms: 200 });
    const startMs = performance.now();
    await filledOrder('late', client);
    expect(performance.now() - startMs).toBeGreaterThan(190);
    await admin.chaos('delayUpdates', { ms: 0 });
    await admin.chaos('mute', { stream: 'trading' });
    await postOrder(venue.tradingUrl, { client_order_id: 'unheard' });
    await pass(1);
    await until(async () => {
      const { account } = await admin.state();
      return account.orders.at(-1)?.['status'] === 'filled';
    }, 'a fill at the venue');

    expect(eventsOf(client).some(({ order }) => order.client_order_id === 'unheard')).toBe(false);
  });
});

describe('chaos on answers', () => {
  it('fillBeforeAnswer: the fill is told before the answer comes', async () => {
    const client = await orderClient();
    await admin.chaos('clockResume');
    await admin.chaos('fillBeforeAnswer', { ms: 300 });
    let isAnswered = false;
    const answer = postOrder(venue.tradingUrl, { client_order_id: 'early' }).then((posted) => {
      isAnswered = true;
      return posted;
    });
    await until(() => eventsOf(client).some(({ event }) => event === 'fill'), 'a fill');
    const wasAnswered = isAnswered;

    expect(wasAnswered).toBe(false);
    expect((await answer).status).toBe(200);
  });

  it('B11 loseAnswer, failAfter and garbageAnswer take the order all the same', async () => {
    await admin.chaos('loseAnswer');
    await expect(postOrder(venue.tradingUrl, { client_order_id: 'lost' })).rejects.toThrow();
    await admin.chaos('failAfter', { status: 502 });
    const failed = await postOrder(venue.tradingUrl, { client_order_id: 'failed' });
    await admin.chaos('garbageAnswer');
    await expect(postOrder(venue.tradingUrl, { client_order_id: 'garbled' })).rejects.toThrow();
    await admin.chaos('failBefore', { status: 503 });
    const refused = await postOrder(venue.tradingUrl, { client_order_id: 'refused' });
    const { account } = await admin.state();

    expect([failed.status, refused.status]).toEqual([502, 503]);
    expect(account.orders.map((order) => order['client_order_id'])).toEqual([
      'lost',
      'failed',
      'garbled',
    ]);
  });

  it('rateLimit answers 429 until its time is over, exits and all', async () => {
    await admin.chaos('rateLimit', { forUs: 60 * SECOND_US });
    const first = await postOrder(venue.tradingUrl, { client_order_id: 'limited', side: 'sell' });
    await pass(61);
    const second = await postOrder(venue.tradingUrl, { client_order_id: 'free' });

    expect([first.status, second.status]).toEqual([429, 200]);
  });

  it('rejectOrders says 200, and no by the stream', async () => {
    const client = await orderClient();
    await admin.chaos('rejectOrders', { count: 1 });
    const { status } = await postOrder(venue.tradingUrl, { client_order_id: 'unlucky' });
    await pass(1);
    await until(() => eventsOf(client).some(({ event }) => event === 'rejected'), 'a rejection');

    expect(status).toBe(200);
    expect(eventsOf(client).map(({ event }) => event)).toEqual(['pending_new', 'rejected']);
  });

  it('bustFill and correctFill change what was executed', async () => {
    const client = await orderClient();
    await filledOrder('busted', client);
    await filledOrder('corrected', client);
    await admin.chaos('bustFill', { clientOrderId: 'busted' });
    await admin.chaos('correctFill', { clientOrderId: 'corrected', price: 400 });
    await until(() => eventsOf(client).some(({ event }) => event === 'trade_correct'), 'a word');
    const { account } = await admin.state();

    expect(eventsOf(client).at(-2)).toMatchObject({ event: 'trade_bust', position_qty: '10' });
    expect([account.cash, account.positions.length]).toEqual(['96000', 1]);
  });
});

describe('chaos on the market', () => {
  it('halt stops quotes and trades of a symbol and says so, resume says both words', async () => {
    const client = await dataClient();
    await admin.chaos('halt', { symbol: 'SEMKT' });
    const before = client.messages.length;
    await pass(60);
    await until(async () => (await admin.state()).market.withheld > 0, 'withheld events');
    expect((await admin.state()).market.halted).toEqual(['SEMKT']);
    const inHalt = client.messages.slice(before);
    await admin.chaos('resume', { symbol: 'SEMKT' });
    await pass(60);
    await until(() => client.of('q').length > 0, 'quotes again');

    expect(inHalt.filter(({ T }) => T === 'q' || T === 't')).toEqual([]);
    // SEMKT is a fund, so on tape B: halt, an indication, resumption.
    expect(client.of('s').map(({ sc }) => sc)).toEqual(['2', '5', '3']);
  });

  it('a halted symbol fills no order until it trades again', async () => {
    const client = await orderClient();
    await admin.chaos('halt', { symbol: 'SEMKT' });
    await postOrder(venue.tradingUrl, { client_order_id: 'patient' });
    await pass(60);
    const inHalt = eventsOf(client).map(({ event }) => event);
    await admin.chaos('resume', { symbol: 'SEMKT' });
    await pass(60);
    await until(() => eventsOf(client).some(({ event }) => event === 'fill'), 'a fill');

    expect(inHalt).not.toContain('fill');
  });

  it('staleQuotes holds quotes back for a while of the market', async () => {
    const client = await dataClient();
    await admin.chaos('staleQuotes', { symbol: 'SEMKT', forUs: 60 * SECOND_US });
    await pass(59);
    await until(() => client.of('t').length > 0, 'trades');
    expect(client.of('q')).toEqual([]);
    await pass(30);

    await until(() => client.of('q').length > 0, 'quotes again');
  });

  it('D8 lateTrade is told out of sequence, and its minute again', async () => {
    const client = await dataClient();
    await pass(150);
    await until(() => client.of('b').length > 1, 'bars');
    const before = client.of('u').length;
    await admin.chaos('lateTrade', { symbol: 'SEMKT', size: 12_345, ageMs: 60_000 });
    await pass(60);
    await until(() => client.of('u').length > before, 'an updated bar');
    const late = client.of('t').find(({ s }) => s === 12_345);
    const updated = Object(client.of('u').at(-1));
    const original = client.of('b').find(({ S, t }) => S === 'SEMKT' && t === updated.t);

    expect(late?.['c']).toEqual([' ', 'Z']);
    expect(updated.v - Number(original?.['v'])).toBe(12_345);
  });

  it('D8 correction and cancelTrade name the trade that they are about', async () => {
    const client = await dataClient();
    await pass(90);
    await until(() => client.of('t').length > 0, 'trades');
    const last = client.of('t').at(-1);
    await admin.chaos('correction', { symbol: 'SEMKT', size: 333 });
    await admin.chaos('cancelTrade', { symbol: 'SEMKT' });
    await until(() => client.of('x').length === 1, 'a cancel');

    expect(client.of('c')[0]).toMatchObject({ S: 'SEMKT', oi: last?.['i'], os: last?.['s'] });
    expect(client.of('c')[0]).toMatchObject({ cs: 333, op: last?.['p'] });
    expect(client.of('x')[0]).toMatchObject({ S: 'SEMKT', i: last?.['i'], a: 'C' });
  });

  it('D11 clockSkew changes what is told, clockStep what is', async () => {
    const before = (await admin.state()).clock;
    await admin.chaos('clockSkew', { us: 5 * SECOND_US });
    const { body } = await call(venue.tradingUrl, 'GET', '/v2/clock');
    const toldUs = Date.parse(String(body['timestamp'])) * 1_000;
    await admin.chaos('clockStep', { us: 2 * SECOND_US });
    const after = (await admin.state()).clock;

    expect(toldUs - before.marketUs).toBe(5 * SECOND_US);
    expect(after.marketUs - before.marketUs).toBe(2 * SECOND_US);
    expect(after.skewUs).toBe(5 * SECOND_US);
  });
});

describe('the admin port', () => {
  it('says what is wrong with an action, and does nothing', async () => {
    await expect(admin.chaos('sing')).rejects.toThrow('unknown action: sing');
    await expect(admin.chaos('halt', { symbol: 'NONE' })).rejects.toThrow('unknown symbol');
    await expect(admin.chaos('drop', { steam: 'data' })).rejects.toThrow('unknown parameters');
    await expect(admin.chaos('mute', { channels: ['x'] })).rejects.toThrow('unknown channel');
  });

  it('is not on the public port', async () => {
    const { status } = await call(venue.tradingUrl, 'GET', '/admin/state');

    expect(status).toBe(404);
  });

  it('shuts the venue down', async () => {
    await admin.shutdown();
    await venue.ended;

    await expect(call(venue.tradingUrl, 'GET', '/v2/clock')).rejects.toThrow();
  });
});
