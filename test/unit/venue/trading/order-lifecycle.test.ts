import { describe, expect, it } from 'vitest';
import { MS } from '../../../../src/core/time.ts';
import { STATUS_HALTED, STATUS_TRADING } from '../../../../src/domain/market/event-batch.ts';
import { DeskWorld, list, object, refusal, text } from './desk-world.ts';

const LIMIT = { type: 'limit', limit_price: '98' } as const;

function quoted(options: ConstructorParameters<typeof DeskWorld>[0] = {}): DeskWorld {
  const world = new DeskWorld(options);
  world.quote(99, 100);
  return world;
}

describe('a market order', () => {
  it('is answered early, then acknowledged, then filled at the far side', () => {
    const world = quoted();
    const { status, body } = world.submit({ client_order_id: 'one' });

    expect(status).toBe(200);
    expect(object(body)).toMatchObject({ status: 'pending_new', client_order_id: 'one' });
    world.pass();
    expect(world.said()).toEqual(['pending_new', 'new', 'fill']);
    expect(world.updates.at(-1)).toMatchObject({ price: '100', qty: '10', position_qty: '10' });
    expect(world.statusOf(text(body, 'id'))).toBe('filled');
  });

  it('waits for a quote of the session, whatever was quoted before', () => {
    const world = new DeskWorld();
    world.trade(100);
    const id = world.done({});

    expect(world.statusOf(id)).toBe('new');
    world.quote(99, 101);
    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '101' });
  });

  it('tells each part by its own quantity and the sum in the order', () => {
    const world = quoted({ rules: { partialFillChance: 1 } });
    const id = world.done({ qty: '100' });
    for (let at = 0; at < 200 && world.statusOf(id) !== 'filled'; at += 1) world.quote(99, 100);

    const fills = world.updates.filter((update) => String(update['event']).endsWith('fill'));
    expect(fills.length).toBeGreaterThan(1);
    let sum = 0;
    for (const fill of fills) {
      sum += Number(fill['qty']);
      expect(text(fill['order'], 'filled_qty')).toBe(String(sum));
      expect(fill['position_qty']).toBe(String(sum));
    }
    expect(sum).toBe(100);
    expect(fills.map((fill) => fill['event'])).toEqual([
      ...fills.slice(1).map(() => 'partial_fill'),
      'fill',
    ]);
  });

  it('gives every event an execution id of its own and event ids that sort', () => {
    const world = quoted();
    for (let at = 0; at < 20; at += 1) world.done({});
    const ids = world.updates.map((update) => String(update['event_id']));

    expect(new Set(world.updates.map((update) => update['execution_id'])).size).toBe(60);
    expect(ids).toEqual(ids.toSorted());
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
  });
});

describe('an order that is turned down after it was taken', () => {
  it('is answered 200 and rejected later', () => {
    const world = quoted();
    world.desk.rejectNext(1);
    const id = world.done({});
    const next = world.done({});

    expect(world.said(id)).toEqual(['pending_new', 'rejected']);
    expect(world.order(id)['failed_at']).not.toBeNull();
    expect(world.statusOf(next)).toBe('filled');
  });
});

describe('a cancel', () => {
  it('is 204, then pending, then canceled', () => {
    const world = quoted();
    const id = world.done(LIMIT);

    expect(world.desk.cancel(id, world.nowUs)).toEqual({ status: 204, body: null });
    expect(world.statusOf(id)).toBe('pending_cancel');
    world.pass();
    expect(world.said(id)).toEqual(['pending_new', 'new', 'pending_cancel', 'canceled']);
    expect(world.order(id)['canceled_at']).not.toBeNull();
  });

  it('loses to a fill that comes first', () => {
    const world = quoted();
    const id = world.done(LIMIT);
    world.desk.cancel(id, world.nowUs);
    world.quote(97, 98);
    world.pass();

    expect(world.said(id).slice(2)).toEqual(['pending_cancel', 'fill', 'order_cancel_rejected']);
    expect(world.statusOf(id)).toBe('filled');
  });

  it('is taken once: asking again says and does nothing more', () => {
    const world = quoted();
    const id = world.done(LIMIT);
    world.desk.cancel(id, world.nowUs);

    expect(world.desk.cancel(id, world.nowUs).status).toBe(204);
    world.pass();
    expect(world.said(id).filter((event) => event === 'canceled')).toHaveLength(1);
  });

  it.each([
    [422, '422 42210000 order is already in "filled" state'],
    [204, '204'],
  ] as const)(
    'of a filled order is answered as the knob says: %d',
    (cancelOfFilledStatus, said) => {
      const world = quoted({ rules: { cancelOfFilledStatus } });
      const id = world.done({});
      const answer = world.desk.cancel(id, world.nowUs);

      expect(answer.status === 204 ? '204' : refusal(answer)).toBe(said);
    },
  );

  it('of an unknown order is 404', () => {
    const world = quoted();

    expect(refusal(world.desk.cancel('x', world.nowUs))).toBe('404 40410000 order not found for x');
  });

  it('of all answers a row each', () => {
    const world = quoted();
    const ids = [world.done(LIMIT), world.done({ ...LIMIT, symbol: 'BBB' })];
    const { status, body } = world.desk.cancelAll(world.nowUs);

    expect(status).toBe(207);
    expect(list(body)).toEqual(ids.map((id) => ({ id, status: 200 })));
  });
});

describe('a replacement', () => {
  it('that wins is told as pending_replace, replaced, new', () => {
    const world = quoted();
    const id = world.done(LIMIT);
    world.updates.length = 0;
    const { status, body } = world.desk.replace(id, { limit_price: '97.5' }, world.nowUs);
    const next = text(body, 'id');

    expect(status).toBe(200);
    expect(object(body)).toMatchObject({ replaces: id, status: 'pending_new', qty: '10' });
    world.pass();
    expect(world.updates.map((each) => [each['event'], text(each['order'], 'id')])).toEqual([
      ['pending_replace', id],
      ['replaced', id],
      ['new', next],
    ]);
    expect(world.order(id)).toMatchObject({ status: 'replaced', replaced_by: next });
    expect(world.order(next)).toMatchObject({ status: 'new', limit_price: '97.5', replaces: id });
  });

  it('that loses to a fill leaves the old order filled and rejects the new one', () => {
    const world = quoted();
    const id = world.done(LIMIT);
    world.updates.length = 0;
    const { body } = world.desk.replace(id, { limit_price: '97.5' }, world.nowUs);
    world.quote(97, 98);
    world.pass();
    const next = text(body, 'id');

    expect(world.updates.map((each) => [each['event'], text(each['order'], 'id')])).toEqual([
      ['pending_replace', id],
      ['fill', id],
      ['order_replace_rejected', id],
      ['rejected', next],
    ]);
    expect(world.order(id)).toMatchObject({ status: 'filled', replaced_by: null });
  });

  it.each([
    ['total', '60'],
    ['remaining', '100'],
  ] as const)('of a part-filled order counts its quantity as %s', (replacedQuantity, expected) => {
    const world = quoted({ rules: { replacedQuantity, mode: 'realistic' } });
    const id = world.done({ type: 'limit', limit_price: '99', qty: '100' });
    world.quote(97, 98, 0, 40);
    expect(world.order(id)).toMatchObject({ status: 'partially_filled', filled_qty: '40' });
    const { body } = world.desk.replace(id, { qty: '100' }, world.nowUs);
    world.pass();

    expect(text(body, 'qty')).toBe(expected);
    expect(world.order(text(body, 'id'))).toMatchObject({ status: 'new', qty: expected });
  });

  it('is refused before the order is at the market, and while another is on its way', () => {
    const world = quoted();
    const id = world.place(LIMIT);
    const early = "422 42210000 unable to replace order, order isn't sent to exchange yet";
    const ask = () => world.desk.replace(id, { limit_price: '97' }, world.nowUs);

    expect(refusal(ask())).toBe(early);
    world.pass();
    expect(ask().status).toBe(200);
    expect(refusal(ask())).toBe(early);
  });

  it('reserves the larger of the two while both stand', () => {
    const world = quoted();
    const id = world.done({ ...LIMIT, qty: '100' });
    const before = Number(world.account()['buying_power']);
    world.desk.replace(id, { qty: '200' }, world.nowUs);

    expect(Number(world.account()['buying_power'])).toBe(before - 9_800);
    world.pass();
    expect(Number(world.account()['buying_power'])).toBe(before - 9_800);
  });

  it.each([
    [{ qty: '0' }, 'qty must be > 0'],
    [{ qty: '1.5' }, 'qty must be integer'],
    [{ stop_price: '90' }, 'stop_price is not allowed for this order'],
    [{ trail: '1' }, 'trail is not allowed for this order'],
    [{ notional: '100' }, 'notional cannot be replaced'],
    [{ time_in_force: 'soon' }, 'invalid time_in_force: soon'],
  ])('%j is refused', (change, message) => {
    const world = quoted();
    const id = world.done(LIMIT);

    const answer = world.desk.replace(id, change, world.nowUs);
    expect(refusal(answer)).toBe(`422 40010001 ${message}`);
  });
});

describe('a halt', () => {
  it('lets orders rest and be canceled, and nothing fill or trigger', () => {
    const world = quoted();
    const buy = world.done(LIMIT);
    const stop = world.done({ symbol: 'AAA', type: 'trailing_stop', trail_price: '1' });
    world.status(STATUS_HALTED);
    world.quote(96, 97);
    world.trade(120);
    const late = world.done({ ...LIMIT, limit_price: '97' });

    expect([buy, stop, late].map((id) => world.statusOf(id))).toEqual(['new', 'new', 'new']);
    world.desk.cancel(late, world.nowUs);
    world.pass();
    expect(world.statusOf(late)).toBe('canceled');
    world.status(STATUS_TRADING);
    world.quote(96, 97);
    expect(world.statusOf(buy)).toBe('filled');
    expect(world.statusOf(stop)).toBe('new');
  });
});

describe('an execution that is taken back', () => {
  it('gives shares and money back and keeps the order ended', () => {
    const world = quoted();
    const id = world.done({});
    const fill = world.updates.at(-1);
    world.done({ qty: '5' });

    expect(world.desk.bust(String(fill?.['execution_id']), world.nowUs)).toBe(true);
    expect(world.desk.bust(String(fill?.['execution_id']), world.nowUs)).toBe(false);
    expect(world.updates.at(-1)).toMatchObject({
      event: 'trade_bust',
      previous_execution_id: fill?.['execution_id'],
      position_qty: '5',
      qty: '10',
    });
    expect(world.order(id)).toMatchObject({ status: 'filled', filled_qty: '0' });
    expect(world.account()['cash']).toBe('99500');
    expect(list(world.desk.activities().body)).toHaveLength(1);
  });

  it('may be given another price instead', () => {
    const world = quoted();
    const id = world.done({});
    const fill = world.updates.at(-1);

    expect(world.desk.correct(String(fill?.['execution_id']), 1_010_000, world.nowUs)).toBe(true);
    expect(world.updates.at(-1)).toMatchObject({ event: 'trade_correct', price: '101' });
    expect(world.order(id)['filled_avg_price']).toBe('101');
    expect(world.account()['cash']).toBe('98990');
    expect(world.position()).toMatchObject({ cost_basis: '1010', avg_entry_price: '101' });
  });

  it('is unknown where no such id was told', () => {
    const world = quoted();

    expect(world.desk.bust('never', world.nowUs + MS)).toBe(false);
  });
});
