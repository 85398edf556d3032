import { describe, expect, it } from 'vitest';
import { call, postOrder } from '../venue-orders.ts';
import { eventsOf, SECOND_US, VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';

const rig = new VenueRig();

describe('chaos on the order stream', () => {
  it('D7 duplicateUpdates says the last ones again, with the same ids', async () => {
    const client = await rig.orderClient();
    await rig.filledOrder('twice', client);
    const before = eventsOf(client);

    expect(await rig.admin.chaos('duplicateUpdates', { count: 2 })).toBe(2);
    await until(() => eventsOf(client).length === before.length + 2, 'two more');
    expect(eventsOf(client).slice(-2)).toEqual(before.slice(-2));
  });

  it('B13 replayFill says new and fill of a finished order again', async () => {
    const client = await rig.orderClient();
    await rig.filledOrder('first', client);
    await rig.filledOrder('second', client);
    const before = eventsOf(client).length;
    await rig.admin.chaos('replayFill', { clientOrderId: 'first' });
    await until(() => eventsOf(client).length === before + 2, 'two more');

    const replayed = eventsOf(client).slice(before);
    expect(replayed.map(({ event, order }) => [event, order['client_order_id']])).toEqual([
      ['new', 'first'],
      ['fill', 'first'],
    ]);
  });

  it('alterUpdates brings unknown words and keys, unknownUpdate an unknown event', async () => {
    const client = await rig.orderClient();
    await rig.admin.chaos('alterUpdates', {
      status: 'reimagined',
      extra: { mood: 'calm' },
      count: 1,
    });
    await rig.filledOrder('altered', client);
    await rig.admin.chaos('unknownUpdate', { event: 'pondered' });
    await until(() => eventsOf(client).some(({ event }) => event === 'pondered'), 'an event');

    expect(eventsOf(client)[0]).toMatchObject({
      event: 'pending_new',
      mood: 'calm',
      order: { status: 'reimagined', mood: 'calm' },
    });
    expect(eventsOf(client)[1]?.order['status']).toBe('new');
  });

  it('heartbeatByte sends the one byte of the older protocol', async () => {
    const client = await rig.orderClient('msgpack');
    await rig.admin.chaos('heartbeatByte');
    await until(() => client.rawFrames.some((frame) => frame.length === 1), 'a byte');

    expect(Object(client.rawFrames.at(-1))[0]).toBe(1);
  });

  it('delayUpdates holds updates back, mute drops them', async () => {
    const client = await rig.orderClient();
    await rig.admin.chaos('delayUpdates', { ms: 200 });
    const startMs = performance.now();
    await rig.filledOrder('late', client);
    expect(performance.now() - startMs).toBeGreaterThan(190);
    await rig.admin.chaos('delayUpdates', { ms: 0 });
    await rig.admin.chaos('mute', { stream: 'trading' });
    await postOrder(rig.venue.tradingUrl, { client_order_id: 'unheard' });
    await rig.pass(1);
    await until(async () => {
      const { account } = await rig.admin.state();
      return account.orders.at(-1)?.['status'] === 'filled';
    }, 'a fill at the venue');

    expect(eventsOf(client).some(({ order }) => order['client_order_id'] === 'unheard')).toBe(
      false,
    );
  });
});

describe('chaos on answers', () => {
  it('fillBeforeAnswer: the fill is told before the answer comes', async () => {
    const client = await rig.orderClient();
    await rig.admin.chaos('clockResume');
    await rig.admin.chaos('fillBeforeAnswer', { ms: 300 });
    let isAnswered = false;
    const answer = postOrder(rig.venue.tradingUrl, { client_order_id: 'early' }).then((posted) => {
      isAnswered = true;
      return posted;
    });
    await until(() => eventsOf(client).some(({ event }) => event === 'fill'), 'a fill');
    const wasAnswered = isAnswered;

    expect(wasAnswered).toBe(false);
    expect((await answer).status).toBe(200);
  });

  it('B11 loseAnswer, failAfter and garbageAnswer take the order all the same', async () => {
    await rig.admin.chaos('loseAnswer');
    await expect(postOrder(rig.venue.tradingUrl, { client_order_id: 'lost' })).rejects.toThrow();
    await rig.admin.chaos('failAfter', { status: 502 });
    const failed = await postOrder(rig.venue.tradingUrl, { client_order_id: 'failed' });
    await rig.admin.chaos('garbageAnswer');
    await expect(postOrder(rig.venue.tradingUrl, { client_order_id: 'garbled' })).rejects.toThrow();
    await rig.admin.chaos('failBefore', { status: 503 });
    const refused = await postOrder(rig.venue.tradingUrl, { client_order_id: 'refused' });
    const { account } = await rig.admin.state();

    expect([failed.status, refused.status]).toEqual([502, 503]);
    expect(account.orders.map((order) => order['client_order_id'])).toEqual([
      'lost',
      'failed',
      'garbled',
    ]);
  });

  it('delayAnswer holds an answer back, clearRestFaults forgets what was scripted', async () => {
    await rig.admin.chaos('delayAnswer', { ms: 150 });
    const startMs = performance.now();
    const { status } = await postOrder(rig.venue.tradingUrl, { client_order_id: 'slow' });
    const tookMs = performance.now() - startMs;
    await rig.admin.chaos('failAfter', { count: 5 });

    expect([status, tookMs > 140]).toEqual([200, true]);
    expect(await rig.admin.chaos('clearRestFaults')).toBe(1);
    const next = await postOrder(rig.venue.tradingUrl, { client_order_id: 'quick' });
    expect(next.status).toBe(200);
  });

  it('emptyPage has a token and no rows, repeatToken leads back to itself', async () => {
    await rig.pass(120);
    const bars = '/v2/stocks/SEMKT/trades?start=2024-06-03T16:00:00Z&limit=3';
    await rig.admin.chaos('emptyPage', { path: '/v2/stocks/*' });
    const empty = await call(rig.venue.dataUrl, 'GET', bars);
    const full = await call(rig.venue.dataUrl, 'GET', bars);
    const token = String(full.body['next_page_token']);
    await rig.admin.chaos('repeatToken', { path: '/v2/stocks/*' });
    const page = `${bars}&page_token=${encodeURIComponent(token)}`;
    const again = await call(rig.venue.dataUrl, 'GET', page);

    expect(empty.body).toMatchObject({ trades: [], next_page_token: expect.any(String) });
    expect(Object(full.body['trades']).length).toBe(3);
    expect(again.body['next_page_token']).toBe(token);
  });

  it('rateLimit answers 429 until its time is over, exits and all', async () => {
    await rig.admin.chaos('rateLimit', { forUs: 60 * SECOND_US });
    const first = await postOrder(rig.venue.tradingUrl, {
      client_order_id: 'limited',
      side: 'sell',
    });
    await rig.pass(61);
    const second = await postOrder(rig.venue.tradingUrl, { client_order_id: 'free' });

    expect([first.status, second.status]).toEqual([429, 200]);
  });

  it('rejectOrders says 200, and no by the stream', async () => {
    const client = await rig.orderClient();
    await rig.admin.chaos('rejectOrders', { count: 1 });
    const { status } = await postOrder(rig.venue.tradingUrl, { client_order_id: 'unlucky' });
    await rig.pass(1);
    await until(() => eventsOf(client).some(({ event }) => event === 'rejected'), 'a rejection');

    expect(status).toBe(200);
    expect(eventsOf(client).map(({ event }) => event)).toEqual(['pending_new', 'rejected']);
  });

  it('bustFill and correctFill change what was executed', async () => {
    const client = await rig.orderClient();
    await rig.filledOrder('busted', client);
    await rig.filledOrder('corrected', client);
    await rig.admin.chaos('bustFill', { clientOrderId: 'busted' });
    await rig.admin.chaos('correctFill', { clientOrderId: 'corrected', price: 400 });
    await until(() => eventsOf(client).some(({ event }) => event === 'trade_correct'), 'a word');
    const { account } = await rig.admin.state();

    expect(eventsOf(client).at(-2)).toMatchObject({ event: 'trade_bust', position_qty: '10' });
    expect([account.cash, account.positions.length]).toEqual(['96000', 1]);
  });
});
