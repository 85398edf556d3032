import { describe, expect, it } from 'vitest';
import { money } from '../../../../src/core/money.ts';
import { STATUS_SHORT_RESTRICTED } from '../../../../src/domain/market/event-batch.ts';
import { at, type Body, DeskWorld, DOLLAR, object, refusal } from './desk-world.ts';

const LIMIT = { type: 'limit', limit_price: '98' } as const;
const SELL = { side: 'sell' } as const;

function quoted(options: ConstructorParameters<typeof DeskWorld>[0] = {}): DeskWorld {
  const world = new DeskWorld(options);
  for (let symbol = 0; symbol < 4; symbol += 1) world.quote(99, 100, symbol);
  return world;
}

/** Each row of venues.md 4.6 and what 4.3 makes of it: the body, then status, code and text. */
const TABLE: readonly (readonly [Body, string])[] = [
  [{ symbol: undefined }, '422 40010001 symbol is required'],
  [{ side: undefined }, '422 40010001 side is required'],
  [{ side: 'hold' }, '422 40010001 invalid side: hold'],
  [{ type: 'magic' }, '422 40010001 invalid type: magic'],
  [{ time_in_force: undefined }, '422 40010001 time_in_force is required'],
  [{ order_class: 'mleg' }, '422 40010001 invalid order_class: mleg'],
  [{ qty: undefined }, '422 40010001 qty is required'],
  [{ qty: '0' }, '422 40010001 qty must be > 0'],
  [{ qty: 'ten' }, '422 40010001 invalid qty ten'],
  [{ qty: '1.5' }, '422 40010001 qty must be integer'],
  [{ qty: '1', notional: '5' }, '422 40010001 only one of qty or notional is accepted'],
  [{ qty: undefined, notional: '500' }, '422 40010001 qty is required'],
  [{ qty: '1.5', time_in_force: 'gtc' }, '422 42210000 fractional orders must be DAY orders'],
  [{ qty: '1.5', order_class: 'oto' }, '422 42210000 fractional orders must be simple orders'],
  [{ qty: '1.5', ...SELL }, '422 42210000 fractional orders cannot be sold short'],
  [{ symbol: 'NONE' }, '404 40410000 asset not found for NONE'],
  [{ symbol: 'OLD' }, '422 42210000 asset OLD is not tradable'],
  [{ symbol: 'IDX' }, '422 42210000 asset IDX is not tradable'],
  [{ client_order_id: 'x'.repeat(129) }, '422 40010001 client_order_id must be at most 128'],
  [{ type: 'limit' }, '422 40010001 limit orders require limit_price'],
  [{ limit_price: '5' }, '422 40010001 market orders require no limit_price'],
  [{ type: 'stop' }, '422 40010001 stop orders require stop_price'],
  [{ ...LIMIT, stop_price: '97' }, '422 40010001 limit orders require no stop_price'],
  [{ type: 'stop_limit', stop_price: '9' }, '422 40010001 stop limit orders require limit_price'],
  [{ type: 'limit', limit_price: '-5' }, '422 40010001 limit_price must be > 0'],
  [{ type: 'limit', limit_price: '999999' }, '422 40010001 limit_price must be <= 900000'],
  [{ type: 'limit', limit_price: '1e30' }, '422 40010001 limit_price must be <= 900000'],
  [{ type: 'trailing_stop' }, '422 40010001 trailing stop orders must specify one of'],
  [{ type: 'trailing_stop', trail_percent: '100' }, '422 40010001 trail_percent must be > 0 and'],
  [{ trail_price: '1' }, '422 40010001 only trailing stop orders have a trail'],
  [{ type: 'trailing_stop', trail_price: '1', time_in_force: 'ioc' }, '422 42210000 trailing stop'],
  [{ type: 'stop', stop_price: '101', time_in_force: 'fok' }, '422 42210000 fok orders must be'],
  [{ time_in_force: 'opg' }, '422 42210000 opg orders must be submitted after 7:00pm and before'],
  [{ extended_hours: true }, '422 42210000 extended hours order must be DAY limit orders'],
  [
    { ...LIMIT, extended_hours: true, time_in_force: 'gtc' },
    '422 42210000 extended hours order must be DAY limit orders',
  ],
  [{ symbol: 'NTB', ...SELL }, '422 42210000 asset NTB cannot be sold short'],
  [
    { symbol: 'HTB', ...SELL, time_in_force: 'gtc' },
    '422 42210000 only day orders are allowed for hard-to-borrow asset HTB',
  ],
  [
    { type: 'limit', limit_price: '0.05' },
    '403 40310000 cost basis must be >= minimal amount of order 1',
  ],
  [{ position_intent: 'buy_to_close' }, '422 42210000 position intent mismatch, inferred: buy_to_'],
];

describe('what the venue refuses', () => {
  it.each(TABLE)('%j', (body, expected) => {
    const world = quoted();
    const answer = world.submit(body);

    expect(refusal(answer)).toContain(expected);
    world.pass();
    expect(world.updates).toEqual([]);
    expect(world.desk.orders({ status: 'all' }).body).toEqual([]);
  });

  it.each([
    [{ type: 'limit', limit_price: '290.123' }, 'limit_price 290.123'],
    [{ type: 'limit', limit_price: '0.123456' }, 'limit_price 0.123456'],
    [{ type: 'stop', stop_price: '101.001' }, 'stop_price 101.001'],
    [
      { ...LIMIT, order_class: 'oto', take_profit: { limit_price: '110.005' } },
      'take_profit.limit_price 110.005',
    ],
    [
      { ...LIMIT, order_class: 'oto', stop_loss: { stop_price: '90.005' } },
      'stop_loss.stop_price 90.005',
    ],
  ])('a price below the tick: %j', (body, named) => {
    expect(refusal(quoted().submit(body))).toBe(
      `422 42210000 invalid ${named}. ` +
        'sub-penny increment does not fulfill minimum pricing criteria',
    );
  });

  it('takes four decimals below a dollar', () => {
    expect(quoted().submit({ type: 'limit', limit_price: '0.1234', qty: '100' }).status).toBe(200);
  });

  it('names the amounts where buying power is missing', () => {
    const world = quoted({ rules: { multiplier: 2 } });
    const answer = world.submit({ qty: '5000' });

    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      code: 40_310_000,
      message: 'insufficient buying power',
      buying_power: '200000',
      cost_basis: '500000',
    });
  });

  it('names the shares that are held for orders', () => {
    const world = quoted();
    world.done({ qty: '140' });
    const id = world.done({ ...SELL, type: 'limit', limit_price: '120', qty: '100' });
    const answer = world.submit({ ...SELL, qty: '100', type: 'limit', limit_price: '119' });

    expect(answer).toEqual({
      status: 403,
      body: {
        code: 40_310_000,
        message: 'insufficient qty available for order (requested: 100, available: 40)',
        symbol: 'AAA',
        existing_qty: '140',
        held_for_orders: '100',
        available: '40',
        related_orders: [id],
      },
    });
  });

  it('never flips a position in one order', () => {
    const world = quoted();
    world.done({});

    expect(refusal(world.submit({ ...SELL, qty: '11' }))).toContain(
      '(requested: 11, available: 10',
    );
    expect(world.submit({ ...SELL, qty: '10' }).status).toBe(200);
  });

  it('knows a client order id for ever, or until its order has ended if the knob says so', () => {
    const body = { client_order_id: 'mine' };
    const unique = '422 40010001 client_order_id must be unique';
    const strict = quoted();
    strict.done(body);
    const loose = quoted({ rules: { isClientIdReusable: true } });
    loose.place(body);

    expect(refusal(strict.submit(body))).toBe(unique);
    expect(refusal(loose.submit(body))).toBe(unique);
    loose.pass();
    expect(loose.submit(body).status).toBe(200);
  });

  it('takes no order while the customer has suspended trading', () => {
    const world = quoted();
    world.desk.patchConfigurations({ suspend_trade: true });

    expect(refusal(world.submit({}))).toBe('403 40310000 new orders are rejected by user request');
  });

  it('takes no more orders than the account has room for', () => {
    const world = quoted({ rules: { ordersMax: 3 } });
    world.done({});

    expect(refusal(world.submit({}))).toBe('403 40310000 at most 3 orders an account');
  });

  it.each(['x', 7, undefined, []])('takes no body that is no object: %j', (body) => {
    const answer = quoted().desk.submit(body, at(11));

    expect(refusal(answer)).toBe('422 40010001 request body format is invalid');
  });

  it('needs a price to value a market order by', () => {
    expect(refusal(new DeskWorld().submit({}))).toContain(
      'no quote and no trade to value an order',
    );
  });
});

describe('wash trades', () => {
  const rest = { ...LIMIT, qty: '10' };

  it.each([
    ['a market order meets everything', { ...SELL }, 'opposite side limit order exists'],
    ['limits that meet', { ...SELL, type: 'limit', limit_price: '98' }, 'opposite side limit'],
    ['a stop', { ...SELL, type: 'stop', stop_price: '90' }, 'opposite side limit order exists'],
  ])('are refused: %s', (_, body, reason) => {
    const world = quoted();
    const existing = world.done(rest);
    const answer = world.submit(body);

    expect(refusal(answer)).toBe('403 40310000 potential wash trade detected. use complex orders');
    expect(object(answer.body)).toMatchObject({ existing_order_id: existing });
    expect(String(object(answer.body)['reject_reason'])).toContain(reason);
  });

  it('are none where the limits do not meet', () => {
    const world = quoted();
    world.done(rest);

    expect(world.submit({ ...SELL, type: 'limit', limit_price: '98.01' }).status).toBe(200);
  });

  it.each([
    { type: 'trailing_stop', trail_price: '1' },
    { ...LIMIT, order_class: 'oco', limit_price: '105', stop_loss: { stop_price: '90' } },
  ])('exempt complex orders: %j', (body) => {
    const world = quoted();
    world.done({});
    world.done({ ...rest, limit_price: '97' });

    expect(world.submit({ ...SELL, ...body }).status).toBe(200);
  });
});

describe('short sales', () => {
  it.each([
    ['by the rules', { rules: { isShortingAllowed: false } }],
    ['of a cash account', { rules: { multiplier: 1, isShortingAllowed: false } }],
    ['with less than $2,000', { startingCash: money(1_999 * DOLLAR) }],
  ] as const)('are refused %s', (_, options) => {
    expect(refusal(quoted(options).submit(SELL))).toBe(
      '403 40310000 account is not allowed to short',
    );
  });

  it('are refused with 422 where the knob says so', () => {
    const world = quoted({ rules: { forbiddenStatus: 422 } });
    world.desk.patchConfigurations({ no_shorting: true });

    expect(refusal(world.submit(SELL))).toBe('422 40310000 account is not allowed to short');
  });

  it('are valued at 3 % above the ask', () => {
    const world = quoted();
    const before = Number(world.account()['buying_power']);
    world.place({ ...SELL, type: 'limit', limit_price: '101' });

    expect(Number(world.account()['buying_power'])).toBe(before - 1_030);
  });

  it('fill at the bid, but not under the short-sale restriction', () => {
    const world = quoted();
    const free = world.done(SELL);
    world.status(STATUS_SHORT_RESTRICTED, 1);
    world.quote(99, 100, 1);
    const bound = world.done({ ...SELL, symbol: 'BBB' });

    expect(world.order(free)).toMatchObject({ status: 'filled', position_intent: 'sell_to_open' });
    expect(world.statusOf(bound)).toBe('new');
    expect(world.position()).toMatchObject({ qty: '-10', side: 'short', qty_available: '-10' });
  });

  it('of a hard-to-borrow asset are taken for the day', () => {
    expect(quoted().submit({ symbol: 'HTB', ...SELL }).status).toBe(200);
  });
});
