import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  formatMoney,
  money,
  type Money,
  moneyFromDollars,
  notional,
  parseMoney,
  parsePrice,
  price,
  PRICE_MAX,
  roundToTick,
  SHARES_MAX,
  subtract,
  ZERO,
} from '../../../src/core/money.ts';

// RELIABILITY F3 asks for a million cases in the long run.
const numRuns = process.env['STRATA_LONG'] === '1' ? 1_000_000 : 20_000;

const amount = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
const ticks = fc.integer({ min: 1, max: PRICE_MAX });

describe('money', () => {
  it('is the sum of its parts, in any order', () => {
    const parts = fc.array(fc.integer({ min: -1e12, max: 1e12 }), { maxLength: 30 });

    fc.assert(
      fc.property(parts, fc.nat(), (amounts, turn) => {
        const whole = amounts.reduce((sum, part) => sum + BigInt(part), 0n);
        const cut = turn % (amounts.length + 1);
        const turned = [...amounts.slice(cut), ...amounts.slice(0, cut)];
        const total = turned.reduce<Money>((sum, part) => add(sum, money(part)), ZERO);

        return (
          BigInt(total) === whole &&
          turned.reduce<Money>((left, part) => subtract(left, money(part)), total) === 0
        );
      }),
      { numRuns },
    );
  });

  it('comes back from text unchanged', () => {
    fc.assert(
      fc.property(amount, (value) => Object.is(parseMoney(formatMoney(value)), value + 0)),
      { numRuns },
    );
    fc.assert(
      fc.property(ticks, (value) => parsePrice(formatMoney(value)) === value),
      { numRuns },
    );
  });

  it('comes back from dollars unchanged, as far as an account goes', () => {
    // Up to 10^11 dollars a double still has more places than a ten-thousandth needs.
    fc.assert(
      fc.property(amount, (value) => Object.is(moneyFromDollars(value / 10_000), value + 0)),
      { numRuns },
    );
  });

  it('of a split order is the money of the whole order', () => {
    const quantity = fc.integer({ min: -SHARES_MAX, max: SHARES_MAX });

    fc.assert(
      fc.property(ticks, quantity, fc.nat(), (value, whole, at) => {
        const part = whole === 0 ? 0 : Math.sign(whole) * (at % Math.abs(whole));
        const unit = price(value);
        const sum = add(notional(unit, part), notional(unit, whole - part));

        return sum === notional(unit, whole) && BigInt(sum) === BigInt(value) * BigInt(whole);
      }),
      { numRuns },
    );
  });
});

describe('roundToTick', () => {
  it('brackets the price by two ticks at most one apart', () => {
    const unit = fc.integer({ min: 100, max: PRICE_MAX });

    fc.assert(
      fc.property(unit, fc.constantFrom(1, 100), (value, tick) => {
        const [down, up] = [roundToTick(value, tick, 'down'), roundToTick(value, tick, 'up')];

        expect(down <= value && value <= up).toBe(true);
        expect([0, tick]).toContain(up - down);
        expect([down % tick, up % tick]).toEqual([0, 0]);
      }),
      { numRuns: 2_000 },
    );
  });
});
