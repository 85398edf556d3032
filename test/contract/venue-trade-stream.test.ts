import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { streaming } from '@alpacahq/alpaca-trade-api';
import { type RunningVenue, runVenue } from '../../src/venue/process/run-venue.ts';
import { VenueAdmin } from '../venue-client.ts';
import { call, postOrder } from '../venue-orders.ts';
import { DEMO_KEYS, until, type VenueMessage, VenueSocket } from '../venue-socket.ts';

const CREDENTIALS = { keyId: DEMO_KEYS.key, secret: DEMO_KEYS.secret };
const AUTHENTICATE = {
  action: 'authenticate',
  data: { key_id: DEMO_KEYS.key, secret_key: DEMO_KEYS.secret },
};
const LISTEN = { action: 'listen', data: { streams: ['trade_updates'] } };
const NOON_US = 12 * 3_600_000_000;

let venue: RunningVenue;
let admin: VenueAdmin;
const clients: VenueSocket[] = [];

beforeAll(async () => {
  venue = await runVenue({
    seed: 4,
    symbols: 5,
    atUsOfDay: NOON_US,
    extendedHours: false,
    rules: { partialFillChance: 0 },
  });
  admin = new VenueAdmin(venue.adminUrl);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await until(async () => (await admin.state()).connections.trading.length === 0, 'an empty slot');
});

afterAll(async () => {
  await venue.close();
});

async function connect(codec?: 'msgpack'): Promise<VenueSocket> {
  const client = new VenueSocket(venue.streamUrl, codec === undefined ? {} : { codec });
  clients.push(client);
  return client.open();
}

async function listening(): Promise<VenueSocket> {
  const client = await connect();
  client.send(AUTHENTICATE);
  client.send(LISTEN);
  await client.message(({ stream }) => stream === 'listening', 'listening');
  return client;
}

function eventsOf(client: VenueSocket, clientOrderId: string): readonly VenueMessage[] {
  return client.messages
    .filter(({ stream }) => stream === 'trade_updates')
    .map(({ data }) => Object(data))
    .filter(({ order }) => order.client_order_id === clientOrderId);
}

async function lifeOf(client: VenueSocket, id: string, last: string): Promise<readonly string[]> {
  const events = () => eventsOf(client, id).map(({ event }) => String(event));
  await until(() => events().includes(last), `${last} of ${id}`);
  return events();
}

describe('the order stream, to the official SDK', () => {
  it('authenticates, listens and tells the life of a market order', async () => {
    const stream = new streaming.TradingStream({ credentials: CREDENTIALS, url: venue.streamUrl });
    const events: string[] = [];
    const fills: unknown[] = [];
    stream.onTradeUpdate((update) => {
      events.push(update.event);
      if (update.event === 'fill') fills.push([update.qty, update.order.filledQty]);
    });
    const listened: unknown[] = [];
    stream.on(streaming.EVENT.SUBSCRIPTION, (streams) => listened.push(streams));
    stream.subscribeTradeUpdates();
    stream.connect();
    await until(() => listened.length > 0, 'listening');
    await postOrder(venue.tradingUrl, { client_order_id: 'sdk-1' });
    await until(() => fills.length > 0, 'a fill');
    stream.disconnect();

    expect(events).toEqual(['pending_new', 'new', 'fill']);
    expect(fills).toEqual([['10', '10']]);
  });

  it('D4 tells a wrong key, and the SDK gives up for good', async () => {
    const stream = new streaming.TradingStream({
      credentials: { keyId: 'WRONG', secret: 'WRONG' },
      url: venue.streamUrl,
    });
    stream.connect();

    expect(await stream.waitForAuthentication(5_000)).toBe(false);
    stream.disconnect();
  });
});

describe('the handshake of the order stream', () => {
  it('has no welcome, and JSON in binary frames', async () => {
    const client = await connect();
    expect(client.messages).toEqual([]);
    client.send(AUTHENTICATE);
    await client.message(({ stream }) => stream === 'authorization', 'an authorization');

    expect(client.messages).toEqual([
      { stream: 'authorization', data: { action: 'authenticate', status: 'authorized' } },
    ]);
    expect(typeof client.rawFrames[0]).not.toBe('string');
  });

  it('takes the form of the data streams too', async () => {
    const client = await connect();
    client.send({ action: 'auth', ...DEMO_KEYS });

    expect(await client.message(({ stream }) => stream === 'authorization', 'word')).toEqual({
      stream: 'authorization',
      data: { action: 'authenticate', status: 'authorized' },
    });
  });

  it('refuses a wrong key, and listening before authentication', async () => {
    const client = await connect();
    client.send({ action: 'authenticate', data: { key_id: 'WRONG', secret_key: 'x' } });
    client.send(LISTEN);
    await until(() => client.messages.length === 2, 'two refusals');

    expect(client.messages.map(({ data }) => data)).toEqual([
      { action: 'authenticate', status: 'unauthorized' },
      { action: 'listen', status: 'unauthorized' },
    ]);
  });

  it('replaces the set at every listen, and leaves out streams it does not know', async () => {
    const client = await listening();
    client.send({ action: 'listen', data: { streams: ['account_updates', 'trade_updates'] } });
    client.send({ action: 'listen', data: { streams: [] } });
    const sets = () => client.messages.filter(({ stream }) => stream === 'listening');
    await until(() => sets().length === 3, 'three acknowledgements');
    await postOrder(venue.tradingUrl, { client_order_id: 'unheard' });
    await until(async () => {
      const { account } = await admin.state();
      const order = account.orders.find((one) => one['client_order_id'] === 'unheard');
      return order?.['status'] === 'filled';
    }, 'a fill that nobody hears of');

    expect(sets().map(({ data }) => data)).toEqual([
      { streams: ['trade_updates'] },
      { streams: ['trade_updates'] },
      { streams: [] },
    ]);
    expect(eventsOf(client, 'unheard')).toEqual([]);
  });

  it('says an error as an object where it cannot read a message', async () => {
    const client = await connect();
    client.send({ action: 'sing' });

    expect(await client.message(({ action }) => action === 'error', 'an error')).toEqual({
      action: 'error',
      data: { error_message: 'unknown action' },
    });
  });

  it('refuses a second connection of the account at the upgrade, by 429', async () => {
    await listening();
    const second = new VenueSocket(venue.streamUrl);
    await until(() => second.refusedStatus !== 0, 'a refusal');

    expect(second.refusedStatus).toBe(429);
  });

  it('speaks msgpack where the header asks for it', async () => {
    const client = await connect('msgpack');
    client.send(AUTHENTICATE);
    client.send(LISTEN);
    await client.message(({ stream }) => stream === 'listening', 'listening');
    await postOrder(venue.tradingUrl, { client_order_id: 'packed' });

    expect(await lifeOf(client, 'packed', 'fill')).toEqual(['pending_new', 'new', 'fill']);
    // 0x82 begins a map of two in msgpack; JSON would begin with a brace.
    expect(Object(client.rawFrames.at(-1))[0]).toBe(0x82);
  });
});

describe('the events of an order', () => {
  it('carry the whole order, an id of their own and the size of this fill alone', async () => {
    const client = await listening();
    const { body } = await postOrder(venue.tradingUrl, { client_order_id: 'whole' });
    await lifeOf(client, 'whole', 'fill');
    const events = eventsOf(client, 'whole');
    const fill = Object(events.at(-1));

    expect(new Set(events.map((event) => event['execution_id'])).size).toBe(events.length);
    expect(Object.keys(fill.order).toSorted()).toEqual(Object.keys(body).toSorted());
    expect(fill).toMatchObject({ event: 'fill', qty: '10', order: { status: 'filled' } });
    expect(Number(fill.price)).toBeGreaterThan(0);
    expect(Number(fill.position_qty)).toBeGreaterThanOrEqual(10);
  });

  it('of a cancel: pending_cancel, then canceled', async () => {
    const client = await listening();
    const far = { type: 'limit', limit_price: '1.00', client_order_id: 'far' };
    const { body } = await postOrder(venue.tradingUrl, far);
    await lifeOf(client, 'far', 'new');
    const { status } = await call(venue.tradingUrl, 'DELETE', `/v2/orders/${String(body['id'])}`);

    expect(status).toBe(204);
    expect(await lifeOf(client, 'far', 'canceled')).toEqual([
      'pending_new',
      'new',
      'pending_cancel',
      'canceled',
    ]);
  });

  it('of a replacement: the old order first, then its successor (12.3)', async () => {
    const client = await listening();
    const far = { type: 'limit', limit_price: '1.00', client_order_id: 'old' };
    const { body } = await postOrder(venue.tradingUrl, far);
    await lifeOf(client, 'old', 'new');
    const path = `/v2/orders/${String(body['id'])}`;
    const change = { limit_price: '1.01', client_order_id: 'successor' };
    const answer = await call(venue.tradingUrl, 'PATCH', path, change);
    await lifeOf(client, 'successor', 'new');
    const told = client.messages
      .filter(({ stream }) => stream === 'trade_updates')
      .map(({ data }) => `${Object(data).order.client_order_id} ${Object(data).event}`);

    expect(answer.body).toMatchObject({ replaces: body['id'] });
    expect(told.slice(2)).toEqual(['old pending_replace', 'old replaced', 'successor new']);
  });
});
