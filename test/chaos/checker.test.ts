import { describe, expect, it } from 'vitest';
import {
  type AccountId,
  type ClientOrderId,
  type SignalId,
  type StrategyId,
  symbolId,
  textId,
} from '../../src/core/ids.ts';
import { money, price, shares } from '../../src/core/money.ts';
import {
  CHANNEL_TRADES,
  EventBatch,
  GAP,
  QUOTE,
  TRADE,
} from '../../src/domain/market/event-batch.ts';
import type { Fact, FactOf } from '../../src/ports/fact.ts';
import { bookBreaches } from './rig/book-invariants.ts';
import { ChaosSession } from './rig/chaos-session.ts';
import { DataWatch } from './rig/data-invariants.ts';
import { orderBreaches } from './rig/order-invariants.ts';
import type { VenueBooks, VenueOrder } from '../venue-books.ts';

const NOBODY = { others: new Set<string>(), busted: new Set<string>() };
const SECOND = 1_000_000;
const ACCOUNT = textId<AccountId>('x');
const ORDER = textId<ClientOrderId>('a');
const SIGNAL = textId<SignalId>('s');
const STRATEGY = textId<StrategyId>('mr');

describe('the checker of the invariants', () => {
  it('finds nothing in a life that is as it should be', () => {
    expect(orderBreaches(life(), books([order()]), NOBODY)).toEqual([]);
    expect(bookBreaches(life(), books([order()]), () => 'AAPL')).toEqual([]);
  });

  it.each([
    ['I1', [...life(), intended()], [order()]],
    ['I1', life(), [order(), order()]],
    ['I2', [], [order()]],
    ['I2', life().filter(({ kind }) => kind !== 'approved'), [order()]],
    ['I4', [...life(), stood('working')], [order()]],
    ['I4', [...life(), filled('e2', 1)], [order({ filledQuantity: 11 })]],
    ['I4', life(), [order({ status: 'new' })]],
    ['I4', [approved(), intended(), stood('unknown')], []],
    ['I5', [...life(), filled('e1', 10)], [order({ filledQuantity: 20 })]],
    ['I5', life(), [order({ filledQuantity: 7 })]],
  ] as const)('names %s, case %#', (id, facts, orders) => {
    expect(orderBreaches(facts, books(orders), NOBODY).join()).toContain(`${id}:`);
  });

  it.each([
    ['positions', { cash: 900_0000, positions: new Map([['AAPL', 9]]) }],
    ['cash', { cash: 900_0001, positions: new Map([['AAPL', 10]]) }],
  ])('names I3 where %s differ', (_, part) => {
    const found = bookBreaches(life(), { ...books([order()]), ...part }, () => 'AAPL');
    expect(found.join()).toContain('I3:');
  });

  it('names I7 where a signal is late, or across a gap, or trades are missing', () => {
    const watch = new DataWatch(10 * SECOND);
    give(watch, (batch) => trade(batch, 1), SECOND);
    watch.fact(signalled(), 5 * SECOND);
    expect(watch.breaches).toEqual([]);

    watch.fact(signalled(), 12 * SECOND);
    expect(watch.breaches).toHaveLength(1);
    give(watch, (batch) => batch.add(GAP, -1, 0, CHANNEL_TRADES, 0), 13 * SECOND);
    watch.fact(signalled(), 13 * SECOND);
    expect(watch.breaches).toHaveLength(3);
    give(watch, (batch) => batch.add(QUOTE, 0, 0, 3, 0), 14 * SECOND);
    watch.fact(signalled(), 14 * SECOND);
    expect(watch.breaches).toHaveLength(3);

    // The gap stands between 1 and 3; between 3 and 5 there is none.
    give(watch, (batch) => trade(batch, 3), 15 * SECOND);
    give(watch, (batch) => trade(batch, 5), 16 * SECOND);
    const tape = [1, 2, 3, 4, 5].map((id) => ({ id: String(id), time: '' }));
    expect(watch.holes(0, tape).join()).toMatch(/^I7: of 0 lost 4 at/);
  });

  it('names I2 where an order does not wait for the disk, seed 99', async () => {
    await using session = await ChaosSession.start({
      seed: 99,
      config: { journal: { durability: 'none' } },
    });
    await session.trading(3);

    await expect(session.settled(1_000)).rejects.toThrow('before its intent was safe');
  }, 60_000);
});

function order(part: Partial<VenueOrder> = {}): VenueOrder {
  const usual = { clientOrderId: 'a', symbol: 'AAPL', side: 'buy', status: 'filled' };
  return { ...usual, quantity: 10, filledQuantity: 10, cameMs: 0, ...part };
}

function books(orders: readonly VenueOrder[]): VenueBooks {
  return { cash: 900_0000, positions: new Map([['AAPL', 10]]), orders, fills: 1 };
}

function life(): readonly Fact[] {
  const opened = { kind: 'accountOpened', account: ACCOUNT, cash: money(1_000_0000) } as const;
  return [opened, approved(), intended(), stood('working'), filled('e1', 10), stood('filled')];
}

function approved(): FactOf<'approved'> {
  const ids = { signalId: SIGNAL, clientOrderId: ORDER } as const;
  return { kind: 'approved', ...ids, symbol: symbolId(0), notional: money(100_0000) };
}

function intended(): FactOf<'intended'> {
  return {
    kind: 'intended',
    account: ACCOUNT,
    clientOrderId: ORDER,
    strategy: STRATEGY,
    signalId: SIGNAL,
    symbol: symbolId(0),
    side: 'buy',
    purpose: 'entry',
    quantity: shares(10),
    type: 'market',
    timeInForce: 'day',
    referencePrice: price(10_0000),
    sequence: 0,
  };
}

function stood(standing: FactOf<'stood'>['standing']): FactOf<'stood'> {
  return { kind: 'stood', clientOrderId: ORDER, symbol: symbolId(0), standing, atUs: 0 };
}

function filled(executionId: string, quantity: number): FactOf<'filled'> {
  const unit = price(10_0000);
  return {
    kind: 'filled',
    account: ACCOUNT,
    clientOrderId: ORDER,
    symbol: symbolId(0),
    side: 'buy',
    execution: {
      executionId: textId(executionId),
      quantity: shares(quantity),
      price: unit,
      venueUs: 0,
    },
  };
}

function signalled(): FactOf<'signalled'> {
  const prices = { bid: 1, ask: 1, last: 1, stopDistance: 1 };
  const ids = { signalId: SIGNAL, strategy: STRATEGY } as const;
  const wish = { side: 'buy', purpose: 'entry', value: 1, threshold: 1, reason: '' } as const;
  return { kind: 'signalled', ...ids, symbol: symbolId(0), ...wish, ...prices, atUs: 0 };
}

function give(watch: DataWatch, write: (batch: EventBatch) => void, us: number): void {
  const batch = new EventBatch(4, 4);
  write(batch);
  batch.endFrame(us);
  watch.event(batch, 0, us);
}

function trade(batch: EventBatch, id: number): void {
  batch.c[batch.add(TRADE, 0, id * SECOND, 0, 0)] = id;
}
