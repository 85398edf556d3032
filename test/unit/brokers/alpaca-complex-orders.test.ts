import { trading } from '@alpacahq/alpaca-trade-api';
import { describe, expect, it } from 'vitest';
import { Holdings } from '../../../src/brokers/alpaca/holdings.ts';
import { KnownOrders } from '../../../src/brokers/alpaca/known-orders.ts';
import { reportOf } from '../../../src/brokers/alpaca/order-reports.ts';
import {
  bracketRequest,
  ocoRequest,
  simpleRequest,
} from '../../../src/brokers/alpaca/order-requests.ts';
import { RateBudget } from '../../../src/brokers/alpaca/rate-budget.ts';
import { Updates } from '../../../src/brokers/alpaca/updates.ts';
import { VenueCalls } from '../../../src/brokers/alpaca/venue-calls.ts';
import { readOrder } from '../../../src/brokers/alpaca/wire-order.ts';
import { type AccountId, type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import { limit, submit } from '../../order-effects.ts';
import { ManualTime } from '../../manual-time.ts';
import { DeskWorld } from '../venue/trading/desk-world.ts';

const EXITS = { takeProfit: price(2_360_000), stop: price(2_285_000) };
const account = textId<AccountId>('contract');
const symbols = { size: 1, idOf: () => symbolId(0), nameOf: () => 'AAA' };

describe('an order on the wire', () => {
  it('at the market has no price', () => {
    expect(wire(simpleRequest(submit('m1'), 'AAPL'))).toEqual({
      symbol: 'AAPL',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
      qty: '10',
      client_order_id: 'm1',
    });
  });

  it('with both exits is as the reference composes it', () => {
    const entry = limit('st1-000042', 2_314_000, { quantity: shares(100) });

    expect(wire(bracketRequest(entry, 'AAPL', { ...EXITS, stopLimit: price(2_282_000) }))).toEqual({
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      time_in_force: 'day',
      qty: '100',
      limit_price: '231.40',
      client_order_id: 'st1-000042',
      order_class: 'bracket',
      take_profit: { limit_price: '236.00' },
      stop_loss: { stop_price: '228.50', limit_price: '228.20' },
    });
  });

  it('of two exits is a limit order whose child is the stop', () => {
    const exit = {
      clientOrderId: textId<ClientOrderId>('o1'),
      side: 'sell',
      quantity: shares(5),
    } as const;

    expect(wire(ocoRequest({ ...exit, timeInForce: 'day' }, 'AAPL', EXITS))).toEqual({
      symbol: 'AAPL',
      side: 'sell',
      type: 'limit',
      time_in_force: 'day',
      qty: '5',
      client_order_id: 'o1',
      order_class: 'oco',
      take_profit: { limit_price: '236.00' },
      stop_loss: { stop_price: '228.50' },
    });
  });
});

describe('a bracket at the venue', () => {
  it("is taken, and its legs are told as the parent's until one of them ends it", () => {
    const { desk, known, told } = listening();
    desk.quote(231.3, 231.4);
    const entry = limit('b1', 2_314_000, { quantity: shares(100) });
    const parent = readOrder(desk.submit(wire(bracketRequest(entry, 'AAA', EXITS))).body);
    if (parent === undefined) return expect.fail('the parent');
    known.see(parent);

    desk.pass();
    desk.quote(236, 236.1);
    desk.pass();

    expect(parent.legs).toHaveLength(2);
    const legs = told.filter(({ clientOrderId }) => clientOrderId !== 'b1');
    expect(new Set(legs.map(({ reason }) => reason))).toEqual(new Set(['leg of b1']));
    expect(told.filter(({ event }) => event === 'fill').map(({ side }) => side)).toEqual([
      'buy',
      'sell',
    ]);
    expect(legs.at(-1)).toMatchObject({ status: 'canceled' });
  });

  it('of two exits ends the other one when one is filled', () => {
    const { desk, known, told } = listening();
    desk.quote(231.3, 231.4);
    desk.done({ qty: '5' });
    const exit = {
      clientOrderId: textId<ClientOrderId>('o1'),
      side: 'sell',
      quantity: shares(5),
    } as const;
    const request = ocoRequest({ ...exit, timeInForce: 'day' }, 'AAA', EXITS);
    const parent = readOrder(desk.submit(wire(request)).body);
    if (parent === undefined) return expect.fail('the parent');
    known.see(parent);

    desk.pass();
    desk.trade(228.4);
    desk.quote(228.4, 228.5);
    desk.pass();

    const legs = told.filter(({ reason }) => reason === 'leg of o1');
    expect(legs.map(({ event }) => event)).toContain('fill');
    const last = told.findLast(({ clientOrderId }) => clientOrderId === 'o1');
    expect(last).toMatchObject({ status: 'canceled', side: 'sell' });
    expect(desk.desk.position('AAA').status).toBe(404);
  });
});

/** The adapter's reading of what a venue's desk tells, without sockets between them. */
function listening() {
  const known = new KnownOrders();
  const told: OrderReport[] = [];
  const fail = () => expect.fail('nothing has to be asked for');
  const time = new ManualTime();
  const clocks = { clock: time, timers: time };
  const budget = new RateBudget({ ...clocks, requestsPerMinute: 1, requestsKept: 0 });
  const updates = new Updates({
    account,
    symbols,
    known,
    holdings: new Holdings(known),
    calls: new VenueCalls({ ...clocks, url: '', keyId: 'a', secret: 'b', budget }),
    newCall: fail,
    enter: (report) => void told.push(report),
    askAbout: fail,
    onOrder: () => {},
    onFill: () => {},
    isHeldBack: () => false,
    onUnreadable: fail,
    onUnlisted: fail,
  });
  const desk = new DeskWorld({ tell: (update) => updates.take(update) });
  return { desk, known, told };
}

/** As the SDK writes it, and without what it leaves open. */
function wire(request: trading.PostOrderRequest): Record<string, unknown> {
  return JSON.parse(JSON.stringify(trading.PostOrderRequestToJSON(request)));
}

describe('reportOf', () => {
  it('is nothing for a symbol without an id', () => {
    const order = readOrder({ id: 'v1', symbol: 'ZZZ', side: 'buy', qty: '1' });
    if (order === undefined) return expect.fail('the order');
    const nameless = { ...symbols, idOf: () => undefined };
    const said = { event: 'new', executions: [], venueUs: 0 } as const;

    expect(reportOf({ account, symbols: nameless, known: new KnownOrders() }, order, said)).toBe(
      undefined,
    );
  });
});
