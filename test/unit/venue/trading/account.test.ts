import { describe, expect, it } from 'vitest';
import { money } from '../../../../src/core/money.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { at, DeskWorld, DOLLAR, list, object, refusal, text } from './desk-world.ts';

const FRIDAY = 20261120;
const LIMIT = { type: 'limit', limit_price: '98' } as const;

function quoted(options: ConstructorParameters<typeof DeskWorld>[0] = {}): DeskWorld {
  const world = new DeskWorld(options);
  world.quote(99, 100);
  return world;
}

function power(world: DeskWorld): number {
  return Number(world.account()['buying_power']);
}

describe('the account', () => {
  it('starts with its cash, four times of it to spend, and no debt', () => {
    expect(new DeskWorld().account()).toMatchObject({
      account_number: 'PA3SIM000001',
      status: 'ACTIVE',
      currency: 'USD',
      cash: '100000',
      equity: '100000',
      last_equity: '100000',
      portfolio_value: '100000',
      buying_power: '400000',
      regt_buying_power: '200000',
      non_marginable_buying_power: '100000',
      multiplier: '4',
      shorting_enabled: true,
      balance_asof: '2026-11-18',
    });
  });

  it('values what is held at the last trade, with half of it as initial margin', () => {
    const world = quoted();
    world.done({ qty: '100' });
    world.trade(110);

    expect(world.account()).toMatchObject({
      cash: '90000',
      equity: '101000',
      long_market_value: '11000',
      short_market_value: '0',
      initial_margin: '5500',
      maintenance_margin: '3300',
      sma: '95500',
      buying_power: '389000',
      regt_buying_power: '191000',
    });
  });

  it('counts a short below nothing', () => {
    const world = quoted();
    world.done({ side: 'sell', qty: '100' });
    world.trade(110);

    expect(world.account()).toMatchObject({
      cash: '109900',
      short_market_value: '-11000',
      equity: '98900',
    });
  });

  it.each([
    [1, '100000'],
    [2, '200000'],
    [4, '400000'],
  ] as const)('may spend %d times its equity: %s', (multiplier, expected) => {
    const world = new DeskWorld({ rules: { multiplier, isShortingAllowed: multiplier > 1 } });

    expect(world.account()).toMatchObject({
      multiplier: String(multiplier),
      buying_power: expected,
    });
  });

  it('has no margin below $2,000', () => {
    const world = new DeskWorld({ startingCash: money(1_999 * DOLLAR) });

    expect(world.account()).toMatchObject({ multiplier: '1', buying_power: '1999' });
  });

  it('has less margin where the customer asks for it', () => {
    const world = new DeskWorld();
    world.desk.patchConfigurations({ max_margin_multiplier: '2' });

    expect(world.account()).toMatchObject({ multiplier: '2', buying_power: '200000' });
  });

  it('begins a day with the equity of the evening before', () => {
    const world = quoted();
    world.done({ qty: '100' });
    world.trade(110);
    world.to(at(4, 0, FRIDAY));

    expect(world.account()).toMatchObject({
      last_equity: '101000',
      last_maintenance_margin: '3300',
      buying_power: '390800',
      balance_asof: '2026-11-19',
    });
  });
});

describe('buying power', () => {
  it('is reserved by an opening order until it is done', () => {
    const world = quoted();
    const before = power(world);
    const id = world.done(LIMIT);
    expect(power(world)).toBe(before - 980);
    world.desk.cancel(id, world.nowUs);
    world.pass();

    expect(power(world)).toBe(before);
  });

  it('is neither reserved nor freed by a closing order', () => {
    const world = quoted();
    world.done({});
    const before = power(world);
    world.done({ side: 'sell', type: 'limit', limit_price: '120' });

    expect(power(world)).toBe(before);
  });

  it('runs out, and is there again after a cancel', () => {
    const world = quoted({ rules: { multiplier: 2 } });
    const id = world.done({ ...LIMIT, qty: '2000' });
    const more = { ...LIMIT, qty: '100' };

    expect(refusal(world.submit(more))).toBe('403 40310000 insufficient buying power');
    world.desk.cancel(id, world.nowUs);
    world.pass();
    expect(world.submit(more).status).toBe(200);
  });

  it('charges market buys the buffer of the rules', () => {
    const world = quoted({ rules: { marketBufferBps: 400 } });
    const before = power(world);
    world.submit({});

    expect(power(world)).toBe(before - 1_040);
  });

  it('never lets a cash account into debt: what cash does not cover is not bought', () => {
    const world = quoted({
      startingCash: money(1_000 * DOLLAR),
      rules: { multiplier: 1, isShortingAllowed: false, acknowledgeUs: 20_000 },
    });
    const id = world.place({});
    world.quote(119, 120);
    world.pass();

    expect(world.order(id)).toMatchObject({ status: 'canceled', filled_qty: '8' });
    expect(world.account()['cash']).toBe('40');
  });

  it('past six times equity is for closing orders alone', () => {
    const world = quoted();
    world.done({ qty: '3900' });
    world.trade(79);

    expect(refusal(world.submit({ symbol: 'AAA', qty: '1', ...LIMIT }))).toBe(
      '403 40310000 account is restricted to closing orders',
    );
    expect(world.submit({ side: 'sell', qty: '3900' }).status).toBe(200);
  });
});

describe('a position', () => {
  it('says what it is, what is free of it, and what it gained', () => {
    const world = quoted();
    world.done({ qty: '140' });
    world.done({ side: 'sell', type: 'limit', limit_price: '120', qty: '100' });
    world.trade(101);

    expect(world.position()).toEqual({
      asset_id: text(world.desk.assets.one('AAA').body, 'id'),
      symbol: 'AAA',
      exchange: 'NASDAQ',
      asset_class: 'us_equity',
      asset_marginable: true,
      qty: '140',
      qty_available: '40',
      side: 'long',
      avg_entry_price: '100',
      cost_basis: '14000',
      market_value: '14140',
      current_price: '101',
      lastday_price: '101',
      change_today: '0',
      unrealized_pl: '140',
      unrealized_plpc: '0.01',
      unrealized_intraday_pl: '140',
      unrealized_intraday_plpc: '0.01',
    });
  });

  it('averages its cost to nine places', () => {
    const world = quoted();
    world.done({ qty: '2' });
    world.quote(100, 101);
    world.done({ qty: '1' });

    expect(world.position()['avg_entry_price']).toBe('100.333333333');
  });

  it('gains from the last close on what was carried over the night', () => {
    const world = quoted();
    world.done({});
    world.trade(110);
    world.to(at(10, 0, FRIDAY));
    world.trade(111);

    expect(world.position()).toMatchObject({
      lastday_price: '110',
      unrealized_pl: '110',
      unrealized_intraday_pl: '10',
      change_today: '0.0090909091',
    });
  });

  it('disappears when it is flat', () => {
    const world = quoted();
    world.done({});
    world.desk.closePosition('AAA', {}, world.nowUs);
    world.pass();

    expect(world.desk.positions().body).toEqual([]);
    expect(refusal(world.desk.position('AAA'))).toBe('404 40410000 position does not exist');
    expect(refusal(world.desk.closePosition('AAA', {}, world.nowUs))).toContain('404 40410000');
  });

  it.each([
    [{ qty: '3' }, '3'],
    [{ percentage: '50' }, '5'],
    [{ percentage: '39.9' }, '3'],
    [{}, '10'],
  ])('is closed by %j', (query, qty) => {
    const world = quoted();
    world.done({});
    const { status, body } = world.desk.closePosition('AAA', query, world.nowUs);

    expect(status).toBe(200);
    expect(object(body)).toMatchObject({ side: 'sell', type: 'market', qty });
  });

  it.each([
    [{ qty: '1.5' }, 'qty must be integer'],
    [{ percentage: '101' }, 'percentage must be > 0 and <= 100'],
    [{ qty: '1', percentage: '5' }, 'only one of qty or percentage is accepted'],
    [{ percentage: '1' }, 'qty must be > 0'],
  ])('is not closed by %j', (query, message) => {
    const world = quoted();
    world.done({});

    const answer = world.desk.closePosition('AAA', query, world.nowUs);
    expect(refusal(answer)).toBe(`422 40010001 ${message}`);
  });

  it('short is bought back', () => {
    const world = quoted();
    world.done({ side: 'sell' });
    const { body } = world.desk.closePosition('AAA', {}, world.nowUs);

    expect(object(body)).toMatchObject({ side: 'buy', position_intent: 'buy_to_close' });
  });

  it('all are closed at once, after their orders were canceled', () => {
    const world = quoted();
    world.quote(49, 50, 1);
    world.done({});
    world.done({ symbol: 'BBB' });
    const id = world.done({ side: 'sell', type: 'limit', limit_price: '120' });
    const held = world.desk.closeAllPositions({}, world.nowUs);
    expect(list(held.body).map((row) => [text(row, 'symbol'), text(row, 'status')])).toEqual([
      ['AAA', '403'],
      ['BBB', '200'],
    ]);
    world.pass();
    const { status, body } = world.desk.closeAllPositions({ cancel_orders: 'true' }, world.nowUs);
    world.pass();

    expect(status).toBe(207);
    expect(list(body).map((row) => text(row, 'status'))).toEqual(['200']);
    expect(world.statusOf(id)).toBe('canceled');
    expect(world.desk.positions().body).toEqual([]);
  });
});

describe('the configurations', () => {
  it('are what the customer sets', () => {
    const { desk } = new DeskWorld();

    expect(desk.patchConfigurations({ no_shorting: true, trade_confirm_email: 'all' })).toEqual({
      status: 200,
      body: {
        suspend_trade: false,
        no_shorting: true,
        max_margin_multiplier: '4',
        fractional_trading: false,
        max_options_trading_level: null,
        trade_confirm_email: 'all',
        ptp_no_exception_entry: false,
        disable_overnight_trading: false,
      },
    });
    expect(desk.configurations()).toEqual(desk.patchConfigurations({}));
  });

  it.each([
    [{ suspend_trade: 'yes' }, 'suspend_trade'],
    [{ max_margin_multiplier: '3' }, 'max_margin_multiplier'],
    [{ pattern: 1 }, 'pattern'],
  ])('take all of %j or nothing', (body, key) => {
    const { desk } = new DeskWorld();
    const answer = desk.patchConfigurations({ no_shorting: true, ...body });

    expect(refusal(answer)).toBe(`422 40010001 invalid ${key}`);
    expect(object(desk.configurations().body)['no_shorting']).toBe(false);
  });
});

describe('the portfolio history', () => {
  it('has a row a day, in dollars and seconds', () => {
    const world = quoted();
    world.done({ qty: '100' });
    world.trade(110);
    world.to(at(10, 0, FRIDAY));
    const { body } = world.desk.portfolioHistory({ timeframe: '1D', period: '1M' }, world.nowUs);

    expect(body).toEqual({
      timestamp: [at(9, 30) / SECOND, at(9, 30, FRIDAY) / SECOND],
      equity: [101_000, 101_000],
      profit_loss: [1_000, 1_000],
      profit_loss_pct: [0.01, 0.01],
      base_value: 100_000,
      base_value_asof: '2026-10-20',
      timeframe: '1D',
    });
  });

  it('has a row for each step of the core session, or of all hours', () => {
    const world = new DeskWorld({}, at(9));
    for (let us = at(9); us <= at(10); us += MINUTE) world.to(us);
    const rows = (query: Readonly<Record<string, string>>) =>
      list(object(world.desk.portfolioHistory(query, world.nowUs).body)['timestamp']).length;

    expect(rows({ period: '1D', timeframe: '5Min' })).toBe(7);
    expect(rows({ period: '1D', timeframe: '1Min' })).toBe(31);
    expect(rows({ period: '1D', timeframe: '15Min', extended_hours: 'true' })).toBe(5);
    expect(rows({ period: '1D', timeframe: '1H', intraday_reporting: 'continuous' })).toBe(2);
  });

  it.each([
    [{ period: '1X' }, 'period'],
    [{ timeframe: '2Min' }, 'timeframe'],
    [{ start: 'soon' }, 'start'],
    [{ end: 'late' }, 'end'],
  ])('refuses %j', (query, key) => {
    const { desk, nowUs } = new DeskWorld();

    expect(refusal(desk.portfolioHistory(query, nowUs + HOUR))).toContain(`invalid ${key}`);
  });
});
