import { describe, expect, it } from 'vitest';
import { shares } from '../../../src/core/money.ts';
import { cancel, enquire, limit, replace, submit } from '../../order-effects.ts';
import { AlpacaScene } from './alpaca-scene.ts';
import { fillActivity, type Greeting, wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';
const FILLS = '/v2/account/activities/FILL';

describe('a start', () => {
  it('is over when updates are heard and the account is known', async () => {
    const scene = await AlpacaScene.open();

    await scene.provider.start();

    expect(scene.venue.askedFor('GET', '/v2/account')).not.toEqual([]);
    expect(scene.venue.upgrades).toBe(1);
    expect(scene.reports).toEqual([]);
  });

  it('H6 names the account that the keys belong to', async () => {
    const scene = await AlpacaScene.open();

    expect(await scene.identify()).toBe('PA3SIM000001');
    scene.venue.on('GET', '/v2/account', { status: 401, body: { message: 'unauthorized' } });
    await expect(scene.identify()).rejects.toMatchObject({ code: 'BROKER_KEY_REFUSED' });
    scene.venue.on('GET', '/v2/account', { status: 500, text: '' });
    await expect(scene.identify()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });

  it.each<[Greeting, string]>([
    ['unauthorized', 'BROKER_KEY_REFUSED'],
    [{ upgradeStatus: 401 }, 'BROKER_KEY_REFUSED'],
    [{ upgradeStatus: 403 }, 'BROKER_KEY_REFUSED'],
    [{ upgradeStatus: 429 }, 'BROKER_UNREACHABLE'],
    [{ upgradeStatus: 503 }, 'BROKER_UNREACHABLE'],
    ['connectionLimit', 'BROKER_UNREACHABLE'],
    ['notOffered', 'BROKER_UNREACHABLE'],
    ['closed', 'BROKER_UNREACHABLE'],
  ])('that is met with %j ends once, with %s', async (greeting, code) => {
    const scene = await AlpacaScene.open();
    scene.venue.greeting = greeting;

    await expect(scene.provider.start()).rejects.toMatchObject({ code });
    await scene.time.pass(600_000, 10_000);

    expect(scene.venue.upgrades).toBe(1);
    expect(scene.failures).toEqual([]);
  });

  it('that is met with silence ends in time', async () => {
    const scene = await AlpacaScene.open();
    scene.venue.greeting = 'silent';

    const started = scene.provider.start();
    await scene.until(() => scene.venue.sockets.size === 1, 'the socket');
    scene.time.advance(5_000);

    await expect(started).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });

  it('fails where the books cannot be read', async () => {
    const scene = await AlpacaScene.open();
    scene.venue.on('GET', '/v2/positions', { status: 500, text: '' });

    await expect(scene.provider.start()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });
});

describe('while updates do not reach us', () => {
  it('nothing is sent that makes us own more; cancels, exits and questions are', async () => {
    const scene = await down();
    scene.venue.on('POST', ORDERS, { body: wireOrder('x1', { side: 'sell' }) });
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: wireOrder('e1') });
    scene.venue.on('DELETE', ORDERS, { status: 204 });
    const held = { symbol: 'AAPL', qty: '10', qty_available: '10', cost_basis: '2314' };
    scene.venue.on('GET', '/v2/positions/AAPL', { body: { ...held, side: 'long' } });
    scene.venue.asked.length = 0;

    const entry = await scene.perform(submit('n1'));
    const replacement = await scene.perform(replace('e1', 'e2', 20, 2_314_000));
    expect([entry, replacement]).toMatchObject([
      { outcome: 'refused', code: 'UPDATES_DOWN' },
      { outcome: 'refused', code: 'UPDATES_DOWN' },
    ]);
    expect(scene.venue.askedFor('POST', ORDERS)).toEqual([]);
    expect(scene.venue.askedFor('PATCH', ORDERS)).toEqual([]);

    expect(await scene.perform(submit('x1', { side: 'sell' }))).toMatchObject({ outcome: 'done' });
    expect(await scene.perform(cancel('e1'))).toMatchObject({ outcome: 'done' });
    expect(await scene.perform(enquire('e1'))).toMatchObject({ outcome: 'done' });
    expect(scene.health).toEqual(['degraded']);
  });

  it('what would sell more than the venue says is free is no exit', async () => {
    const scene = await down();
    const held = { symbol: 'AAPL', qty: '10', qty_available: '4', cost_basis: '2314' };
    scene.venue.on('GET', '/v2/positions/AAPL', { body: { ...held, side: 'long' } });

    const terms = { side: 'sell', quantity: shares(5) } as const;
    expect(await scene.perform(submit('x2', terms))).toMatchObject({ code: 'UPDATES_DOWN' });
  });
});

describe('a gap', () => {
  it('is filled from REST before what came meanwhile, and then it is up', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.update('new', wireOrder('g1'));
    scene.venue.update('partial_fill', partly('g1', 40), fill(40));
    await scene.until(() => scene.reports.length === 2, 'what came before');

    const filled = partly('g1', 100, 'filled');
    let isOpen = false;
    scene.venue.on('GET', '/v2/positions', () => (isOpen ? { body: [] } : { status: 500 }));
    scene.venue.on('GET', ORDERS, { body: [filled, wireOrder('g2')] });
    scene.venue.on('GET', FILLS, {
      body: [fillActivity('g1', 40, 40), fillActivity('g1', 60, 100)],
    });
    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');
    scene.time.advance(500);
    await scene.until(() => scene.venue.sockets.size === 1, 'the next connection');
    await scene.until(() => scene.venue.askedFor('GET', '/v2/positions').length > 0, 'a try');
    await scene.settle();
    scene.venue.update('new', wireOrder('g3'));
    await scene.settle();

    // The books could not be read: kept, and not up.
    expect(scene.reports).toHaveLength(2);
    expect(scene.health).toEqual(['degraded']);
    isOpen = true;
    scene.time.advance(1_000);
    await scene.until(() => scene.health.length === 2, 'that it is up');

    expect(scene.health).toEqual(['degraded', 'up']);
    const after = scene.reports.slice(2);
    expect(after.map(({ clientOrderId, event }) => [clientOrderId, event])).toEqual([
      ['g1', 'snapshot'],
      ['g2', 'snapshot'],
      ['g3', 'new'],
    ]);
    expect(after[0]?.executions.map(({ executionId }) => executionId)).toEqual([
      'v-g1/40',
      'v-g1/100',
    ]);
  });

  it('that ends in another gap is told once, for the connection that stays', async () => {
    const scene = await AlpacaScene.up();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    scene.venue.on('GET', ORDERS, { body: [wireOrder('t1')] });
    scene.venue.once('GET', '/v2/positions', { body: [], after: held });
    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');
    scene.time.advance(500);
    await scene.until(() => scene.venue.askedFor('GET', '/v2/positions').length > 0, 'a try');
    scene.venue.cut();
    await scene.until(() => scene.venue.sockets.size === 0, 'the second end');
    await scene.settle();
    letGo();
    await scene.settle();

    expect(scene.health).toEqual(['degraded']);
    expect(scene.reports).toEqual([]);
    scene.time.advance(1_000);
    await scene.until(() => scene.health.length === 2, 'that it is up');
    expect(scene.reports).toHaveLength(1);
  });

  it('in which an order ended that was sent long before is not missed', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.update('new', wireOrder('old'));
    await scene.until(() => scene.reports.length === 1, 'the order');
    scene.venue.on('GET', `${ORDERS}/v-old`, { body: wireOrder('old', { status: 'canceled' }) });

    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');
    scene.time.advance(500);
    await scene.until(() => scene.health.length === 2, 'that it is up');

    expect(scene.reports.at(-1)).toMatchObject({ clientOrderId: 'old', status: 'canceled' });
  });

  it('is filled page by page', async () => {
    const scene = await AlpacaScene.up();
    const all = Array.from({ length: 1_203 }, (_, at) => {
      const second = String(at % 60).padStart(2, '0');
      const minute = String(Math.floor(at / 60)).padStart(2, '0');
      const submitted = `2026-11-19T15:${minute}:${second}Z`;
      return wireOrder(`q${at}`, { submitted_at: submitted, status: 'canceled' });
    });
    scene.venue.on('GET', ORDERS, ({ query }) => {
      if (query.get('status') !== 'all') return { body: [] };
      const after = Date.parse(query.get('after') ?? '');
      const rows = all.filter((order) => Date.parse(String(order['submitted_at'])) > after);
      return { body: rows.slice(0, Number(query.get('limit'))) };
    });

    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');
    scene.time.advance(500);
    await scene.until(() => scene.health.length === 2, 'that it is up');

    expect(new Set(scene.reports.map(({ clientOrderId }) => clientOrderId)).size).toBe(1_203);
    expect(scene.reports).toHaveLength(1_203);
  });
});

describe('a connection', () => {
  it.each<Greeting>(['connectionLimit', { upgradeStatus: 429 }])(
    'that is one too many (%j) is tried again after a long wait, one attempt at a time',
    async (greeting) => {
      const scene = await AlpacaScene.up();
      scene.venue.greeting = greeting;
      scene.venue.cut();
      await scene.until(() => scene.health.length === 1, 'the end of the stream');
      scene.time.advance(500);
      await scene.until(() => scene.venue.upgrades === 2, 'the second attempt');
      await scene.settle();
      await scene.time.pass(14_000, 1_000);
      await scene.settle();
      expect(scene.venue.upgrades).toBe(2);

      scene.venue.greeting = 'authorized';
      await scene.time.pass(16_000, 1_000);
      await scene.until(() => scene.health.length === 2, 'that it is up');

      expect(scene.venue.upgrades).toBe(3);
      expect(scene.venue.sockets.size).toBe(1);
    },
  );

  it('that is one too many waits long, whatever chance says', async () => {
    const scene = await AlpacaScene.up({ chance: () => 0 });
    scene.venue.greeting = { upgradeStatus: 429 };
    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');
    scene.time.advance(1);
    await scene.until(() => scene.venue.upgrades === 2, 'the second attempt');
    await scene.settle();

    await scene.time.pass(14_990, 1_000);
    await scene.settle();
    expect(scene.venue.upgrades).toBe(2);
    scene.time.advance(20);
    await scene.until(() => scene.venue.upgrades === 3, 'the third');
  });

  it('that is refused over and over makes no storm', async () => {
    const scene = await AlpacaScene.up({ chance: () => 0.5 });
    scene.venue.greeting = 'closed';
    scene.venue.cut();
    await scene.until(() => scene.health.length === 1, 'the end of the stream');

    for (let second = 0; second < 600; second += 1) {
      scene.time.advance(1_000);
      await scene.settle();
    }

    // Waits of 0.25, 0.5, 1, 2, 4, 8 and then 15 s: 6 attempts in 16 s, 39 in the rest.
    expect(scene.venue.upgrades).toBeGreaterThan(30);
    expect(scene.venue.upgrades).toBeLessThan(50);
    expect(scene.health).toEqual(['degraded']);
  });

  it('that is half open is found within 5.25 s', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.hasPongs = false;
    const fromMs = scene.time.wallMs();

    while (scene.health.length === 0 && scene.time.wallMs() - fromMs < 60_000) {
      scene.time.advance(250);
      await scene.settle();
    }

    expect(scene.health).toEqual(['degraded']);
    expect(scene.time.wallMs() - fromMs).toBeLessThanOrEqual(5_250);
  });

  it('that answers pings and says nothing of an order is made anew', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { body: wireOrder('m1', { status: 'pending_new' }) });
    await scene.perform(limit('m1', 2_314_000));
    const filled = partly('m1', 100, 'filled');
    scene.venue.on('GET', `${ORDERS}/v-m1`, { body: filled });
    scene.venue.on('GET', ORDERS, { body: [filled] });
    scene.venue.on('GET', `${ORDERS}/v-m1`, { body: filled });
    scene.venue.on('GET', FILLS, { body: [fillActivity('m1', 100, 100)] });

    await scene.time.pass(4_000, 250);
    await scene.until(() => scene.health.length === 1, 'the doubt');
    scene.time.advance(1_000);
    await scene.until(() => scene.health.length === 2, 'that it is up');

    expect(scene.logged).toContain('brokerUpdatesMute');
    expect(scene.reports.at(-1)).toMatchObject({
      status: 'filled',
      executions: [{ quantity: 100 }],
    });
  });

  it('is not doubted for an order that rests without a word until the session opens', async () => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('a1', { status: 'accepted' });
    scene.venue.on('POST', ORDERS, { body: order });
    scene.venue.on('GET', `${ORDERS}/v-a1`, { body: order });
    await scene.perform(limit('a1', 2_314_000));

    for (let at = 0; at < 40; at += 1) {
      scene.time.advance(250);
      await scene.settle();
    }

    expect(scene.health).toEqual([]);
    expect(scene.venue.askedFor('GET', `${ORDERS}/v-a1`)).toHaveLength(1);
  });

  it('whose key is withdrawn ends the service, clearly', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { status: 401, body: { message: 'unauthorized' } });

    expect(await scene.perform(submit('k1'))).toMatchObject({ code: 'ACCOUNT_UNKNOWN' });

    expect(scene.failures).toMatchObject([{ code: 'BROKER_KEY_REFUSED' }]);
  });
});

/** A scene whose stream is gone and does not come back. */
async function down(): Promise<AlpacaScene> {
  const scene = await AlpacaScene.up();
  scene.venue.greeting = 'closed';
  scene.venue.cut();
  await scene.until(() => scene.health.length === 1, 'the end of the stream');
  return scene;
}

function partly(id: string, filled: number, status = 'partially_filled'): Record<string, unknown> {
  return wireOrder(id, { filled_qty: String(filled), status });
}

function fill(quantity: number): object {
  return { qty: String(quantity), price: '231.41' };
}
