import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/core/time.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import {
  done,
  effectsOf,
  intentOf,
  last,
  orderId,
  orderPath,
  place,
  reportOf,
  standingIn,
  TIMES,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');
const PATIENCE_US = 150 * SECOND;

function intent(harness: KernelHarness, terms: Partial<OrderIntent> = {}): OrderIntent {
  return intentOf(0, { patientUntilUs: harness.nowUs + PATIENCE_US, ...terms });
}

/** An order that the venue works on, in a market of which only bars are heard. */
function working(terms: Partial<OrderIntent> = {}): KernelHarness {
  const harness = orderPath();
  harness.answer(place(harness, intent(harness, terms)), done(reportOf(intentOf(0))));
  return harness;
}

describe('an order that waits for bars', () => {
  it('is neither asked about nor cancelled before they have come', () => {
    const harness = working();

    harness.advance(PATIENCE_US - SECOND);

    expect(effectsOf(harness, 'enquireOrder')).toEqual([]);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);
  });

  it('is cancelled when they have come and it is not filled', () => {
    const harness = working();

    harness.advance(PATIENCE_US);

    expect(effectsOf(harness, 'cancelOrder')).toHaveLength(1);
    expect(harness.factsOf('cancelAsked')).toMatchObject([{ reason: 'UNFILLED' }]);
  });

  it('is asked about when they have come, where nothing cancels it', () => {
    const harness = working({ purpose: 'exit', type: 'market' });

    harness.advance(PATIENCE_US + 40 * SECOND);

    expect(effectsOf(harness, 'enquireOrder').length).toBeGreaterThan(0);
  });

  it('is asked about like any other where the venue has not told that it has it', () => {
    const silent = orderPath();
    place(silent, intent(silent));
    silent.advance(2 * TIMES.orderDeadlineUs);
    const unknown = orderPath();
    unknown.answer(place(unknown, intent(unknown)), { outcome: 'unknown', code: 'DEADLINE' });

    expect(standingIn(silent, ORDER)).toBe('unknown');
    for (const harness of [silent, unknown]) {
      expect(last(harness, 'enquireOrder').effect).toMatchObject({ clientOrderId: ORDER });
    }
  });

  it('waits no less long than any other', () => {
    const harness = orderPath();
    const brief = intentOf(0, { patientUntilUs: harness.nowUs + SECOND });
    harness.answer(place(harness, brief), done(reportOf(intentOf(0))));

    harness.advance(TIMES.unfilledCancelUs - SECOND);
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);
    harness.advance(SECOND);
    expect(effectsOf(harness, 'cancelOrder')).toHaveLength(1);
  });
});
