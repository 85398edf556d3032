import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/ports/effect.ts';
import type { FailurePolicy } from '../../../src/actors/runtime/kernel.ts';
import { halted } from './toy-actors.ts';
import { type Fault, ToyError } from './toy-messages.ts';
import { ToyDesk } from './toy-desk.ts';

/** Fails one message about one symbol. */
function failing(where: string, symbol: number): Fault {
  return (actor, message, row) => {
    if (`${actor} ${message}` === where && row === symbol) throw new ToyError(where);
  };
}

/** A frame that makes each of these symbols wish to trade, in this order. */
function wish(desk: ToyDesk, ...symbols: readonly number[]): void {
  desk.frame(...symbols.map((symbol) => ({ symbol, price: 100 })));
  desk.takeTurns();
  desk.frame(...symbols.map((symbol) => ({ symbol, price: 101 })));
}

describe('the order path, when one of it fails', () => {
  it('G3: keeps in the orders that this turn had asked for before', () => {
    const dropped: (readonly Effect[])[] = [];
    const desk = new ToyDesk({
      toys: { fault: failing('execution approved', 2) },
      policy: collecting(dropped),
    });
    wish(desk, 0, 1, 2);

    expect(desk.requests).toEqual([]);
    expect(dropped).toMatchObject([[{ clientOrderId: 'o-0-0' }, { clientOrderId: 'o-1-0' }]]);
    const kinds = desk.takeFacts().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'intended')).toHaveLength(2);
    expect(kinds).toContain('tradingHalted');
    expect(desk.kernel.outstanding.list()).toEqual([]);
  });

  it('G3: keeps in the orders that were under way, and tells the policy of them too', () => {
    const dropped: (readonly Effect[])[] = [];
    const desk = new ToyDesk({
      toys: { fault: failing('execution approved', 1) },
      policy: collecting(dropped),
    });
    wish(desk, 0, 1, 2);

    expect(desk.requests).toEqual([]);
    expect(dropped).toMatchObject([[{ clientOrderId: 'o-0-0' }], [{ clientOrderId: 'o-2-0' }]]);
  });

  it('G3: lets cancels and enquiries of the same turn leave', () => {
    const desk = new ToyDesk({ toys: { fault: failing('execution approved', 3) } });
    for (const price of [100, 101, 102, 103]) desk.trade(0, price); // Two orders of symbol 0.
    desk.trade(0, 104);
    desk.trade(3, 100);
    const orders = desk.requestsOf('submitOrder').length;
    expect(orders).toBe(2);
    // The third order of symbol 0 cancels the first two; then symbol 3 fails.
    desk.frame({ symbol: 0, price: 105 }, { symbol: 3, price: 101 });

    expect(desk.requestsOf('submitOrder')).toHaveLength(orders);
    expect(desk.requestsOf('cancelOrder').map(({ effect }) => effect)).toMatchObject([
      { clientOrderId: 'o-0-0' },
      { clientOrderId: 'o-0-1' },
    ]);
  });

  it('G3: leaves the state of the one that failed as it was, and the next turn alone', () => {
    let isFailing = true;
    const fault: Fault = (actor, message) => {
      if (isFailing && actor === 'execution' && message === 'approved') throw new ToyError('x');
    };
    const quiet: FailurePolicy = { orderPathFailed: () => [], escalated: () => [] };
    const desk = new ToyDesk({ toys: { fault }, policy: quiet });
    wish(desk, 0);
    expect(ordersOf(desk)).toEqual([]);
    isFailing = false;
    wish(desk, 0);

    expect(ordersOf(desk)).toMatchObject([{ kind: 'intended', clientOrderId: 'o-0-1' }]);
    expect(desk.requestsOf('submitOrder')).toHaveLength(1);
  });
});

function collecting(dropped: (readonly Effect[])[]): FailurePolicy {
  return {
    orderPathFailed(_actor, code, effects) {
      dropped.push(effects);
      // Nobody who is under way already asks whether trading is halted.
      return dropped.length === 1 ? [{ ...halted(code) }] : [];
    },
    escalated: () => [],
  };
}

function ordersOf(desk: ToyDesk) {
  const slot = desk.kernel.slots[4];
  return slot?.type === 'actor' ? slot.definition.condense(slot.state) : [];
}
