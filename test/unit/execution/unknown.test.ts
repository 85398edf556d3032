import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import { shares } from '../../../src/core/money.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import {
  alertsOf,
  done,
  effectsOf,
  executionOf,
  filledIn,
  intentOf,
  last,
  NOT_FOUND,
  orderId,
  orderPath,
  place,
  refused,
  releasesOf,
  reportOf,
  standingIn,
  TIMES,
  update,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');

/** An order whose submission got no answer, five seconds after it was sent. */
function unanswered(terms = {}): KernelHarness {
  const harness = orderPath();
  const submitted = place(harness, intentOf(0, terms));
  harness.advance(TIMES.orderDeadlineUs);
  harness.answer(submitted, { outcome: 'unknown', code: 'DEADLINE' });
  return harness;
}

/** Answers enquiries with "not found" as they come, for a while. */
function absentFor(harness: KernelHarness, us: number): void {
  for (let passed = 0; passed < us; passed += SECOND) {
    for (const enquiry of harness.pending('enquireOrder')) harness.answer(enquiry, NOT_FOUND);
    harness.advance(SECOND);
  }
}

describe('B12: an order that is not found', () => {
  it('once proves nothing', () => {
    const harness = unanswered();

    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);

    expect(standingIn(harness, ORDER)).toBe('unknown');
    expect(harness.factsOf('absent')).toHaveLength(1);
  });

  it('often, before the settling window is over, proves nothing either', () => {
    const harness = unanswered();
    for (let times = 0; times < 10; times += 1) {
      harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
      harness.advance(SECOND);
      update(harness, reportOf(intentOf(0), { status: 'unrecognised', event: 'unrecognised' }));
    }

    expect(harness.factsOf('absent').length).toBeGreaterThan(5);
    expect(standingIn(harness, ORDER)).toBe('unknown');
    expect(releasesOf(harness, ORDER)).toBe(0);
  });

  it('again after the settling window is not placed, and only then given back', () => {
    const harness = unanswered();
    const gaveUpUs = harness.nowUs;
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);

    harness.advance(TIMES.settlingUs - 1);
    expect(harness.pending('enquireOrder')).toHaveLength(0);
    expect(releasesOf(harness, ORDER)).toBe(0);
    harness.advance(1);
    const second = last(harness, 'enquireOrder');
    expect(second.requestedUs - gaveUpUs).toBeGreaterThanOrEqual(TIMES.settlingUs);
    harness.answer(second, NOT_FOUND);

    expect(standingIn(harness, ORDER)).toBe('notPlaced');
    expect(releasesOf(harness, ORDER)).toBe(1);
    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1); // Nobody sends it again.
  });

  it('for the first time late is not given up before it is missed a second time', () => {
    const harness = unanswered();
    harness.answer(last(harness, 'enquireOrder'), { outcome: 'failed' });
    harness.advance(5 * SECOND);
    for (let attempt = 2; attempt < 6; attempt += 1) {
      harness.answer(last(harness, 'enquireOrder'), { outcome: 'failed' });
      harness.advance(20 * SECOND);
    }

    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
    expect(standingIn(harness, ORDER)).toBe('unknown');
    harness.advance(20 * SECOND);
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);

    expect(standingIn(harness, ORDER)).toBe('notPlaced');
  });

  it('is settled from the time of giving up, also when it was never answered', () => {
    const harness = orderPath();
    place(harness);

    harness.advance(10 * SECOND);
    absentFor(harness, 29 * SECOND);
    expect(standingIn(harness, ORDER)).toBe('unknown');
    absentFor(harness, 3 * SECOND);

    expect(standingIn(harness, ORDER)).toBe('notPlaced');
  });

  it('is looked for once more when a late accept can no longer come', () => {
    const harness = unanswered();
    absentFor(harness, 31 * SECOND);
    expect(standingIn(harness, ORDER)).toBe('notPlaced');
    harness.takeEffects();

    harness.advance(10 * MINUTE);

    expect(harness.takeEffects().map(({ effect }) => effect.kind)).toEqual(['enquireOrder']);
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
    harness.advance(60 * MINUTE);
    expect(harness.takeEffects()).toEqual([]);
  });

  it('although the venue had reported it is an alarm and stays what it was', () => {
    const harness = orderPath();
    harness.answer(place(harness), done(reportOf(intentOf(0))));
    harness.advance(10 * SECOND);

    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);

    expect(standingIn(harness, ORDER)).toBe('working');
    expect(alertsOf(harness)).toEqual(['ORDER_VANISHED']);
  });
});

describe('B12: an accept that comes late', () => {
  it('by 1 s to 10 min is adopted, and nothing of it is lost', () => {
    const late = fc.integer({ min: 1, max: 600 });
    fc.assert(
      fc.property(late, fc.boolean(), fc.boolean(), (seconds, isFilled, isEnquired) => {
        const harness = unanswered();
        absentFor(harness, seconds * SECOND);

        const filled: Partial<OrderReport> = {
          status: 'partiallyFilled',
          event: 'partialFill',
          executions: [executionOf('f1', 40)],
          filledQuantity: shares(40),
        };
        const report = reportOf(intentOf(0), isFilled ? filled : {});
        const [enquiry] = harness.pending('enquireOrder');
        if (isEnquired && enquiry !== undefined) harness.answer(enquiry, done(report));
        else update(harness, report);

        expect(standingIn(harness, ORDER)).toBe(isFilled ? 'partiallyFilled' : 'working');
        expect(filledIn(harness, ORDER)).toBe(isFilled ? 40 : 0);
        const isGivenUp = releasesOf(harness, ORDER) === 1;
        expect(isGivenUp).toBe(seconds > 30);
        // Nothing is reserved for it any more, or its reason is old: it is taken back.
        const isOld = isGivenUp || seconds >= 55;
        expect(harness.pending('cancelOrder')).toHaveLength(isOld ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });

  it('ends like any other order, and gives nothing back a second time', () => {
    const harness = unanswered();
    absentFor(harness, 31 * SECOND);
    update(harness, reportOf(intentOf(0)));

    update(harness, reportOf(intentOf(0), { event: 'canceled', status: 'canceled' }));

    expect(standingIn(harness, ORDER)).toBe('canceled');
    expect(releasesOf(harness, ORDER)).toBe(1);
    expect(harness.factsOf('cancelAsked').map(({ reason }) => reason)).toEqual(['LATE_ACCEPT']);
  });

  it('can still be refused late', () => {
    const harness = unanswered();
    absentFor(harness, 31 * SECOND);

    update(harness, reportOf(intentOf(0), { event: 'rejected', status: 'rejected' }));

    expect(standingIn(harness, ORDER)).toBe('rejected');
    expect(releasesOf(harness, ORDER)).toBe(1);
  });
});

describe('an enquiry', () => {
  it('is asked again after a while that grows, and then stays', () => {
    const harness = unanswered({ type: 'market', purpose: 'exit' });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      harness.answer(last(harness, 'enquireOrder'), refused('ACCOUNT_UNKNOWN'));
      const answeredUs = harness.nowUs;
      while (harness.pending('enquireOrder').length === 0) harness.advance(SECOND);
      waits.push((harness.nowUs - answeredUs) / SECOND);
    }

    expect(waits).toEqual([5, 10, 15, 20, 20, 20, 20]);
  });

  it('that was overtaken by a newer one is heard, but does not ask again', () => {
    const harness = unanswered({ type: 'market', purpose: 'exit' });
    const first = last(harness, 'enquireOrder');
    harness.advance(SECOND);
    harness.tell(EXECUTION, { kind: 'cancelWanted', clientOrderId: ORDER, reason: 'TEST' });
    const second = last(harness, 'enquireOrder');
    expect(second).not.toEqual(first);

    harness.answer(first, NOT_FOUND);
    expect(harness.factsOf('absent')).toHaveLength(0);
    // Two questions without an answer are nobody's questions: later it is looked at anew.
    harness.advance(TIMES.settlingUs - SECOND);

    expect(harness.pending('enquireOrder')).toEqual([second]);
  });

  it('is made once in 200 ms, however much is said', () => {
    const harness = orderPath();
    harness.answer(place(harness), done(reportOf(intentOf(0))));
    const strange = reportOf(intentOf(0), { event: 'unrecognised', status: 'unrecognised' });

    for (let times = 0; times < 50; times += 1) {
      update(harness, strange);
      harness.advance(SECOND / 50);
    }
    harness.advance(SECOND / 2);

    expect(effectsOf(harness, 'enquireOrder')).toHaveLength(6);
  });
});
