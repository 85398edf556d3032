import { describe, expect, it } from 'vitest';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { cancel, enquire, limit, submit } from '../../order-effects.ts';
import { AlpacaScene } from './alpaca-scene.ts';
import { fillActivity, wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';

describe('a submission', () => {
  it('goes out once with every amount as text, and answers with the order', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { body: wireOrder('a1', { status: 'pending_new' }) });

    const answer = await scene.perform(limit('a1', 2_314_000));

    expect(answer).toMatchObject({
      outcome: 'done',
      order: {
        clientOrderId: 'a1',
        venueOrderId: 'v-a1',
        event: 'pendingNew',
        status: 'pendingNew',
        symbol: symbolId(0),
        quantity: 100,
        filledQuantity: 0,
        limitPrice: 2_314_000,
        executions: [],
      },
    });
    expect(scene.venue.askedFor('POST', ORDERS).map(({ body }) => body)).toEqual([
      {
        symbol: 'AAPL',
        side: 'buy',
        type: 'limit',
        time_in_force: 'day',
        qty: '10',
        limit_price: '231.40',
        client_order_id: 'a1',
      },
    ]);
  });

  it.each([
    [422, 40_010_001, 'client_order_id must be unique', 'DUPLICATE_CLIENT_ORDER_ID'],
    [422, 40_010_001, 'client order id is already in use', 'DUPLICATE_CLIENT_ORDER_ID'],
    [403, 40_310_000, 'insufficient buying power', 'INSUFFICIENT_BUYING_POWER'],
    [
      403,
      40_310_000,
      'insufficient qty available for order (requested: 10, available: 0)',
      'INSUFFICIENT_QUANTITY',
    ],
    [422, 40_310_000, 'Insufficient QTY available', 'INSUFFICIENT_QUANTITY'],
    [403, 40_310_000, 'potential wash trade detected. use complex orders', 'WASH_TRADE'],
    [403, 40_310_000, 'account is not allowed to short', 'SHORTING_NOT_ALLOWED'],
    [422, 42_210_000, 'asset XYZ cannot be sold short', 'SHORTING_NOT_ALLOWED'],
    [403, 40_310_000, 'new orders are rejected by user request', 'SUSPENDED_BY_USER'],
    [403, 40_310_000, 'cost basis must be >= minimal amount of order 1', 'COST_BASIS_TOO_SMALL'],
    [
      422,
      42_210_000,
      'invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria',
      'SUB_PENNY',
    ],
    [422, 42_210_000, 'asset XYZ is not tradable', 'ASSET_NOT_TRADABLE'],
    [404, 40_410_000, 'asset not found for XYZ', 'ASSET_NOT_FOUND'],
    [422, 40_010_001, 'qty must be integer', 'QUANTITY_INVALID'],
    [422, 49_999_999, 'a rule of next year', 'VENUE_REFUSED'],
    [422, 40_010_001, 'side is required', 'PARAMETER_INVALID'],
    [422, 42_210_000, 'fractional orders must be DAY orders', 'FRACTIONAL_INVALID'],
    [422, 42_210_000, 'stop_loss.stop_price must be <= base_price', 'COMPLEX_ORDER_INVALID'],
    [422, 42_210_000, 'only day orders are allowed for hard-to-borrow asset XYZ', 'BORROW_IS_HARD'],
    [422, 42_210_000, 'extended hours order must be DAY limit orders', 'EXTENDED_HOURS_INVALID'],
  ])('B11 is refused by %i %i "%s" as %s', async (status, code, message, ours) => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { status, body: { code, message } });

    const answer = await scene.perform(submit('r1'));

    expect(answer).toMatchObject({ outcome: 'refused', code: ours });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it.each([
    ['a 500 after it was executed', { status: 500, body: { message: 'oops' } }, 'SERVER_ERROR'],
    ['a 502 of a gateway', { status: 502, text: '<html>' }, 'SERVER_ERROR'],
    ['a 504 without a body', { status: 504, text: '' }, 'SERVER_ERROR'],
    ['a 200 that is cut', { text: '{"id":"v-u1","client_or' }, 'UNREADABLE'],
    ['a 200 that is empty', { text: '' }, 'UNREADABLE'],
    ['a 200 about nothing', { body: { message: 'ok' } }, 'UNREADABLE'],
    ['a 200 about another order', { body: wireOrder('u9') }, 'UNREADABLE'],
    ['a 403 of a proxy', { status: 403, text: '<html>no</html>' }, 'UNREADABLE'],
    ['a 408', { status: 408, body: { code: 1, message: 'slow' } }, 'UNREADABLE'],
    ['a reset connection', { instead: 'reset' }, 'CONNECTION_LOST'],
    ['a redirect', { status: 302, headers: { Location: '/' } }, 'CONNECTION_LOST'],
  ] as const)('B11 is unknown after %s, and is not sent again', async (_, scripted, code) => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, scripted);

    const answer = await scene.perform(submit('u1'));

    expect(answer).toMatchObject({ outcome: 'unknown', code });
    await scene.settle();
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it('B11 is unknown when no answer comes in time, and is not sent again', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { instead: 'silence' });

    const answer = scene.perform(submit('t1'));
    await scene.until(() => scene.venue.askedFor('POST', ORDERS).length === 1, 'the request');
    scene.time.advance(4_500);

    expect(await answer).toMatchObject({ outcome: 'unknown', code: 'TIMEOUT' });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it("is refused where it is another account's", async () => {
    const scene = await AlpacaScene.up();

    const account = textId<AccountId>('other');
    const answer = await scene.perform(submit('o1', { account }));

    expect(answer).toMatchObject({ outcome: 'refused', code: 'ACCOUNT_UNKNOWN' });
    expect(scene.venue.asked).toEqual([]);
    expect(scene.failures).toEqual([]);
  });
});

describe('a cancel', () => {
  it('is done when the venue took it, and reports it as pending', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { body: wireOrder('c1') });
    scene.venue.on('DELETE', `${ORDERS}/v-c1`, { status: 204 });
    await scene.perform(limit('c1', 2_314_000));

    const answer = await scene.perform(cancel('c1'));

    expect(answer).toMatchObject({
      outcome: 'done',
      order: { clientOrderId: 'c1', event: 'pendingCancel', status: 'pendingCancel' },
    });
    // Known from the submission: nobody had to be asked for its venue's id.
    expect(scene.venue.askedFor('GET', ORDERS)).toEqual([]);
  });

  it("asks for the venue's id of an order that it has not seen", async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: wireOrder('c2') });
    scene.venue.on('DELETE', `${ORDERS}/v-c2`, { status: 204 });

    expect(await scene.perform(cancel('c2'))).toMatchObject({ outcome: 'done' });
  });

  it.each([
    ['filled', 'refused', 'ORDER_NOT_CANCELABLE'],
    ['expired', 'refused', 'ORDER_NOT_CANCELABLE'],
    ['canceled', 'done', undefined],
    ['pending_cancel', 'done', undefined],
  ])('of an order that is %s is %s', async (status, outcome, code) => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('c3', { status });
    scene.venue.on('GET', ORDERS, { body: order });
    const message = `order is already in "${status}" state`;
    scene.venue.on('DELETE', ORDERS, { status: 422, body: { code: 42_210_000, message } });

    const answer = await scene.perform(cancel('c3'));

    expect(answer.outcome).toBe(outcome);
    expect(answer.code).toBe(code);
  });

  it.each([
    ['nobody has', 404, { code: 40_410_000, message: 'order not found for x' }, 'refused'],
    ['nobody can tell of', 500, { message: 'oops' }, 'unknown'],
  ])('of an order that %s', async (_, status, body, outcome) => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: wireOrder('c4') });
    scene.venue.on('DELETE', ORDERS, { status, body });

    expect(await scene.perform(cancel('c4'))).toMatchObject({ outcome });
  });
});

describe('an enquiry', () => {
  it('B12 about an order that nobody has is answered so', async () => {
    const scene = await AlpacaScene.up();

    expect(await scene.perform(enquire('none'))).toMatchObject({
      outcome: 'refused',
      code: 'ORDER_NOT_FOUND',
    });
  });

  it('B12 that fails says nothing about the order', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { status: 503, text: 'busy' });

    expect(await scene.perform(enquire('e1'))).toMatchObject({ outcome: 'unknown' });
  });

  it('B13 takes the executions from the activities', async () => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('e2', { status: 'filled', filled_qty: '100' });
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: order });
    const fills = [
      fillActivity('e2', 40, 40),
      fillActivity('e9', 5, 5),
      fillActivity('e2', 60, 100),
    ];
    scene.venue.on('GET', '/v2/account/activities/FILL', { body: fills });

    const { order: report } = await scene.perform(enquire('e2'));

    expect(report).toMatchObject({ event: 'snapshot', status: 'filled', filledQuantity: 100 });
    expect(report?.executions).toMatchObject([
      { executionId: 'v-e2/40', quantity: 40, price: 2_314_100 },
      { executionId: 'v-e2/100', quantity: 60, price: 2_314_100 },
    ]);
    expect(report?.reason).toBeUndefined();
  });

  it('B13 says when the activities do not add up yet', async () => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('e3', { status: 'filled', filled_qty: '100' });
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: order });
    scene.venue.on('GET', '/v2/account/activities/FILL', { body: [fillActivity('e3', 40, 40)] });

    const { order: report } = await scene.perform(enquire('e3'));

    expect(report).toMatchObject({ filledQuantity: 100, executions: [{ quantity: 40 }] });
    expect(report?.reason).toContain('do not add up to 100');
  });

  it('reads on where the executions fill more than a page', async () => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('e4', { qty: '150', status: 'filled', filled_qty: '150' });
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: order });
    const fills = Array.from({ length: 150 }, (_, at) => fillActivity('e4', 1, at + 1));
    scene.venue.on('GET', '/v2/account/activities/FILL', ({ query }) => {
      const from = fills.findIndex(({ id }) => id === query.get('page_token')) + 1;
      return { body: fills.slice(from, from + 100) };
    });

    const { order: report } = await scene.perform(enquire('e4'));

    expect(report?.executions).toHaveLength(150);
    expect(scene.venue.askedFor('GET', '/v2/account/activities')).toHaveLength(2);
  });

  it('names the successor of an order that was replaced', async () => {
    const scene = await AlpacaScene.up();
    const order = wireOrder('e5', { status: 'replaced', replaced_by: 'v-e6' });
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: order });
    scene.venue.on('GET', `${ORDERS}/v-e6`, { body: wireOrder('e6', { replaces: 'v-e5' }) });

    const { order: report } = await scene.perform(enquire('e5'));

    expect(report).toMatchObject({ status: 'replaced', successor: 'e6' });
  });
});
