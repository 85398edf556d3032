import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbolId, textId } from '../../../../src/core/ids.ts';
import { money, price } from '../../../../src/core/money.ts';
import {
  type AccountBook,
  bookExecution,
  buyingPower,
  createBook,
} from '../../../../src/domain/matching/account-book.ts';
import { alwaysOpen } from '../../../../src/domain/matching/trading-session.ts';

const A = symbolId(0);
const STARTING_CASH = 1_000_000;

describe('bookExecution', () => {
  it('takes the cost of what is sold in proportion, and the rest is gain', () => {
    const book = empty();
    bookExecution(book, { symbol: A, side: 'buy', quantity: 3 }, price(100));
    bookExecution(book, { symbol: A, side: 'buy', quantity: 1 }, price(200));
    bookExecution(book, { symbol: A, side: 'sell', quantity: 2 }, price(150));

    expect(book.positions.get(A)).toEqual({ quantity: 2, cost: 250, realized: 50 });
    expect(book.cash).toBe(STARTING_CASH - 500 + 300);
  });

  it('cuts a share of the cost to a whole ten-thousandth', () => {
    const book = empty();
    bookExecution(book, { symbol: A, side: 'buy', quantity: 1 }, price(102));
    bookExecution(book, { symbol: A, side: 'buy', quantity: 2 }, price(100));
    bookExecution(book, { symbol: A, side: 'sell', quantity: 2 }, price(100));

    // Two thirds of 302 are 201 and a third.
    expect(book.positions.get(A)).toEqual({ quantity: 1, cost: 101, realized: -1 });
  });

  it('closes before it opens when an execution goes through zero', () => {
    const book = empty();
    bookExecution(book, { symbol: A, side: 'buy', quantity: 2 }, price(100));
    bookExecution(book, { symbol: A, side: 'sell', quantity: 5 }, price(110));

    expect(book.positions.get(A)).toEqual({ quantity: -3, cost: -330, realized: 20 });
  });

  it('keeps cash = starting cash + realized - cost, exactly, for any executions', () => {
    const execution = fc.record({
      symbol: fc.integer({ min: 0, max: 2 }),
      side: fc.constantFrom('buy', 'sell'),
      quantity: fc.integer({ min: 1, max: 99_999 }),
      unit: fc.integer({ min: 1, max: 99_999_999 }),
    });

    fc.assert(
      fc.property(fc.array(execution, { maxLength: 50 }), (executions) => {
        const book = empty();
        let cash = BigInt(STARTING_CASH);
        for (const { symbol, side, quantity, unit } of executions) {
          bookExecution(book, { symbol: symbolId(symbol), side, quantity }, price(unit));
          cash += BigInt(side === 'buy' ? -quantity : quantity) * BigInt(unit);
        }
        let explained = STARTING_CASH;
        for (const { quantity, cost, realized } of book.positions.values()) {
          explained += realized - cost;
          if (quantity === 0) expect(cost).toBe(0);
          expect(Math.sign(cost) * Math.sign(quantity)).toBeGreaterThanOrEqual(0);
        }
        expect(BigInt(book.cash)).toBe(cash);
        expect(book.cash).toBe(explained);
      }),
    );
  });
});

describe('buyingPower', () => {
  it('is cash without margin, whatever the shares are worth', () => {
    const book = empty(1);
    bookExecution(book, { symbol: A, side: 'buy', quantity: 10 }, price(10_000));
    book.market.last[A] = 20_000;

    expect(buyingPower(book)).toBe(900_000);
  });

  it('is equity times the multiplier less what is held', () => {
    const book = empty(2);
    bookExecution(book, { symbol: A, side: 'buy', quantity: 10 }, price(10_000));
    book.market.last[A] = 20_000;

    expect(buyingPower(book)).toBe(2 * 1_100_000 - 200_000);
  });
});

function empty(multiplier: 1 | 2 | 4 = 4): AccountBook {
  return createBook({
    account: textId('a'),
    startingCash: money(STARTING_CASH),
    rules: {
      mode: 'paper',
      partialFillChance: 0,
      seed: 1,
      barSpreadBps: 0,
      barGraceUs: 0,
      closeGraceUs: 0,
      multiplier,
      isShortingAllowed: false,
      idPrefix: 'v',
      ordersMax: 10,
    },
    sessions: alwaysOpen,
    listing: () => undefined,
  });
}
