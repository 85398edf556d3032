import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import {
  applyToExecution,
  condenseExecution,
  type ExecutionKind,
  type ExecutionState,
} from '../../../src/actors/kernel/execution-state.ts';
import type { Applied, AppliedOf } from '../../../src/actors/runtime/definition.ts';
import { Orders } from '../../../src/domain/orders/order-book.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import { EXECUTION_APPLIES } from '../../../src/actors/kernel/execution-state.ts';
import { executionOf, halted, intentOf, orderId } from './orders-fixture.ts';

function stand(orders: Orders, sequence: number, standing: Standing, atUs = 1): void {
  orders.setStanding({ clientOrderId: orderId(`order-${sequence}`), standing, atUs });
}

function bookOf(count: number, settledMax?: number): Orders {
  const orders = new Orders(settledMax);
  for (let sequence = 0; sequence < count; sequence += 1) orders.add(intentOf(sequence));
  return orders;
}

describe('Orders', () => {
  it('keeps an order under its id, and takes it once', () => {
    const orders = bookOf(1);
    orders.add(intentOf(0));

    expect(orders.size).toBe(1);
    expect(orders.get(orderId('order-0'))).toMatchObject({ standing: 'intended', ordinal: 1 });
    expect(orders.byOrdinal(1)?.intent).toEqual(intentOf(0));
  });

  it('finds what is open, what is unknown, and what is in a symbol, oldest first', () => {
    const orders = bookOf(4);
    orders.add(intentOf(4, { symbol: symbolId(9) }));
    stand(orders, 0, 'filled');
    stand(orders, 2, 'unknown');
    stand(orders, 3, 'unknown');
    stand(orders, 3, 'notPlaced');
    stand(orders, 1, 'unknown');
    stand(orders, 1, 'notPlaced');
    stand(orders, 1, 'working'); // A late accept.

    expect(orders.open().map(({ ordinal }) => ordinal)).toEqual([2, 3, 5]);
    expect(orders.unknown().map(({ ordinal }) => ordinal)).toEqual([3]);
    expect(orders.openIn(symbolId(9)).map(({ ordinal }) => ordinal)).toEqual([5]);
  });

  it('I5: books an execution once, for ever', () => {
    const orders = bookOf(2);
    orders.addExecution(orderId('order-0'), executionOf('f1', 30));
    orders.addExecution(orderId('order-0'), executionOf('f1', 30));
    orders.addExecution(orderId('order-1'), executionOf('f1', 30));

    expect(orders.get(orderId('order-0'))?.filledQuantity).toBe(30);
    expect(orders.get(orderId('order-1'))?.filledQuantity).toBe(0);
  });

  it('counts the places of each strategy in each symbol', () => {
    const orders = bookOf(3);
    orders.add(intentOf(7, { symbol: symbolId(9) }));

    expect(orders.nextSequence('momentum', intentOf(0).symbol)).toBe(3);
    expect(orders.nextSequence('momentum', symbolId(9))).toBe(8);
    expect(orders.nextSequence('another', symbolId(9))).toBe(0);
  });

  it('lets the oldest settled order go, and remembers what must not come twice', () => {
    const orders = bookOf(5, 2);
    orders.addExecution(orderId('order-1'), executionOf('f1', 100));
    for (const sequence of [1, 2, 3, 4]) stand(orders, sequence, 'filled');

    expect([...orders.all()].map(({ ordinal }) => ordinal)).toEqual([1, 4, 5]);
    expect(orders.get(orderId('order-1'))).toBeUndefined();
    expect(orders.isBooked(executionOf('f1', 100).executionId)).toBe(true);
    expect(orders.nextSequence('momentum', intentOf(0).symbol)).toBe(5);
    expect(orders.nextOrdinal).toBe(6);
  });

  it('does nothing about an order that it does not keep, but for the execution', () => {
    const orders = bookOf(0);
    const other = orderId('order-0');
    stand(orders, 0, 'filled');
    orders.addExecution(other, executionOf('f1', 1));
    orders.addCancel(other);
    orders.addEnquiry(other, 1, 1);
    orders.addAbsence(other);
    orders.release(other);

    expect(orders.size).toBe(0);
    expect(orders.isBooked(executionOf('f1', 1).executionId)).toBe(true);
  });

  it('keeps some settled orders at least', () => {
    expect(() => new Orders(0)).toThrow('settled');
  });
});

describe('the state of the order path', () => {
  it('is rebuilt by the facts it condenses to', () => {
    const state: ExecutionState = { orders: new Orders(2), halts: new Map(), askedOrdinal: 0 };
    for (let sequence = 0; sequence < 6; sequence += 1) state.orders.add(intentOf(sequence));
    state.orders.add(intentOf(3, { clientOrderId: orderId('x'), symbol: symbolId(9) }));
    state.orders.addExecution(orderId('order-0'), executionOf('f0', 100));
    state.orders.addExecution(orderId('order-4'), executionOf('f4', 40));
    for (const sequence of [0, 1, 2]) stand(state.orders, sequence, 'filled');
    stand(state.orders, 3, 'unknown', 77);
    state.orders.addEnquiry(orderId('order-3'), 2, 88);
    state.orders.addAbsence(orderId('order-3'));
    state.orders.addCancel(orderId('order-4'));
    state.orders.setStanding({
      clientOrderId: orderId('order-5'),
      standing: 'replaced',
      successor: orderId('y'),
      atUs: 9,
    });
    state.orders.release(orderId('order-5'));
    applyToExecution(state, halted());

    const rebuilt: ExecutionState = { orders: new Orders(2), halts: new Map(), askedOrdinal: 0 };
    const condensed = condenseExecution(state);
    for (const fact of condensed) if (isOurs(fact)) applyToExecution(rebuilt, fact);

    expect(condensed.every(isOurs)).toBe(true);
    expect(condenseExecution(rebuilt)).toEqual(condensed);
    expect([...rebuilt.orders.all()]).toEqual([...state.orders.all()]);
    expect(rebuilt.orders.open()).toEqual(state.orders.open());
    expect(rebuilt.orders.nextOrdinal).toBe(state.orders.nextOrdinal);
    expect(rebuilt.orders.isBooked(executionOf('f0', 1).executionId)).toBe(true);
    expect(rebuilt.halts).toEqual(state.halts);
  });

  it('carries more ids of executions than one fact holds', () => {
    const state: ExecutionState = { orders: new Orders(), halts: new Map(), askedOrdinal: 0 };
    const ids = Array.from({ length: 70_000 }, (_, at) => executionOf(`f${at}`, 1).executionId);
    state.orders.carryBooked(ids);

    const facts = condenseExecution(state);

    expect(facts.map(({ kind }) => kind)).toEqual(['bookedCarried', 'bookedCarried']);
  });
});

function isOurs(fact: Applied): fact is AppliedOf<ExecutionKind> {
  return EXECUTION_APPLIES.some((kind) => kind === fact.kind);
}
