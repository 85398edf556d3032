import { describe, expect, it } from 'vitest';
import { ACTORS, RISK } from '../../../src/actors/kernel/actor-table.ts';
import { failurePolicy } from '../../../src/actors/kernel/failure-policy.ts';
import { risk } from '../../../src/actors/kernel/risk.ts';
import { subscriptions } from '../../../src/actors/kernel/subscriptions.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { KernelHarness } from '../../kernel-harness.ts';
import { ACCOUNT, entry, LIMITS, listing, NOW_US, OWNER, quoted, symbol } from '../risk/scene.ts';
import { open, sessionChanged, wish } from '../risk/trading-desk.ts';

const PLACE = ACTORS.indexOf('subscriptions');
const STEP_US = 5 * SECOND;
const MARKET = { kind: 'serviceChanged', service: 'market', reason: 'test' } as const;

function planning(slots = 3): KernelHarness {
  const definition = subscriptions({ slots, stepUs: STEP_US, keepUs: 10 * MINUTE });
  const limits = { ...LIMITS, isSlotNeeded: slots > 0 };
  const harness = new KernelHarness({
    actors: [
      [RISK, risk({ ...OWNER, limits })],
      [PLACE, definition],
    ],
    startUs: NOW_US,
    policy: failurePolicy(ACCOUNT),
  });
  open(harness, 1);
  for (let at = 0; at < 8; at += 1) harness.input({ kind: 'symbolNamed', ...listing(at) });
  sessionChanged(harness, 'core');
  return harness;
}

function move(harness: KernelHarness, at: number, layer: number, score: number, isMember = true) {
  const moved = { symbol: symbol(at), layer, isMember, score, reason: 'test', atUs: harness.nowUs };
  harness.record({ kind: 'layerMoved', ...moved });
}

function asked(harness: KernelHarness): readonly (readonly number[])[] {
  return harness.effects.flatMap(({ effect }) =>
    effect.kind === 'subscribe' ? [effect.symbols] : [],
  );
}

function answer(harness: KernelHarness, outcome: 'done' | 'failed'): void {
  for (const requested of harness.pending('subscribe')) harness.answer(requested, { outcome });
}

describe('subscriptions', () => {
  it('asks for the whole sorted set, once a step at most, and only when it changes', () => {
    const harness = planning();
    for (const at of [5, 1, 3]) move(harness, at, 1, at);
    expect(asked(harness)).toEqual([]);
    harness.advance(STEP_US);
    answer(harness, 'done');
    harness.advance(MINUTE);
    expect(asked(harness)).toEqual([[1, 3, 5]]);
    expect(harness.factsOf('slotsHeld')).toMatchObject([{ symbols: [1, 3, 5] }]);

    harness.record({
      kind: 'positionAdopted',
      account: ACCOUNT,
      symbol: symbol(7),
      quantity: 10,
      cost: money(10_000),
      price: price(1_000),
      origin: 'external',
    });
    harness.advance(STEP_US);
    expect(asked(harness).at(-1)).toEqual([3, 5, 7]);
  });

  it('asks again what failed, at the next step, and nothing while it waits', () => {
    const harness = planning();
    move(harness, 1, 1, 1);
    harness.advance(STEP_US);
    harness.advance(3 * STEP_US);
    expect(asked(harness)).toHaveLength(1);

    answer(harness, 'failed');
    expect(asked(harness)).toHaveLength(1);
    harness.advance(STEP_US);
    expect(asked(harness)).toEqual([[1], [1]]);
    answer(harness, 'done');
    harness.advance(MINUTE);
    expect(asked(harness)).toHaveLength(2);
    expect(harness.factsOf('slotsAsked')).toHaveLength(1);
  });

  it('asks again when the market is back, and in a new life', () => {
    const harness = planning();
    move(harness, 1, 1, 1);
    harness.advance(STEP_US);
    answer(harness, 'done');
    harness.input({ ...MARKET, state: 'down' });
    harness.input({ ...MARKET, state: 'up' });
    harness.advance(STEP_US);
    expect(asked(harness)).toEqual([[1], [1]]);

    answer(harness, 'done');
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
    const again = harness.restarted();
    open(again, 2);
    again.advance(STEP_US);
    expect(asked(again)).toEqual([[1]]);
  });

  it('does nothing where everything comes of every symbol', () => {
    const harness = planning(0);
    move(harness, 1, 2, 1);
    harness.advance(MINUTE);
    wish(harness, 1);

    expect(asked(harness)).toEqual([]);
    expect(harness.factsOf('slotsAsked', 'slotsHeld', 'refused')).toEqual([]);
    expect(harness.factsOf('approved')).toHaveLength(1);
  });
});

describe('risk, where there are slots', () => {
  it('enters nothing in a symbol without one, and closes it all the same', () => {
    const harness = planning();
    move(harness, 1, 2, 1);
    harness.advance(STEP_US);
    wish(harness, 1);
    answer(harness, 'done');
    wish(harness, 2);
    wish(harness, 1);
    expect(harness.factsOf('refused').map(({ code }) => code)).toEqual(['NO_SLOT', 'NO_SLOT']);
    expect(harness.factsOf('approved')).toHaveLength(1);

    harness.record({
      kind: 'filled',
      account: ACCOUNT,
      clientOrderId: textId('o'),
      symbol: symbolId(2),
      side: 'buy',
      execution: {
        executionId: textId('x'),
        quantity: shares(10),
        price: price(1_000),
        venueUs: 1,
      },
    });
    wish(harness, 2, { purpose: 'exit', side: 'sell' });
    expect(harness.factsOf('approved')).toHaveLength(2);
  });

  it('enters nothing on a bar alone while a quote has not come yet', () => {
    const harness = planning();
    move(harness, 1, 2, 1);
    harness.advance(STEP_US);
    answer(harness, 'done');
    const signal = entry({ signalId: textId('mr-S1-900'), symbol: symbol(1) });
    const view = quoted({ isBarOnly: true, barUs: harness.nowUs });
    harness.tell(RISK, { kind: 'signalMade', signal, view });

    expect(harness.factsOf('refused').map(({ code }) => code)).toEqual(['NO_QUOTE']);
  });
});
