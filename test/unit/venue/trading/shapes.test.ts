import { describe, expect, it } from 'vitest';
import { DeskWorld, list, object } from './desk-world.ts';

/** The keys of the composed examples in venues.md 12: what a reader may count on. */
const ACCOUNT =
  'id account_number status crypto_status currency cash equity last_equity portfolio_value ' +
  'buying_power regt_buying_power non_marginable_buying_power options_buying_power ' +
  'long_market_value short_market_value initial_margin maintenance_margin ' +
  'last_maintenance_margin sma multiplier accrued_fees pending_reg_taf_fees ' +
  'intraday_adjustments balance_asof created_at trading_blocked transfers_blocked ' +
  'account_blocked trade_suspended_by_user shorting_enabled options_approved_level ' +
  'options_trading_level';
const ORDER =
  'id client_order_id created_at updated_at submitted_at filled_at expired_at expires_at ' +
  'canceled_at failed_at replaced_at replaced_by replaces asset_id symbol asset_class notional ' +
  'qty filled_qty filled_avg_price order_class order_type type side position_intent ' +
  'time_in_force limit_price stop_price status extended_hours trail_percent trail_price hwm ' +
  'ratio_qty legs';
const POSITION =
  'asset_id symbol exchange asset_class asset_marginable qty qty_available side ' +
  'avg_entry_price cost_basis market_value current_price lastday_price change_today ' +
  'unrealized_pl unrealized_plpc unrealized_intraday_pl unrealized_intraday_plpc';
const ACTIVITY =
  'id activity_type transaction_time type price qty cum_qty leaves_qty side symbol order_id ' +
  'order_status';
const FILL = 'at event_id event execution_id timestamp price qty position_qty order';
const NUMBERS = new Set(['options_approved_level', 'options_trading_level']);

describe('shapes on the wire', () => {
  const world = new DeskWorld();
  world.quote(99, 100);
  const id = world.done({});

  it.each([
    ['account', ACCOUNT, world.account()],
    ['order', ORDER, world.order(id)],
    ['position', POSITION, world.position()],
    ['activity', ACTIVITY, object(list(world.desk.activities().body)[0])],
    ['fill', FILL, object(world.updates.at(-1))],
  ])('%s has every key of the reference, and amounts as text', (_, keys, value) => {
    expect(Object.keys(value)).toEqual(expect.arrayContaining(keys.split(' ')));
    for (const [key, one] of Object.entries(value)) {
      if (!NUMBERS.has(key)) expect(typeof one).not.toBe('number');
    }
  });

  it('an order is a full one, with null for what it has not', () => {
    const { order } = object(world.updates.at(-1));

    expect(order).toEqual(world.order(id));
    expect(object(order)).toMatchObject({
      order_class: '',
      notional: null,
      limit_price: null,
      legs: null,
      canceled_at: null,
      filled_avg_price: '100',
    });
  });

  it('an amount has no zeros at its end', () => {
    const limit = world.order(world.done({ type: 'limit', limit_price: '91.40' }));

    expect(limit['limit_price']).toBe('91.4');
  });
});
