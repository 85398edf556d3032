import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SymbolId, symbolId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { type Fill, Ledger } from '../../../src/domain/portfolio/ledger.ts';

// RELIABILITY F3 asks for a million cases in the long run, F4 for a hundred thousand.
const isLong = process.env['STRATA_LONG'] === '1';
const CASH = 1_000_000_000;
const SYMBOLS = 3;

const fill: fc.Arbitrary<Fill> = fc
  .record({
    symbol: fc.nat(SYMBOLS - 1),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 5_000 }),
    ticks: fc.integer({ min: 1, max: 9_999_999 }),
  })
  .map(({ symbol, side, quantity, ticks }) => ({
    symbol: symbolId(symbol),
    side,
    execution: { quantity: shares(quantity), price: price(ticks) },
  }));
const fills = fc.array(fill, { maxLength: 40 });

function booked(trades: readonly Fill[]): Ledger {
  const ledger = new Ledger();
  ledger.openAccount(money(CASH));
  for (const trade of trades) ledger.fill(trade);
  return ledger;
}

function sum(ledger: Ledger, what: 'cost' | 'realized'): number {
  return [...ledger.positions.values()].reduce((total, position) => total + position[what], 0);
}

describe('the ledger', () => {
  it('F3: is the sum of its parts after every fill, without a remainder', () => {
    fc.assert(
      fc.property(fills, (trades) => {
        const ledger = booked([]);
        for (const trade of trades) {
          ledger.fill(trade);
          expect(ledger.cash + sum(ledger, 'cost')).toBe(CASH + ledger.realized);
          expect(sum(ledger, 'realized')).toBe(ledger.realized);
          expect(ledger.equity).toBe(CASH + ledger.realized + ledger.unrealized);
        }
      }),
      { numRuns: isLong ? 1_000_000 : 1_000 },
    );
  });

  it('F3: has no cost where nothing is held, and cost on the side that is held', () => {
    fc.assert(
      fc.property(fills, (trades) => {
        for (const { quantity, cost } of booked(trades).positions.values()) {
          if (quantity === 0) expect(cost).toBe(0);
          else expect(Math.sign(cost) * Math.sign(quantity)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: isLong ? 1_000_000 : 2_000 },
    );
  });

  it('F4: is the same in any order of the same fills, at a given mark', () => {
    const shuffled = fills.chain((trades) =>
      fc.tuple(
        fc.constant(trades),
        fc.shuffledSubarray(trades, { minLength: trades.length, maxLength: trades.length }),
        fc.array(fc.integer({ min: 1, max: 9_999_999 }), {
          minLength: SYMBOLS,
          maxLength: SYMBOLS,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([trades, others, marks]) => {
        const [left, right] = [booked(trades), booked(others)];
        for (const [at, mark] of marks.entries()) {
          left.mark(symbolId(at), mark);
          right.mark(symbolId(at), mark);
        }

        expect(totals(right)).toEqual(totals(left));
      }),
      { numRuns: isLong ? 100_000 : 2_000 },
    );
  });

  it('F4: agrees with a reckoning that keeps no cost at all', () => {
    fc.assert(
      fc.property(fills, (trades) => {
        const ledger = booked(trades);
        let cash = BigInt(CASH);
        const held = new Map<SymbolId, bigint>();
        for (const { symbol, side, execution } of trades) {
          const change = BigInt(execution.quantity) * (side === 'buy' ? 1n : -1n);
          cash -= change * BigInt(execution.price);
          held.set(symbol, (held.get(symbol) ?? 0n) + change);
        }

        expect(BigInt(ledger.cash)).toBe(cash);
        for (const [symbol, quantity] of held) {
          expect(BigInt(ledger.position(symbol).quantity)).toBe(quantity);
        }
      }),
      { numRuns: isLong ? 100_000 : 1_000 },
    );
  });
});

/** What must not depend on the order. How the gain divides into booked and open does. */
function totals(ledger: Ledger) {
  const held = [...ledger.positions]
    .filter(([, { quantity }]) => quantity !== 0)
    .map(([symbol, { quantity }]) => [symbol, quantity] as const)
    .toSorted(([left], [right]) => left - right);
  return { held, cash: ledger.cash, gain: ledger.realized + ledger.unrealized };
}
