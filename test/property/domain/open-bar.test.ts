import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTrade, isEmptyBar, OPEN_BAR_WIDTH, resetBar } from '../../../src/domain/market/bar.ts';
import {
  TRADE_HIGH_LOW,
  TRADE_OPEN_CLOSE,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../src/domain/market/event-batch.ts';

const trade = fc.record({
  price: fc.integer({ min: 1, max: 5_000_000 }),
  size: fc.integer({ min: 1, max: 10_000 }),
  flags: fc.integer({ min: 0, max: 31 }),
});

interface Trade {
  readonly price: number;
  readonly size: number;
  readonly flags: number;
}

/** Written from the definition, over whole lists. */
function naive(trades: readonly Trade[], startUs: number): readonly number[] {
  const trusted = trades.filter((each) => (each.flags & TRADE_SUSPICIOUS) === 0);
  const having = (flag: number) => trusted.filter((each) => (each.flags & flag) !== 0);
  const prices = having(TRADE_OPEN_CLOSE).map((each) => each.price);
  const extremes = having(TRADE_HIGH_LOW).map((each) => each.price);
  const counted = having(TRADE_VOLUME);
  const any = trusted.some(
    (each) => (each.flags & (TRADE_HIGH_LOW | TRADE_OPEN_CLOSE | TRADE_VOLUME)) !== 0,
  );
  return [
    prices[0] ?? Number.NaN,
    extremes.length > 0 ? Math.max(...extremes) : Number.NaN,
    extremes.length > 0 ? Math.min(...extremes) : Number.NaN,
    prices.at(-1) ?? Number.NaN,
    counted.reduce((sum, each) => sum + each.size, 0),
    counted.reduce((sum, each) => sum + each.size * each.price, 0),
    counted.length,
    any ? startUs : Number.NaN,
  ];
}

describe('an open bar', () => {
  it('equals a naive reading of its trades, and writes nothing outside its slots', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 60 }), fc.nat(9), (trades, at) => {
        const state = new Float64Array(at + OPEN_BAR_WIDTH + 3).fill(-7);
        resetBar(state, at);
        for (const { price, size, flags } of trades) addTrade(state, at, price, size, flags, 60);

        const [open, high, , , volume] = naive(trades, 60);
        expect([...state.subarray(at, at + OPEN_BAR_WIDTH)]).toEqual(naive(trades, 60));
        expect([...state.subarray(0, at), ...state.subarray(at + OPEN_BAR_WIDTH)]).toEqual(
          Array.from({ length: at + 3 }, () => -7),
        );
        expect(isEmptyBar(state, at)).toBe(
          Number.isNaN(open) || Number.isNaN(high) || volume === 0,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a trade of another bar, for its owner forgot to close it', () => {
    const state = new Float64Array(OPEN_BAR_WIDTH);
    resetBar(state, 0);
    addTrade(state, 0, 100, 1, TRADE_VOLUME, 60);

    expect(() => addTrade(state, 0, 100, 1, TRADE_VOLUME, 120)).toThrow('broken invariant');
  });
});
