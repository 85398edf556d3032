import { describe, expect, it } from 'vitest';
import { type SymbolId, symbolId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { costOf, type Fill, Ledger } from '../../../src/domain/portfolio/ledger.ts';

const A = symbolId(0);
const B = symbolId(1);

function ledger(): Ledger {
  const fresh = new Ledger();
  fresh.openAccount(money(1_000_000));
  return fresh;
}

function trade(
  books: Ledger,
  side: 'buy' | 'sell',
  quantity: number,
  ticks: number,
  symbol = A,
): void {
  books.fill(fillOf(side, quantity, ticks, symbol));
}

function fillOf(side: 'buy' | 'sell', quantity: number, ticks: number, symbol: SymbolId): Fill {
  return { symbol, side, execution: { quantity: shares(quantity), price: price(ticks) } };
}

describe('Ledger', () => {
  it('pays cash for shares and keeps what they cost', () => {
    const books = ledger();
    trade(books, 'buy', 10, 1_000);
    trade(books, 'buy', 5, 1_300);

    expect(books.position(A)).toEqual({ quantity: 15, cost: 16_500, realized: 0, mark: 1_000 });
    expect(books.cash).toBe(983_500);
  });

  it('books the gain of a part at average cost, and keeps the remainder in the cost', () => {
    const books = ledger();
    trade(books, 'buy', 2, 1_000);
    trade(books, 'buy', 1, 1_001);
    trade(books, 'sell', 1, 1_100);

    // A third of 3,001 is 1,000 and a third: 1,000 goes, 2,001 stays.
    expect(books.position(A)).toMatchObject({ quantity: 2, cost: 2_001, realized: 100 });
    trade(books, 'sell', 1, 1_100);
    // Half of 2,001 is rounded away from zero.
    expect(books.position(A)).toMatchObject({ quantity: 1, cost: 1_000, realized: 199 });
    trade(books, 'sell', 1, 1_100);
    expect(books.position(A)).toEqual({ quantity: 0, cost: 0, realized: 299, mark: 0 });
    expect(books.cash).toBe(1_000_299);
  });

  it('goes through zero in one fill: closes first, then opens the other way', () => {
    const books = ledger();
    trade(books, 'buy', 10, 1_000);
    trade(books, 'sell', 15, 1_200);

    expect(books.position(A)).toMatchObject({ quantity: -5, cost: -6_000, realized: 2_000 });
    trade(books, 'buy', 5, 1_100);
    expect(books.position(A)).toMatchObject({ quantity: 0, cost: 0, realized: 2_500 });
  });

  it('reckons what is held at its mark, shorts against us', () => {
    const books = ledger();
    trade(books, 'buy', 10, 1_000);
    trade(books, 'sell', 10, 500, B);
    books.mark(A, 1_100);
    books.mark(B, 550);

    expect(books.unrealized).toBe(1_000 - 500);
    expect(books.equity).toBe(1_000_500);
  });

  it('takes the first price of a new position for its mark, and forgets the mark with it', () => {
    const books = ledger();
    books.mark(A, 9_999);
    expect(books.position(A).mark).toBe(0);

    trade(books, 'buy', 1, 1_000);
    trade(books, 'buy', 1, 2_000);
    expect(books.position(A).mark).toBe(1_000);
    trade(books, 'sell', 2, 1_500);
    trade(books, 'buy', 1, 3_000);
    expect(books.position(A).mark).toBe(3_000);
  });
});

describe('costOf', () => {
  it.each([
    [10, 1, 4, 3], // 2.5 goes up.
    [9, 1, 4, 2],
    [-10, 1, 4, -3], // And down below zero.
    [11, 1, 4, 3],
    [7, 7, 7, 7],
    [0, 1, 3, 0],
  ])('of %i for %i of %i is %i: rounded half away from zero', (cost, closed, held, part) => {
    expect(costOf(money(cost), closed, held)).toBe(part);
  });

  it('is exact where the product leaves the safe integers', () => {
    const cost = 8_999_999_999_999_999;
    for (const [closed, held] of [
      [999_999, 1_000_000],
      [333_333, 999_999],
      [1, 999_983],
    ] as const) {
      const exact = (2n * BigInt(cost) * BigInt(closed) + BigInt(held)) / (2n * BigInt(held));
      expect(BigInt(costOf(money(cost), closed, held))).toBe(exact);
    }
  });
});
