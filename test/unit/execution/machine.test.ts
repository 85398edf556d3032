import { describe, expect, it } from 'vitest';
import { shares } from '../../../src/core/money.ts';
import {
  isSettled,
  isTerminal,
  type Known,
  mayBecome,
  missingQuantity,
  standingOf,
  TRANSITIONS,
} from '../../../src/domain/orders/machine.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import { intentOf, reportOf } from './orders-fixture.ts';
import { EVENTS, STANDINGS, STATUSES } from './words.ts';

/** Every combination of what is known and what can be reported of an order of 100. */
function everyCase(visit: (known: Known, report: OrderReport) => void): void {
  for (const standing of STANDINGS) {
    for (const filledQuantity of standing === 'partiallyFilled' ? [40, 100] : [0, 40, 100]) {
      for (const status of STATUSES) {
        for (const event of EVENTS) {
          for (const told of [0, 40, 100]) {
            const terms = { status, event, filledQuantity: shares(told) };
            visit({ standing, quantity: 100, filledQuantity }, reportOf(intentOf(0), terms));
          }
        }
      }
    }
  }
}

describe('I4: the graph of standings', () => {
  it('lets no end become anything but filled', () => {
    const ends = STANDINGS.filter(isTerminal);

    expect(ends).toEqual(['filled', 'canceled', 'expired', 'rejected', 'replaced']);
    expect(ends.flatMap((end) => TRANSITIONS[end])).toEqual(['filled', 'filled']);
  });

  it('makes an order unknown only while nothing is known of it', () => {
    const sources = STANDINGS.filter((standing) => mayBecome(standing, 'unknown'));

    expect(sources).toEqual(['intended']);
  });

  it('lets absence conclude only what is unknown, and takes that back', () => {
    expect(STANDINGS.filter((standing) => mayBecome(standing, 'notPlaced'))).toEqual(['unknown']);
    expect(isTerminal('notPlaced')).toBe(false);
    expect(isSettled('notPlaced')).toBe(true);
    expect(mayBecome('notPlaced', 'working')).toBe(true);
  });

  it('never leads from a standing to itself', () => {
    for (const standing of STANDINGS) expect(mayBecome(standing, standing)).toBe(false);
  });
});

describe('a report', () => {
  it('leads along the graph, whatever it says of whatever order', () => {
    const wrong: string[] = [];
    everyCase((known, report) => {
      const next = standingOf(report, known);
      if (next === known.standing || mayBecome(known.standing, next)) return;
      wrong.push(`${known.standing} ${next}`);
    });

    expect(wrong).toEqual([]);
  });

  it('reopens nothing that has ended', () => {
    everyCase((known, report) => {
      if (!isTerminal(known.standing)) return;
      expect(['filled', known.standing]).toContain(standingOf(report, known));
    });
  });

  it('ends nothing while a fill that the venue counts is not booked', () => {
    everyCase((known, report) => {
      if (isTerminal(known.standing) || missingQuantity(report, known) === 0) return;
      expect(isSettled(standingOf(report, known))).toBe(false);
    });
  });

  it('makes filled what is booked in full, in whatever words it comes', () => {
    everyCase((known, report) => {
      if (known.filledQuantity < 100 || ['rejected', 'replaced'].includes(known.standing)) return;
      expect(standingOf(report, known)).toBe('filled');
    });
  });

  it('never makes an order unknown or given up', () => {
    everyCase((known, report) => {
      const next = standingOf(report, known);
      if (next !== known.standing) expect(['unknown', 'notPlaced', 'intended']).not.toContain(next);
    });
  });

  it('of a rejection after a fill ends the rest of the order', () => {
    const report = reportOf(intentOf(0), { status: 'rejected', filledQuantity: shares(40) });
    const known: Known = { standing: 'partiallyFilled', quantity: 100, filledQuantity: 40 };

    expect(standingOf(report, known)).toBe('canceled');
  });

  it('with a status of a later protocol is read by its event', () => {
    const report = reportOf(intentOf(0), { status: 'unrecognised', event: 'expired' });

    expect(standingOf(report, { standing: 'working', quantity: 100, filledQuantity: 0 })).toBe(
      'expired',
    );
  });
});
