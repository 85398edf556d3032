import { describe, expect, it } from 'vitest';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import { shares } from '../../../src/core/money.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import {
  approval,
  done,
  effectsOf,
  executionOf,
  intentOf,
  last,
  NOT_FOUND,
  orderId,
  orderPath,
  place,
  refused,
  reportOf,
  standingIn,
  update,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');

function working(terms = {}): KernelHarness {
  const harness = orderPath();
  harness.answer(place(harness, intentOf(0, terms)), done(reportOf(intentOf(0))));
  return harness;
}

function wantCancel(harness: KernelHarness, name = 'order-0'): void {
  harness.tell(EXECUTION, { kind: 'cancelWanted', clientOrderId: orderId(name), reason: 'TEST' });
}

describe('a cancel', () => {
  it('is recorded and sent once, by both names of the order', () => {
    const harness = working();

    wantCancel(harness);
    wantCancel(harness);

    expect(harness.factsOf('cancelAsked')).toHaveLength(1);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([
      {
        kind: 'cancelOrder',
        account: 'paper',
        clientOrderId: ORDER,
        venueOrderId: 'venue-order-0',
      },
    ]);
  });

  it('of an order that nobody knows, or that is over, does nothing', () => {
    const harness = working();
    update(harness, reportOf(intentOf(0), { event: 'canceled', status: 'canceled' }));
    const before = harness.facts.length;

    wantCancel(harness);
    wantCancel(harness, 'nobodys');

    expect(harness.facts).toHaveLength(before);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);
  });

  it('of an order that was just sent waits until it is there', () => {
    const harness = orderPath();
    const submitted = place(harness);
    wantCancel(harness);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);

    harness.answer(submitted, done(reportOf(intentOf(0), { status: 'pendingNew' })));

    expect(harness.pending('cancelOrder')).toHaveLength(1);
  });

  it('of an unknown order asks first, and cancels what it finds', () => {
    const harness = orderPath();
    harness.answer(place(harness), { outcome: 'unknown' });
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
    harness.advance(SECOND);

    wantCancel(harness);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intentOf(0))));

    expect(harness.pending('cancelOrder')).toHaveLength(1);
  });

  it('that was taken ends the order when the venue says so, and not before', () => {
    const harness = working();
    wantCancel(harness);

    const taken = reportOf(intentOf(0), { event: 'pendingCancel', status: 'pendingCancel' });
    harness.answer(last(harness, 'cancelOrder'), done(taken));
    expect(standingIn(harness, ORDER)).toBe('cancelPending');
    update(harness, reportOf(intentOf(0), { event: 'canceled', status: 'canceled' }));

    expect(standingIn(harness, ORDER)).toBe('canceled');
    harness.advance(MINUTE);
    expect(effectsOf(harness, 'enquireOrder')).toEqual([]);
  });

  it('that loses the race against a fill leaves it filled', () => {
    const harness = working();
    wantCancel(harness);
    const taken = reportOf(intentOf(0), { event: 'pendingCancel', status: 'pendingCancel' });
    harness.answer(last(harness, 'cancelOrder'), done(taken));

    const terms = { event: 'fill', status: 'filled', filledQuantity: shares(100) } as const;
    update(harness, reportOf(intentOf(0), { ...terms, executions: [executionOf('f1', 100)] }));

    expect(standingIn(harness, ORDER)).toBe('filled');
  });

  it('that was refused because the order was filled brings the fill to light', () => {
    const harness = working();
    wantCancel(harness);

    harness.answer(last(harness, 'cancelOrder'), refused('ORDER_NOT_CANCELABLE'));
    const terms = { event: 'snapshot', status: 'filled', filledQuantity: shares(100) } as const;
    const executions = [executionOf('f1', 100)];
    const snapshot = reportOf(intentOf(0), { ...terms, executions });
    harness.answer(last(harness, 'enquireOrder'), done(snapshot));

    expect(standingIn(harness, ORDER)).toBe('filled');
    expect(harness.factsOf('filled')).toHaveLength(1);
  });

  it('that is stuck at the venue is asked about until it is not', () => {
    const harness = working();
    wantCancel(harness);
    const terms = { event: 'snapshot', status: 'pendingCancel' } as const;
    harness.answer(last(harness, 'cancelOrder'), done());

    for (let times = 0; times < 5; times += 1) {
      harness.advance(20 * SECOND);
      harness.answer(last(harness, 'enquireOrder'), done(reportOf(intentOf(0), terms)));
    }

    expect(standingIn(harness, ORDER)).toBe('cancelPending');
    expect(effectsOf(harness, 'cancelOrder')).toHaveLength(1);
  });

  it('that the venue took back is sent again, after a while', () => {
    const harness = working();
    wantCancel(harness);
    harness.answer(last(harness, 'cancelOrder'), done());

    harness.advance(SECOND);
    update(harness, reportOf(intentOf(0), { event: 'cancelRejected' }));
    expect(harness.pending('cancelOrder')).toEqual([]);

    // Nothing was heard of the cancel for five seconds, so the order is asked about first.
    harness.advance(4 * SECOND);
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intentOf(0))));
    harness.advance(5 * SECOND - 1);
    expect(harness.pending('cancelOrder')).toEqual([]);
    harness.advance(1);

    expect(harness.pending('cancelOrder')).toHaveLength(1);
    expect(harness.factsOf('cancelAsked')).toHaveLength(1);
  });

  it('follows when a limit order or an entry is not filled in time, and only then', () => {
    const rested = working();
    const market = working({ type: 'market' });
    const exit = working({ type: 'market', purpose: 'exit' });

    for (const harness of [rested, market, exit]) harness.advance(MINUTE - 1);
    expect(rested.factsOf('cancelAsked')).toEqual([]);
    for (const harness of [rested, market, exit]) harness.advance(1);

    expect(rested.factsOf('cancelAsked').map(({ reason }) => reason)).toEqual(['UNFILLED']);
    expect(market.factsOf('cancelAsked').map(({ reason }) => reason)).toEqual(['UNFILLED']);
    expect(exit.factsOf('cancelAsked')).toEqual([]);
  });
});

describe('cancelling all', () => {
  function several(): KernelHarness {
    const harness = orderPath();
    for (const sequence of [0, 1, 2, 3]) {
      const purpose = sequence === 1 ? 'exit' : 'entry';
      const intent = intentOf(sequence, { purpose });
      const submitted = place(harness, intent);
      if (sequence === 3) harness.answer(submitted, { outcome: 'unknown' });
      else harness.answer(submitted, done(reportOf(intent)));
    }
    update(harness, reportOf(intentOf(2), { event: 'expired', status: 'expired' }));
    harness.advance(SECOND);
    return harness;
  }

  it('reaches every open order, and asks about the unknown ones', () => {
    const harness = several();

    harness.tell(EXECUTION, { kind: 'cancelAllWanted', entriesOnly: false, reason: 'HALT' });

    const asked = harness.factsOf('cancelAsked').map(({ clientOrderId }) => clientOrderId);
    expect(asked).toEqual(['order-0', 'order-1', 'order-3']);
    const sent = effectsOf(harness, 'cancelOrder').map(({ clientOrderId }) => clientOrderId);
    expect(sent).toEqual(['order-0', 'order-1']);
  });

  it('of the entries leaves the exits', () => {
    const harness = several();

    harness.tell(EXECUTION, { kind: 'cancelAllWanted', entriesOnly: true, reason: 'HALT' });

    const asked = harness.factsOf('cancelAsked').map(({ clientOrderId }) => clientOrderId);
    expect(asked).toEqual(['order-0', 'order-3']);
  });

  it('reaches an order approved in the same moment, once it is there', () => {
    const harness = orderPath();
    harness.tell(EXECUTION, approval(intentOf(0)), {
      kind: 'cancelAllWanted',
      entriesOnly: false,
      reason: 'HALT',
    });

    harness.answer(last(harness, 'submitOrder'), done(reportOf(intentOf(0))));

    expect(harness.pending('cancelOrder')).toHaveLength(1);
  });
});

describe('a replacement that was sent', () => {
  it.each(['done', 'unknown', 'refused'] as const)(
    'and is %s leads to the old order',
    (outcome) => {
      const harness = working();
      const effect = {
        kind: 'replaceOrder',
        account: intentOf(0).account,
        clientOrderId: ORDER,
        successor: orderId('next'),
        quantity: shares(50),
        limitPrice: intentOf(0).referencePrice,
      } as const;
      // Nobody asks for one yet, so the test does in the order path's name.
      harness.kernel.outstanding.add({
        input: 1_000,
        index: 0,
        requestedUs: harness.nowUs,
        actor: EXECUTION,
        effect,
      });

      harness.input({ kind: 'answered', effectInput: 1_000, effectIndex: 0, outcome });

      expect(last(harness, 'enquireOrder').effect).toMatchObject({ clientOrderId: ORDER });
    },
  );
});
