import { describe, expect, it } from 'vitest';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { money } from '../../../src/core/money.ts';
import type { Answer } from '../../../src/ports/input.ts';
import { limit, submit } from '../../order-effects.ts';
import { SimulatedWorld } from '../../simulated-world.ts';

const A = symbolId(0);
const B = symbolId(1);
const DOLLAR = 10_000;
const CASH = 1_000_000_000;

function ask(world: SimulatedWorld, sinceUs = 0, account = 'contract'): Answer | undefined {
  const request = world.request({
    kind: 'reconcile',
    account: textId(account),
    sinceUs,
    attempt: 1,
  });
  world.settle();
  return world.answersTo(request)[0];
}

describe("the simulated broker's statement", () => {
  it('is its books: cash, equity, positions at cost, orders as they are', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.quote(B, 49 * DOLLAR, 50 * DOLLAR);
    world.request(submit('m1'));
    world.request(limit('l1', 40 * DOLLAR, { symbol: B }));
    world.settle();
    const answer = ask(world);

    expect(answer).toMatchObject({
      outcome: 'done',
      statement: {
        account: 'contract',
        cash: CASH - 1_000 * DOLLAR,
        positions: [{ symbol: A, quantity: 10, cost: 1_000 * DOLLAR }],
        unlisted: [],
        orders: [
          { clientOrderId: 'm1', event: 'snapshot', status: 'filled', filledQuantity: 10 },
          { clientOrderId: 'l1', event: 'snapshot', status: 'new' },
        ],
      },
    });
    expect(answer?.statement?.orders[0]?.executions).toHaveLength(1);
    expect(answer?.statement?.equity).toBeLessThanOrEqual(CASH);
  });

  it('leaves out what came and ended before the time that was asked for', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.request(submit('m1'));
    world.request(limit('l1', 40 * DOLLAR));
    world.settle();
    const told = ask(world, world.agenda.nowUs)?.statement?.orders;

    expect(told?.map(({ clientOrderId }) => clientOrderId)).toEqual(['l1']);
  });

  it('shows what its owner moved by hand', () => {
    const world = new SimulatedWorld();
    world.broker.transferShares(B, 7, money(350 * DOLLAR));
    world.broker.transferCash(money(-5 * DOLLAR));

    expect(ask(world)?.statement).toMatchObject({
      cash: CASH - 5 * DOLLAR,
      positions: [{ symbol: B, quantity: 7, cost: 350 * DOLLAR }],
    });
  });

  it('is nobody else to see', () => {
    expect(ask(new SimulatedWorld(), 0, 'other')).toMatchObject({ outcome: 'refused' });
  });
});
