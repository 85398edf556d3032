import { describe, expect, it } from 'vitest';
import { at, type Body, DeskWorld, list, object, refusal, text } from './desk-world.ts';

const BRACKET = {
  type: 'limit',
  limit_price: '99',
  qty: '100',
  time_in_force: 'gtc',
  order_class: 'bracket',
  client_order_id: 'entry',
  take_profit: { limit_price: '106' },
  stop_loss: { stop_price: '95', limit_price: '94' },
} as const;
const OCO = {
  side: 'sell',
  type: 'limit',
  qty: '10',
  order_class: 'oco',
  take_profit: { limit_price: '106' },
  stop_loss: { stop_price: '95' },
} as const;

function quoted(options: ConstructorParameters<typeof DeskWorld>[0] = {}): DeskWorld {
  const world = new DeskWorld(options);
  world.quote(99, 100);
  return world;
}

function statuses(world: DeskWorld, id: string): readonly string[] {
  return [world.statusOf(id), ...world.legs(id).map((leg) => String(leg['status']))];
}

/** A bracket whose entry is filled. */
function entered(options: ConstructorParameters<typeof DeskWorld>[0] = {}) {
  const world = quoted(options);
  const id = world.done(BRACKET);
  world.quote(98, 99);
  world.pass();
  const [profit = '', stop = ''] = world.legs(id).map((leg) => String(leg['id']));
  return { world, id, profit, stop };
}

describe('a bracket', () => {
  it('is answered with its legs, held and with ids of their own', () => {
    const { body } = quoted().submit(BRACKET);
    const legs = list(object(body)['legs']).map(object);

    expect(object(body)).toMatchObject({ client_order_id: 'entry', status: 'pending_new' });
    expect(legs.map((leg) => [leg['type'], leg['side'], leg['status'], leg['legs']])).toEqual([
      ['limit', 'sell', 'held', null],
      ['stop_limit', 'sell', 'held', null],
    ]);
    expect(new Set([text(body, 'id'), ...legs.map((leg) => leg['id'])]).size).toBe(3);
    expect(new Set(['entry', ...legs.map((leg) => leg['client_order_id'])]).size).toBe(3);
  });

  it('activates its legs when the entry is completely filled, not before', () => {
    const world = quoted({ rules: { mode: 'realistic' } });
    const id = world.done(BRACKET);
    world.quote(98, 99, 0, 60);
    expect(statuses(world, id)).toEqual(['partially_filled', 'held', 'held']);
    world.quote(98, 99, 0, 60);
    world.pass();

    expect(statuses(world, id)).toEqual(['filled', 'new', 'new']);
    expect(world.position()).toMatchObject({ qty: '100', qty_available: '0' });
  });

  it('cancels the stop when the take-profit is filled', () => {
    const { world, id } = entered();
    world.quote(106, 107);

    expect(statuses(world, id)).toEqual(['filled', 'filled', 'canceled']);
    expect(world.desk.position('AAA').status).toBe(404);
  });

  it('shrinks the stop by what the take-profit fills in part', () => {
    const { world, id } = entered({ rules: { mode: 'realistic' } });
    world.quote(106, 107, 0, 30);

    expect(world.legs(id).map((leg) => [leg['status'], leg['qty'], leg['filled_qty']])).toEqual([
      ['partially_filled', '100', '30'],
      ['new', '70', '0'],
    ]);
    expect(world.position()).toMatchObject({ qty: '70', qty_available: '0' });
  });

  it.each([0, 1, 2])('is canceled whole when its member %d is', (member) => {
    const world = quoted();
    const id = world.done(BRACKET);
    const ids = [id, ...world.legs(id).map((leg) => String(leg['id']))];
    world.desk.cancel(ids[member] ?? '', world.nowUs);
    world.pass();

    expect(statuses(world, id)).toEqual(['canceled', 'canceled', 'canceled']);
  });

  it('ends with its entry: a day entry that expires takes its legs along', () => {
    const world = quoted();
    const id = world.done({ ...BRACKET, time_in_force: 'day' });
    world.to(at(16));

    expect(statuses(world, id)).toEqual(['expired', 'canceled', 'canceled']);
  });

  it('lets a leg be replaced, held or live', () => {
    const { world, id, stop } = entered();
    const { status, body } = world.desk.replace(stop, { stop_price: '96' }, world.nowUs);
    world.pass();

    expect(status).toBe(200);
    expect(statuses(world, id)).toEqual(['filled', 'new', 'new']);
    expect(world.legs(id)[1]).toMatchObject({ id: text(body, 'id'), stop_price: '96' });
    world.quote(106, 107);
    expect(world.statusOf(text(body, 'id'))).toBe('canceled');
  });

  it('gives its legs to the entry that replaces the first', () => {
    const world = quoted();
    const id = world.done(BRACKET);
    const { body } = world.desk.replace(id, { limit_price: '99.5' }, world.nowUs);
    world.pass();
    const next = text(body, 'id');

    expect(statuses(world, next)).toEqual(['new', 'held', 'held']);
    world.quote(99, 99.5);
    world.pass();
    expect(statuses(world, next)).toEqual(['filled', 'new', 'new']);
  });

  it('both exits may fill where the other lives on for a moment', () => {
    const { world, id, stop } = entered({ rules: { otherExitUs: 50_000 } });
    world.quote(106, 107);
    expect(world.statusOf(stop)).toBe('pending_cancel');
    world.quote(94, 95);
    world.trade(94);
    world.pass();

    expect(statuses(world, id)).toEqual(['filled', 'filled', 'filled']);
    expect(world.said(stop).at(-1)).toBe('order_cancel_rejected');
    expect(world.position()).toMatchObject({ qty: '-100' });
  });

  it('sells no more than is left when its legs go live', () => {
    const world = quoted({ rules: { mode: 'realistic' } });
    const id = world.done(BRACKET);
    world.quote(98, 99, 0, 60);
    world.done({ side: 'sell', qty: '20', type: 'trailing_stop', trail_price: '1' });
    world.quote(98, 99, 0, 60);
    world.pass();

    expect(world.legs(id).map((leg) => leg['qty'])).toEqual(['80', '80']);
  });
});

describe('an OCO', () => {
  it('is two live exits under the take-profit, which reserve the shares once', () => {
    const world = quoted();
    world.done({});
    const id = world.done(OCO);

    expect(statuses(world, id)).toEqual(['new', 'new']);
    expect(world.order(id)).toMatchObject({ type: 'limit', limit_price: '106' });
    expect(world.legs(id)[0]).toMatchObject({ type: 'stop', stop_price: '95' });
    expect(world.position()).toMatchObject({ qty: '10', qty_available: '0' });
  });

  it('where one fills the other is canceled', () => {
    const world = quoted();
    world.done({});
    const id = world.done(OCO);
    world.quote(94, 95);
    world.trade(94);

    expect(statuses(world, id)).toEqual(['canceled', 'filled']);
  });

  it('needs a position to exit', () => {
    expect(refusal(quoted().submit(OCO))).toContain('(requested: 10, available: 0)');
  });

  it('is what two separate sells of the same shares cannot be', () => {
    const world = quoted();
    world.done({});
    world.done({ side: 'sell', type: 'limit', limit_price: '106' });
    const answer = world.submit({ side: 'sell', type: 'stop', stop_price: '95' });

    expect(refusal(answer)).toContain('insufficient qty available');
  });

  it('both expire at the close', () => {
    const world = quoted();
    world.done({});
    const id = world.done(OCO);
    world.to(at(16));

    expect(statuses(world, id)).toEqual(['expired', 'expired']);
  });
});

describe('an OTO', () => {
  it('has one leg, which waits for the entry', () => {
    const world = quoted();
    const id = world.done({ order_class: 'oto', stop_loss: { stop_price: '95' } });
    world.pass();

    expect(statuses(world, id)).toEqual(['filled', 'new']);
  });
});

describe('complex orders are refused', () => {
  it.each<readonly [Body, string]>([
    [{ take_profit: undefined }, 'bracket orders require take_profit.limit_price'],
    [{ stop_loss: undefined }, 'bracket orders require stop_loss.stop_price'],
    [{ stop_loss: { limit_price: '94' } }, 'stop_loss.stop_price is required'],
    [{ time_in_force: 'ioc' }, 'bracket orders must be DAY or GTC orders'],
    [{ order_class: 'oto' }, 'oto orders require one of take_profit or stop_loss'],
    [{ order_class: 'simple' }, 'simple orders have no take_profit and no stop_loss'],
    [{ extended_hours: true }, 'extended hours order must be DAY limit orders'],
    [{ order_class: 'oco', type: 'market' }, 'market orders require no limit_price'],
  ])('%j', (change, message) => {
    expect(refusal(quoted().submit({ ...BRACKET, ...change }))).toContain(message);
  });

  it.each<readonly [Body, string, string]>([
    [
      { stop_loss: { stop_price: '99' } },
      'stop_loss.stop_price must be <= base_price - 0.01',
      '99',
    ],
    [
      { limit_price: '120', take_profit: { limit_price: '125' }, stop_loss: { stop_price: '110' } },
      'stop_loss.stop_price must be <= base_price - 0.01',
      '99.5',
    ],
    [
      { take_profit: { limit_price: '99' } },
      'take_profit.limit_price must be >= base_price + 0.01',
      '99',
    ],
    [
      { side: 'sell', take_profit: { limit_price: '95' }, stop_loss: { stop_price: '99' } },
      'stop_loss.stop_price must be >= base_price + 0.01',
      '99',
    ],
    [
      { side: 'sell', take_profit: { limit_price: '99.5' }, stop_loss: { stop_price: '110' } },
      'take_profit.limit_price must be <= base_price - 0.01',
      '99',
    ],
  ])('with exits on the wrong side: %j', (change, message, base) => {
    expect(quoted().submit({ ...BRACKET, ...change })).toEqual({
      status: 422,
      body: { code: 42_210_000, message, base_price: base },
    });
  });
});
