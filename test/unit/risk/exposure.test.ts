import { describe, expect, it } from 'vitest';
import { applyToBook } from '../../../src/actors/kernel/risk-facts.ts';
import { type ClientOrderId, type ExecutionId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import type { RiskBook } from '../../../src/domain/risk/book.ts';
import { shareOf } from '../../../src/domain/risk/limits.ts';
import { marketableLimit } from '../../../src/domain/risk/order-terms.ts';
import {
  ACCOUNT,
  askEntry,
  CASH,
  CLOSE_US,
  DATE,
  hold,
  HUNDRED,
  OPEN_US,
  openBook,
  reserve,
  symbol,
  wordOf,
} from './scene.ts';

const ORDER = textId<ClientOrderId>('o-0-entry-0');

function stood(book: RiskBook, standing: Standing): void {
  const fact = { clientOrderId: ORDER, symbol: symbol(0), standing, atUs: 1 } as const;
  applyToBook(book, { kind: 'stood', ...fact });
}

function filled(book: RiskBook, quantity: number): void {
  const order = { account: ACCOUNT, clientOrderId: ORDER, symbol: symbol(0), side: 'buy' } as const;
  const executionId = textId<ExecutionId>('x-1');
  const execution = { executionId, quantity: shares(quantity), price: price(HUNDRED), venueUs: 1 };
  applyToBook(book, { kind: 'filled', ...order, execution });
}

/** An order that was not found, so that its reservation was released. */
function notPlaced(): RiskBook {
  const book = openBook();
  reserve(book, 0, 'entry', 100);
  for (const standing of ['unknown', 'notPlaced'] as const) stood(book, standing);
  applyToBook(book, { kind: 'released', clientOrderId: ORDER, symbol: symbol(0) });
  return book;
}

describe('B12: an order that was not found', () => {
  it('holds no money back', () => {
    expect(notPlaced().exposure.freeCash).toBe(CASH);
    expect(wordOf(askEntry(notPlaced()))).toBe(200);
  });

  it('is reserved again when the venue shows it after all, with what it has filled', () => {
    const book = notPlaced();
    filled(book, 30);
    stood(book, 'partiallyFilled');

    expect(book.exposure.ordersOf(symbol(0))).toMatchObject([{ remaining: 70 }]);
    expect(book.exposure.freeCash).toBe(CASH - 100 * HUNDRED);
  });

  it('is gone with its end, though nobody releases it twice', () => {
    const book = notPlaced();
    stood(book, 'working');
    expect(wordOf(askEntry(book))).toBe('ORDER_OPEN');
    stood(book, 'canceled');

    expect(wordOf(askEntry(book))).toBe(200);
  });

  it('is not waited for on another day', () => {
    const book = notPlaced();
    const day = { openUs: OPEN_US, closeUs: CLOSE_US, equity: money(CASH) };
    applyToBook(book, { kind: 'dayOpened', date: DATE, ...day });
    expect(book.exposure.missing.size).toBe(1);
    applyToBook(book, { kind: 'dayOpened', date: DATE + 1, ...day });

    expect(book.exposure.missing.size).toBe(0);
  });
});

describe('an exposure', () => {
  it('spends neither the proceeds of a short nor as much again', () => {
    const book = openBook();
    hold(book, 1, -100);
    book.exposure.cash = money(CASH + 100 * HUNDRED);

    expect(book.exposure.equity).toBe(CASH);
    expect(book.exposure.freeCash).toBe(CASH - 100 * HUNDRED);
  });

  it('moves what is filled from the order to the position, and forgets the rest with it', () => {
    const book = openBook();
    reserve(book, 0, 'entry', 100, HUNDRED);
    filled(book, 40);

    expect(book.exposure.gross).toBe(100 * HUNDRED);
    applyToBook(book, { kind: 'released', clientOrderId: ORDER, symbol: symbol(0) });
    expect(book.exposure.gross).toBe(40 * HUNDRED);
  });

  it('counts the entries of a symbol anew with each day', () => {
    const book = openBook();
    book.pace.entries.set(symbol(0), 10);
    expect(wordOf(askEntry(book))).toBe('ENTRIES_MAX');
    const day = { openUs: OPEN_US, closeUs: CLOSE_US, equity: money(CASH) };
    applyToBook(book, { kind: 'dayOpened', date: DATE + 1, ...day });

    expect(wordOf(askEntry(book))).toBe(200);
  });
});

describe('shareOf', () => {
  it.each([
    [100, 0.29, 29], // 100 x 0.29 is 28.999999999999996 in doubles.
    [1_000_000_000, 0.02, 20_000_000],
    [-5, 0.5, 0],
  ])('of %i at %d is %i', (amount, ratio, share) => {
    expect(shareOf(amount, ratio)).toBe(share);
  });
});

describe('marketableLimit', () => {
  it.each([
    [1_600_000, 'buy', 1.25, 1_600_200], // Two cents through, exactly.
    [1_600_000, 'buy', 1.375, 1_600_300], // And what is not a whole tick is one tick more.
    [1_600_000, 'sell', 1.375, 1_599_700],
  ] as const)('of %i to %s by %d bps is %i', (ticks, side, bps, limit) => {
    expect(marketableLimit(ticks, side, bps)).toBe(limit);
  });

  it.each([
    [1, 'sell', 5, 1], // Nothing is no price.
    [9_000_000_000, 'buy', 5, 9_000_000_000], // More than a price can be is none either.
    [9_999, 'buy', 5, 10_100],
  ] as const)('stays a legal price: %i %s %d bps is %i', (ticks, side, bps, limit) => {
    expect(marketableLimit(ticks, side, bps)).toBe(limit);
  });
});
