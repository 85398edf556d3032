import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { symbolId, textId } from '../../../../src/core/ids.ts';
import { money, shares } from '../../../../src/core/money.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
} from '../../../../src/domain/market/event-batch.ts';
import { type AccountBook, createBook } from '../../../../src/domain/matching/account-book.ts';
import { partOf } from '../../../../src/domain/matching/fill-rules.ts';
import { advance, applyEvent, type Moment } from '../../../../src/domain/matching/matching.ts';
import { placeOrder } from '../../../../src/domain/matching/order-desk.ts';
import { listedSessions } from '../../../../src/domain/matching/trading-session.ts';
import type { VenueRules } from '../../../../src/domain/matching/venue-rules.ts';
import { limit, submit } from '../../../order-effects.ts';

const A = symbolId(0);
const DOLLAR = 10_000;

describe('partOf', () => {
  it('fills a part of random size in one of ten looks, at each look anew', () => {
    const book = bookOf({ partialFillChance: 0.1 });
    at(book, 1_000, (moment) => placeOrder(moment, limit('a', DOLLAR, { quantity: shares(900) })));
    const order = present(book.orders.get(textId('a')), 'the order');

    const parts = Array.from({ length: 2_000 }, () => partOf(book, order, 900));
    const partial = parts.filter((part) => part < 900);
    expect(partial.length).toBeGreaterThan(150);
    expect(partial.length).toBeLessThan(250);
    expect(new Set(partial).size).toBeGreaterThan(100);
    expect(Math.min(...partial)).toBeGreaterThan(0);
  });
});

describe('advance', () => {
  it('goes through every session in turn when time jumps while an order waits', () => {
    const book = bookOf();
    at(book, 0, (moment) => placeOrder(moment, limit('a', DOLLAR)));

    const tape = at(book, 9_000, () => {});
    expect(tape.map(({ event, venueUs }) => [event, venueUs])).toEqual([
      ['new', 1_000],
      ['expired', 2_010],
    ]);
  });

  it('is over when the sessions are', () => {
    const book = bookOf();
    at(book, 9_000, () => {});

    expect(book.edgeUs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('an order of very many fills', () => {
  it('is canceled at ten thousand executions', () => {
    const book = bookOf({ mode: 'realistic' });
    const batch = new EventBatch(1, 1);
    const slot = batch.add(QUOTE, A, 0, QUOTE_BID | QUOTE_ASK, 0);
    for (const column of [batch.b, batch.d]) column[slot] = 1;
    batch.c[slot] = DOLLAR;
    const quote = (moment: Moment) => applyEvent(moment, batch, slot);
    at(book, 1_000, quote);
    at(book, 1_001, (moment) => placeOrder(moment, submit('a', { quantity: shares(20_000) })));
    for (let round = 0; round < 9_998; round += 1) at(book, 1_002, quote);
    const order = present(book.orders.get(textId('a')), 'the order');
    expect(order.status).toBe('partiallyFilled');

    at(book, 1_002, quote);
    expect(order).toMatchObject({ status: 'canceled', filledQuantity: 10_000 });
  });
});

/** Does something at a time, and answers what the venue said until then. */
function at(book: AccountBook, venueUs: number, act: (moment: Moment) => void) {
  const moment: Moment = { book, venueUs, tape: [] };
  advance(moment);
  act(moment);
  return moment.tape;
}

/** Two sessions, 1,000 to 2,000 and 3,000 to 4,000. */
function bookOf(rules: Partial<VenueRules> = {}): AccountBook {
  return createBook({
    account: textId('contract'),
    startingCash: money(1_000_000 * DOLLAR),
    rules: {
      mode: 'paper',
      partialFillChance: 0,
      seed: 1,
      barSpreadBps: 0,
      barGraceUs: 10,
      closeGraceUs: 10,
      multiplier: 1,
      isShortingAllowed: false,
      idPrefix: 'v',
      ordersMax: 10,
      ...rules,
    },
    sessions: listedSessions([
      { openUs: 1_000, closeUs: 2_000 },
      { openUs: 3_000, closeUs: 4_000 },
    ]),
    listing: () => ({ name: 'X', assetClass: 'equity', isTradable: true }),
  });
}
