import { describe, expect, it } from 'vitest';
import { enquire, limit, replace } from '../../order-effects.ts';
import { AlpacaScene } from './alpaca-scene.ts';
import { wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';

describe('a replacement', () => {
  it("of an order of which nothing is filled is the venue's", async () => {
    const scene = await placed('a1');
    const successor = wireOrder('a2', { replaces: 'v-a1', qty: '50', status: 'pending_new' });
    scene.venue.on('PATCH', `${ORDERS}/v-a1`, { body: successor });

    const answer = await scene.perform(replace('a1', 'a2', 50, 2_315_000));

    expect(answer).toMatchObject({ outcome: 'done', order: { clientOrderId: 'a2', quantity: 50 } });
    expect(scene.venue.askedFor('PATCH', ORDERS)[0]?.body).toEqual({
      qty: '50',
      limit_price: '231.50',
      client_order_id: 'a2',
    });
    expect(scene.venue.askedFor('DELETE', ORDERS)).toEqual([]);
  });

  it.each([
    [404, 40_410_000, 'order not found for a1', 'refused', 'ORDER_NOT_FOUND'],
    [422, 42_210_000, 'order is already in "filled" state', 'refused', 'ORDER_NOT_REPLACEABLE'],
    [
      422,
      42_210_000,
      "unable to replace order, order isn't sent to exchange yet",
      'refused',
      'ORDER_NOT_REPLACEABLE',
    ],
    [422, 42_210_000, 'invalid limit_price 1.001. sub-penny', 'refused', 'SUB_PENNY'],
    [500, 0, 'oops', 'unknown', 'SERVER_ERROR'],
  ])('that is answered %i %i "%s" is %s as %s', async (status, code, message, outcome, ours) => {
    const scene = await placed('a1');
    scene.venue.on('PATCH', ORDERS, { status, body: { code, message } });

    const answer = await scene.perform(replace('a1', 'a2', 50, 2_315_000));

    expect(answer).toMatchObject({ outcome, code: ours });
    expect(scene.venue.askedFor('PATCH', ORDERS)).toHaveLength(1);
  });

  it('of an order filled in part is a cancel, its end, and an order for the rest', async () => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });
    scene.venue.on('POST', ORDERS, { body: wireOrder('b2', { qty: '50', status: 'new' }) });

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    await scene.settle();
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
    scene.venue.update('pending_cancel', partly('b1', 40, 'pending_cancel'));
    scene.venue.update('canceled', partly('b1', 40, 'canceled'));

    expect(await answer).toMatchObject({ outcome: 'done', order: { clientOrderId: 'b2' } });
    expect(scene.venue.askedFor('POST', ORDERS)[1]?.body).toMatchObject({
      client_order_id: 'b2',
      qty: '50',
      side: 'buy',
      limit_price: '231.50',
    });
    // The kernel follows the successor, and never hears that the order was merely cancelled.
    expect(scene.reportsOf('b1').map(({ event }) => event)).toEqual([
      'new',
      'partialFill',
      'replaced',
    ]);
    expect(scene.reportsOf('b1').at(-1)).toMatchObject({
      status: 'replaced',
      successor: 'b2',
      filledQuantity: 40,
      executions: [{ executionId: 'v-b1/40' }],
    });
    scene.venue.update('new', wireOrder('b2', { qty: '50' }));
    await scene.until(() => scene.reportsOf('b2').length === 1, 'the successor');
  });

  it('orders no more than is left when a fill comes before the cancel', async () => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });
    scene.venue.on('POST', ORDERS, { body: wireOrder('b2', { qty: '20', status: 'new' }) });

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    scene.venue.update('partial_fill', partly('b1', 70), { qty: '30', price: '231.41' });
    scene.venue.update('canceled', partly('b1', 70, 'canceled'));

    expect(await answer).toMatchObject({ outcome: 'done' });
    expect(scene.venue.askedFor('POST', ORDERS)[1]?.body).toMatchObject({ qty: '20' });
    expect(
      scene
        .reportsOf('b1')
        .at(-1)
        ?.executions.map(({ quantity }) => quantity),
    ).toEqual([40, 30]);
  });

  it('orders nothing when the fill wins', async () => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    scene.venue.update('fill', partly('b1', 100, 'filled'), { qty: '60', price: '231.41' });

    expect(await answer).toMatchObject({ outcome: 'refused', code: 'ORDER_NOT_REPLACEABLE' });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
    expect(scene.reportsOf('b1').at(-1)).toMatchObject({ status: 'filled', filledQuantity: 100 });
  });

  it('asks the venue when the end of the old order is not heard', async () => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });
    scene.venue.on('GET', `${ORDERS}/v-b1`, { body: partly('b1', 40, 'canceled') });
    scene.venue.on('POST', ORDERS, { body: wireOrder('b2', { qty: '50' }) });

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    await scene.settle();
    scene.time.advance(2_250);

    expect(await answer).toMatchObject({ outcome: 'done', order: { clientOrderId: 'b2' } });
  });

  it('orders nothing while the old order may still be filled', async () => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });
    scene.venue.on('GET', `${ORDERS}/v-b1`, { body: partly('b1', 40, 'pending_cancel') });

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    await scene.settle();
    scene.time.advance(2_250);

    expect(await answer).toMatchObject({ outcome: 'unknown', code: 'TIMEOUT' });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
    expect(scene.reportsOf('b1').at(-1)).toMatchObject({ status: 'pendingCancel' });
  });

  it.each([
    [{ status: 500, text: '' }, 'unknown', 'replaced', 'b2'],
    [{ status: 403, body: { code: 40_310_000, message: 'no' } }, 'refused', 'canceled', undefined],
  ])('whose second half is answered %j is %s', async (scripted, outcome, status, successor) => {
    const scene = await filledInPart('b1');
    scene.venue.on('DELETE', `${ORDERS}/v-b1`, { status: 204 });
    scene.venue.on('POST', ORDERS, scripted);

    const answer = scene.perform(replace('b1', 'b2', 90, 2_315_000));
    await scene.until(() => scene.venue.askedFor('DELETE', ORDERS).length === 1, 'the cancel');
    scene.venue.update('canceled', partly('b1', 40, 'canceled'));

    expect(await answer).toMatchObject({ outcome });
    // Where it may be there the kernel follows it and asks; where it is not it hears so.
    const last = scene.reportsOf('b1').at(-1);
    expect([last?.status, last?.successor]).toEqual([status, successor]);
    expect(await scene.perform(enquire('b2'))).toMatchObject({ code: 'ORDER_NOT_FOUND' });
  });
});

async function placed(id: string): Promise<AlpacaScene> {
  const scene = await AlpacaScene.up();
  scene.venue.on('POST', ORDERS, { body: wireOrder(id) });
  await scene.perform(limit(id, 2_314_000));
  scene.venue.update('new', wireOrder(id));
  await scene.until(() => scene.reports.length === 1, 'its acknowledgement');
  return scene;
}

async function filledInPart(id: string): Promise<AlpacaScene> {
  const scene = await placed(id);
  scene.venue.update('partial_fill', partly(id, 40), { qty: '40', price: '231.41' });
  await scene.until(() => scene.reports.length === 2, 'its first fill');
  return scene;
}

function partly(id: string, filled: number, status = 'partially_filled'): Record<string, unknown> {
  return wireOrder(id, { filled_qty: String(filled), status });
}
