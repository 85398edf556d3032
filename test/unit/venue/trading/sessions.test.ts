import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { at, DeskWorld, HALF_DAY, refusal } from './desk-world.ts';

const LIMIT = { type: 'limit', limit_price: '98' } as const;
const FRIDAY = 20261120;

describe('a day order', () => {
  it('expires at the close of its session', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const id = world.done(LIMIT);

    expect(world.order(id)['expires_at']).toBe('2026-11-19T21:00:00.000000Z');
    world.to(at(16) - 1);
    expect(world.statusOf(id)).toBe('new');
    world.to(at(16));
    expect(world.order(id)).toMatchObject({
      status: 'expired',
      expired_at: '2026-11-19T21:00:00.000000Z',
    });
  });

  it('expires at 13:00 on a half day', () => {
    const world = new DeskWorld({}, at(10, 0, HALF_DAY));
    world.quote(99, 100);
    const id = world.done(LIMIT);
    world.to(at(13, 0, HALF_DAY));

    expect(world.said(id)).toEqual(['pending_new', 'new', 'expired']);
  });

  it('that comes after the close waits as accepted for the next open, and trades there', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    world.to(at(17));
    const id = world.done({});

    expect(world.said(id)).toEqual(['accepted']);
    expect(world.order(id)['expires_at']).toBe('2026-11-20T21:00:00.000000Z');
    world.to(at(9, 30, FRIDAY) + SECOND);
    expect(world.said(id)).toEqual(['accepted', 'pending_new', 'new']);
    world.quote(97, 98);
    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '98' });
  });

  it('is told of as accepted only where the knob says so', () => {
    const world = new DeskWorld({ rules: { tellsAccepted: false } }, at(17));
    world.trade(100);
    const id = world.done({});

    expect(world.statusOf(id)).toBe('accepted');
    expect(world.said(id)).toEqual([]);
  });
});

describe('a gtc order', () => {
  it('is done for the day at the close and new again the next morning', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const id = world.done({ ...LIMIT, time_in_force: 'gtc' });
    world.to(at(16));
    expect(world.statusOf(id)).toBe('done_for_day');
    world.to(at(9, 30, FRIDAY));

    expect(world.said(id)).toEqual(['pending_new', 'new', 'done_for_day', 'new']);
    world.quote(97, 98);
    expect(world.statusOf(id)).toBe('filled');
  });

  it('is canceled by the sweep at 16:15 on its ninetieth day', () => {
    const world = new DeskWorld({ rules: { tellsDoneForDay: false } });
    world.quote(99, 100);
    const id = world.done({ ...LIMIT, time_in_force: 'gtc' });
    const end = at(16, 15, 20270217);

    expect(world.order(id)['expires_at']).toBe('2027-02-17T21:15:00.000000Z');
    world.to(end - 1);
    expect(world.statusOf(id)).toBe('new');
    world.to(end);
    expect(world.statusOf(id)).toBe('canceled');
  });
});

describe('an order that is on its way when the session ends', () => {
  it.each([
    ['day', ['pending_new', 'expired'], 'expired'],
    ['gtc', ['pending_new', 'accepted'], 'accepted'],
  ])('%s', (force, said, status) => {
    const world = new DeskWorld();
    world.quote(99, 100);
    world.to(at(16) - 500);
    const id = world.done({ time_in_force: force });

    expect(world.said(id)).toEqual(said);
    expect(world.statusOf(id)).toBe(status);
  });
});

describe('an extended-hours limit order', () => {
  const EXTENDED = { ...LIMIT, extended_hours: true } as const;

  it('fills before the open, where others wait', () => {
    const world = new DeskWorld({}, at(8));
    world.quote(99, 100);
    const plain = world.done({ ...LIMIT, limit_price: '101', symbol: 'AAA' });
    const extended = world.done({ ...EXTENDED, limit_price: '101' });

    expect([plain, extended].map((id) => world.statusOf(id))).toEqual(['accepted', 'filled']);
  });

  it('lives across 09:30 and 16:00, and expires at 20:00', () => {
    const world = new DeskWorld({}, at(8));
    world.quote(99, 100);
    const id = world.done(EXTENDED);
    world.to(at(19, 59));
    expect(world.said(id)).toEqual(['pending_new', 'new']);
    world.to(at(20));

    expect(world.statusOf(id)).toBe('expired');
  });

  it('fills after the close', () => {
    const world = new DeskWorld({}, at(15));
    world.quote(99, 100);
    const id = world.done(EXTENDED);
    world.to(at(18));
    world.quote(97, 98);

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '98' });
  });

  it('waits through the night for 04:00', () => {
    const world = new DeskWorld({}, at(21));
    world.trade(100);
    const id = world.done(EXTENDED);

    expect(world.statusOf(id)).toBe('accepted');
    world.to(at(4, 0, FRIDAY) + SECOND);
    expect(world.statusOf(id)).toBe('new');
  });

  it('may be gtc where the knob says so', () => {
    const world = new DeskWorld({ rules: { isExtendedGtcAllowed: true } });
    world.quote(99, 100);
    const id = world.done({ ...EXTENDED, time_in_force: 'gtc' });
    world.to(at(20));

    expect(world.statusOf(id)).toBe('done_for_day');
    world.to(at(4, 0, FRIDAY));
    expect(world.statusOf(id)).toBe('new');
  });

  it('is valued at the middle of the market', () => {
    const world = new DeskWorld({ rules: { multiplier: 2 } }, at(8));
    world.quote(99, 100);
    const before = Number(world.account()['buying_power']);
    world.submit({ qty: '10' });

    expect(Number(world.account()['buying_power'])).toBe(before - 995);
  });
});

describe('ioc and fok', () => {
  it('ioc takes what there is and cancels the rest', () => {
    const world = new DeskWorld({ rules: { mode: 'realistic' } });
    world.quote(99, 100, 0, 4);
    const id = world.done({ time_in_force: 'ioc' });

    expect(world.said(id)).toEqual(['pending_new', 'new', 'partial_fill', 'canceled']);
    expect(world.order(id)).toMatchObject({ filled_qty: '4', status: 'canceled' });
  });

  it('fok takes all or nothing', () => {
    const world = new DeskWorld({ rules: { mode: 'realistic' } });
    world.quote(99, 100, 0, 4);
    const none = world.done({ time_in_force: 'fok' });
    world.quote(99, 100, 0, 40);
    const all = world.done({ time_in_force: 'fok' });

    expect([none, all].map((id) => world.statusOf(id))).toEqual(['canceled', 'filled']);
  });

  it('fok is never filled in parts by chance', () => {
    const world = new DeskWorld({ rules: { partialFillChance: 1 } });
    world.quote(99, 100);

    expect(world.statusOf(world.done({ time_in_force: 'fok' }))).toBe('filled');
  });
});

describe('orders for the opening', () => {
  const OPENING = { time_in_force: 'opg' } as const;

  it('fill at the opening quote', () => {
    const world = new DeskWorld({}, at(9));
    world.trade(100);
    const id = world.done(OPENING);
    world.to(at(9, 30) + SECOND);
    expect(world.statusOf(id)).toBe('new');
    world.quote(101, 102);

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '102' });
  });

  it('are canceled where the opening quote does not meet their limit', () => {
    const world = new DeskWorld({}, at(9));
    const id = world.done({ ...OPENING, ...LIMIT });
    world.to(at(9, 30) + SECOND);
    world.quote(101, 102);

    expect(world.statusOf(id)).toBe('canceled');
  });

  it.each([
    [at(9, 28) - 1, 200],
    [at(9, 28), 422],
    [at(19) - 1, 422],
    [at(19), 200],
  ])('are taken before 09:28 and from 19:00 on: %d', (us, status) => {
    const world = new DeskWorld({}, us - HOUR);
    world.trade(100);
    world.to(us);

    expect(world.submit(OPENING).status).toBe(status);
  });
});

describe('orders for the close', () => {
  const CLOSING = { time_in_force: 'cls' } as const;

  it('fill at the last quote of the session, not before', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const id = world.done(CLOSING);
    expect(world.statusOf(id)).toBe('new');
    world.to(at(15, 59));
    world.quote(103, 104);
    world.to(at(16));

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '104' });
  });

  it('are canceled where that does not meet their limit', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const id = world.done({ ...CLOSING, ...LIMIT });
    world.to(at(16));

    expect(world.statusOf(id)).toBe('canceled');
  });

  it.each([
    [at(15, 50) - 1, 200],
    [at(15, 50), 422],
    [at(19), 200],
    [at(12, 50, HALF_DAY) - 1, 200],
    [at(12, 50, HALF_DAY), 422],
  ])('are refused in the last ten minutes and until 19:00: %d', (us, status) => {
    const world = new DeskWorld({}, us - MINUTE);
    world.trade(100);
    world.to(us);
    const answer = world.submit(CLOSING);

    expect(answer.status).toBe(status);
    if (status === 422) expect(refusal(answer)).toContain('cls orders must be submitted');
  });
});
