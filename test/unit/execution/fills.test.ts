import { describe, expect, it } from 'vitest';
import { RECONCILIATION } from '../../../src/actors/kernel/actor-table.ts';
import { ByteReader, ByteWriter } from '../../../src/core/bytes.ts';
import { type Price, shares } from '../../../src/core/money.ts';
import { integer } from '../../../src/core/record.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { textId } from '../../../src/core/ids.ts';
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
  orderId,
  orderPath,
  place,
  releasesOf,
  reportOf,
  standingIn,
  update,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');

/** A fill of some shares, with what is filled in all after it. */
function fill(name: string, quantity: number, filled: number): OrderReport {
  const isLast = filled === 100;
  return reportOf(intentOf(0), {
    event: isLast ? 'fill' : 'partialFill',
    status: isLast ? 'filled' : 'partiallyFilled',
    filledQuantity: shares(filled),
    executions: [executionOf(name, quantity)],
  });
}

function ended(status: 'canceled' | 'expired', filled: number): OrderReport {
  return reportOf(intentOf(0), { event: status, status, filledQuantity: shares(filled) });
}

function working(): KernelHarness {
  const harness = orderPath();
  harness.answer(place(harness), done(reportOf(intentOf(0), { status: 'accepted' })));
  return harness;
}

const LIFE: readonly OrderReport[] = [
  reportOf(intentOf(0), { event: 'accepted', status: 'accepted' }),
  reportOf(intentOf(0)),
  fill('f1', 30, 30),
  fill('f2', 50, 80),
  fill('f3', 20, 100),
];

const SUBMISSIONS = ['answered first', 'answered last', 'never answered'] as const;

describe('B13: the five events of a life', () => {
  it.each(SUBMISSIONS)('in all 120 orders, submission %s, leave the true books', (submission) => {
    const orders = permutations([...LIFE.keys()]);
    expect(orders).toHaveLength(120);

    for (const order of orders) {
      const harness = orderPath();
      const submitted = place(harness);
      if (submission === 'answered first') harness.answer(submitted, done(LIFE[0]));
      for (const at of order) update(harness, LIFE[at] ?? reportOf(intentOf(0)));
      if (submission === 'answered last') harness.answer(submitted, done(LIFE[0]));
      if (submission === 'never answered') harness.answer(submitted, { outcome: 'unknown' });

      expectTrueBooks(harness, order.join(' '));
    }
  });

  it('each told twice, at once or at the end, are booked once', () => {
    for (const order of permutations([...LIFE.keys()])) {
      for (const told of [order.flatMap((at) => [at, at]), [...order, ...order]]) {
        const harness = orderPath();
        harness.answer(place(harness), done(LIFE[0]));
        for (const at of told) update(harness, LIFE[at] ?? reportOf(intentOf(0)));

        expectTrueBooks(harness, told.join(' '));
      }
    }
  });

  it('are booked once over a restart anywhere in between', () => {
    for (let cut = 0; cut <= LIFE.length; cut += 1) {
      const first = working();
      for (const report of LIFE.slice(0, cut)) update(first, report);
      const second = first.restarted();
      for (const report of LIFE) update(second, report);

      const facts = [...first.factsOf('filled'), ...second.factsOf('filled')];
      expect(facts.map(({ execution }) => execution.executionId)).toEqual(['f1', 'f2', 'f3']);
    }
  });
});

/** The auditor's view: three executions of 100 shares in all, and an order that is over. */
function expectTrueBooks(harness: KernelHarness, order: string): void {
  const booked = harness.factsOf('filled').map(({ execution }) => execution.executionId);
  expect(booked.toSorted(), order).toEqual(['f1', 'f2', 'f3']);
  expect(filledIn(harness, ORDER), order).toBe(100);
  expect(standingIn(harness, ORDER), order).toBe('filled');
  expect(releasesOf(harness, ORDER), order).toBe(1);
  const ends = harness.factsOf('stood').filter(({ standing }) => standing === 'filled');
  expect(ends, order).toHaveLength(1);
}

describe('a fill', () => {
  it('before the accept tells that the order is there', () => {
    const harness = orderPath();
    const submitted = place(harness);

    update(harness, fill('f1', 30, 30));
    harness.answer(submitted, done(LIFE[0]));

    expect(harness.factsOf('stood').map(({ standing }) => standing)).toEqual(['partiallyFilled']);
  });

  it.each(['canceled', 'expired'] as const)('after %s is booked and reopens nothing', (status) => {
    const harness = working();
    update(harness, ended(status, 0));

    update(harness, fill('f1', 30, 30));

    expect(filledIn(harness, ORDER)).toBe(30);
    expect(standingIn(harness, ORDER)).toBe(status);
    expect(releasesOf(harness, ORDER)).toBe(1);
  });

  it.each(['canceled', 'expired'] as const)('of everything wins the race with %s', (status) => {
    const harness = working();
    update(harness, ended(status, 0));

    update(harness, fill('f1', 100, 100));

    expect(standingIn(harness, ORDER)).toBe('filled');
    expect(releasesOf(harness, ORDER)).toBe(1);
  });

  it('that we missed is asked for, and the order does not end before it is booked', () => {
    const harness = working();

    update(harness, ended('canceled', 30));

    expect(standingIn(harness, ORDER)).toBe('working');
    expect(releasesOf(harness, ORDER)).toBe(0);
    const terms = { event: 'snapshot', executions: [executionOf('f1', 30)] } as const;
    harness.answer(last(harness, 'enquireOrder'), done({ ...ended('canceled', 30), ...terms }));
    expect(filledIn(harness, ORDER)).toBe(30);
    expect(standingIn(harness, ORDER)).toBe('canceled');
    expect(releasesOf(harness, ORDER)).toBe(1);
  });

  it('that the venue counts and cannot show is asked for until it can', () => {
    const harness = working();
    update(harness, ended('canceled', 30));

    for (let times = 0; times < 12; times += 1) {
      const snapshot = { ...ended('canceled', 30), event: 'snapshot' } as const;
      harness.answer(last(harness, 'enquireOrder'), done(snapshot));
      harness.advance(20 * SECOND);
    }

    expect(standingIn(harness, ORDER)).not.toBe('canceled');
    expect(alertsOf(harness)).toContain('ORDER_FATE_UNKNOWN');
    expect(harness.pending('enquireOrder')).toHaveLength(1);
  });

  it('of more than was ordered is not booked, and somebody is told', () => {
    const harness = working();
    update(harness, fill('f1', 80, 80));

    update(harness, fill('f2', 30, 100));

    expect(filledIn(harness, ORDER)).toBe(80);
    expect(harness.factsOf('strayReported')).toHaveLength(1);
    expect(alertsOf(harness)).toEqual(['STRAY_REPORT']);
  });

  it('of no shares, or at no price, is not booked', () => {
    const harness = working();
    const free = { ...executionOf('f2', 10), price: decodedPrice(0) };

    update(harness, { ...fill('f1', 0, 0) });
    update(harness, { ...fill('f2', 10, 10), executions: [free] });

    expect(filledIn(harness, ORDER)).toBe(0);
    expect(harness.factsOf('strayReported')).toHaveLength(2);
  });

  it('twice in one snapshot is booked once', () => {
    const harness = working();
    const executions = [executionOf('f1', 30), executionOf('f1', 30)];

    update(harness, { ...fill('f1', 30, 30), executions });

    expect(filledIn(harness, ORDER)).toBe(30);
  });
});

describe('a report', () => {
  it('of an order that is not ours is left to reconciliation, and nothing is booked', () => {
    const harness = working();

    const report = reportOf(intentOf(7));
    update(harness, report);

    expect(harness.heard(RECONCILIATION)).toEqual([{ kind: 'ordersTaken', notOurs: [report] }]);
    expect(harness.factsOf('filled', 'released', 'strayReported')).toEqual([]);
  });

  it.each([
    { symbol: intentOf(0).symbol, side: 'sell' },
    { account: textId<never>('another') },
  ] as const)('that differs from what we ordered is not believed: %o', (terms) => {
    const harness = working();

    update(harness, { ...fill('f1', 30, 30), ...terms });

    expect(harness.factsOf('filled')).toEqual([]);
    expect(harness.factsOf('strayReported')).toHaveLength(1);
    expect(harness.pending('enquireOrder')).toHaveLength(1);
  });

  it('E3: with an event we do not know leads to a question, even after the end', () => {
    const harness = working();
    update(harness, fill('f1', 100, 100));

    update(harness, { ...fill('f1', 100, 100), event: 'unrecognised' });

    expect(harness.pending('enquireOrder')).toHaveLength(1);
    expect(standingIn(harness, ORDER)).toBe('filled');
  });

  it('of a rejection after the accept rejects it: an answer to a submission is early', () => {
    const harness = working();

    update(harness, reportOf(intentOf(0), { event: 'rejected', status: 'rejected' }));

    expect(standingIn(harness, ORDER)).toBe('rejected');
    expect(releasesOf(harness, ORDER)).toBe(1);
  });

  it('of a larger order than ours takes it back', () => {
    const harness = working();

    update(harness, reportOf(intentOf(0), { event: 'restated', quantity: shares(300) }));

    expect(alertsOf(harness)).toEqual(['ORDER_RESTATED']);
    expect(harness.factsOf('cancelAsked').map(({ reason }) => reason)).toEqual(['RESTATED']);
    expect(harness.pending('cancelOrder')).toHaveLength(1);
  });

  it('of a smaller order than ours is filled when that is filled', () => {
    const harness = working();

    update(harness, { ...fill('f1', 60, 60), quantity: shares(60), status: 'filled' });

    expect(standingIn(harness, ORDER)).toBe('filled');
    expect(effectsOf(harness, 'cancelOrder')).toEqual([]);
  });
});

describe('an order replaced at the venue', () => {
  const successor = orderId('by-hand');
  const replaced = { event: 'replaced', status: 'replaced', successor } as const;

  function replacedAfter(filled: number): KernelHarness {
    const harness = working();
    if (filled > 0) update(harness, fill('f1', filled, filled));
    const terms = { ...replaced, filledQuantity: shares(filled) };
    update(harness, reportOf(intentOf(0), terms));
    return harness;
  }

  it('goes on as its successor, of which nothing is known yet', () => {
    const harness = replacedAfter(30);

    expect(standingIn(harness, ORDER)).toBe('replaced');
    expect(releasesOf(harness, ORDER)).toBe(1);
    const [, intent] = harness.factsOf('intended');
    expect(intent).toMatchObject({ clientOrderId: successor, quantity: 70, strategy: 'momentum' });
    expect(standingIn(harness, successor)).toBe('unknown');
    expect(last(harness, 'enquireOrder').effect).toMatchObject({ clientOrderId: successor });
  });

  it('is filled under its new name', () => {
    const harness = replacedAfter(30);
    const intent = intentOf(0, { clientOrderId: successor, quantity: shares(70) });

    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intent, { event: 'snapshot' })));
    expect(standingIn(harness, successor)).toBe('working');
    const terms = { status: 'filled', event: 'fill', filledQuantity: shares(70) } as const;
    update(harness, reportOf(intent, { ...terms, executions: [executionOf('f2', 70)] }));

    expect(standingIn(harness, successor)).toBe('filled');
    expect(filledIn(harness, ORDER) + filledIn(harness, successor)).toBe(100);
    expect(harness.factsOf('released')).toHaveLength(2);
  });

  it('is followed once, however often it is said', () => {
    const harness = replacedAfter(0);

    update(harness, reportOf(intentOf(0), replaced));

    expect(harness.factsOf('intended')).toHaveLength(2);
  });

  it('takes a cancel that was asked for with it', () => {
    const harness = working();
    harness.advance(MINUTE); // Not filled in time.
    expect(harness.pending('cancelOrder')).toHaveLength(1);

    update(harness, reportOf(intentOf(0), replaced));
    const intent = intentOf(0, { clientOrderId: successor });
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intent, { event: 'snapshot' })));

    expect(last(harness, 'cancelOrder').effect).toMatchObject({ clientOrderId: successor });
  });

  it('by an order that nobody names is over, and somebody is told', () => {
    const harness = working();

    update(harness, reportOf(intentOf(0), { event: 'replaced', status: 'replaced' }));

    expect(standingIn(harness, ORDER)).toBe('replaced');
    expect(releasesOf(harness, ORDER)).toBe(1);
    expect(alertsOf(harness)).toEqual(['STRAY_REPORT']);
  });
});

/** As a faulty adapter might send it: no price of our own making is 0. */
function decodedPrice(ticks: number): Price {
  const writer = new ByteWriter();
  writer.f64(ticks);
  return integer<Price>().read(new ByteReader(writer.bytes));
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item].concat(rest)),
  );
}
