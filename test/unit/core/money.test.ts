import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import {
  add,
  formatMoney,
  money,
  moneyFromDollars,
  notional,
  parseMoney,
  parsePrice,
  price,
  PRICE_MAX,
  roundToTick,
  shares,
  SHARES_MAX,
  subtract,
  tickSize,
  ZERO,
} from '../../../src/core/money.ts';

describe('parsePrice', () => {
  it('reads decimal text exactly, below a cent too', () => {
    expect(parsePrice('189.25')).toBe(1_892_500);
    expect(parsePrice('1')).toBe(10_000);
    expect(parsePrice('0.0001')).toBe(1);
    expect(parsePrice('0.29')).toBe(2_900);
    expect(parsePrice('12.500000')).toBe(125_000);
    expect(parsePrice('900000')).toBe(PRICE_MAX);
  });

  it('answers undefined for what is no price', () => {
    const texts = [
      ['', ' ', '0', '0.0000', '-1', '+1', '1.', '.5', '1e3', '1,000', '1.00001', 'NaN'],
      ['900000.0001', '1000000', 'Infinity', '0x10', ' 1', '1 ', '1.2.3', '١'],
    ].flat();

    expect(texts.filter((text) => parsePrice(text) !== undefined)).toEqual([]);
  });
});

describe('parseMoney', () => {
  it('reads both signs and one zero', () => {
    expect(parseMoney('-12.3456')).toBe(-123_456);
    expect(parseMoney('99999999999.9999')).toBe(999_999_999_999_999);
    expect(parseMoney('-0.00')).toBe(0);
    expect(parseMoney('123456789012')).toBeUndefined();
    expect(parseMoney('--1')).toBeUndefined();
  });
});

describe('formatMoney', () => {
  it('shows at least two places, four where there are more', () => {
    expect(formatMoney(1_892_500)).toBe('189.25');
    expect(formatMoney(-1)).toBe('-0.0001');
    expect(formatMoney(0)).toBe('0.00');
    expect(formatMoney(125_000)).toBe('12.50');
    expect(formatMoney(12_345)).toBe('1.2345');
  });
});

describe('limits', () => {
  it('stop a price, a count or an amount that is not ours to have', () => {
    for (const ticks of [0, -1, 0.5, PRICE_MAX + 1, Number.NaN]) {
      expect(() => price(ticks), `price ${ticks}`).toThrow(InvariantError);
    }
    for (const count of [-1, 0.5, SHARES_MAX + 1]) {
      expect(() => shares(count), `shares ${count}`).toThrow(InvariantError);
    }
    for (const ticks of [0.5, 2 ** 53, Infinity, Number.NaN]) {
      expect(() => money(ticks), `money ${ticks}`).toThrow(InvariantError);
    }
  });

  it('stop a sum that would no longer be exact', () => {
    const most = money(Number.MAX_SAFE_INTEGER);

    expect(() => add(most, money(1))).toThrow(InvariantError);
    expect(() => subtract(money(-Number.MAX_SAFE_INTEGER), money(1))).toThrow(InvariantError);
    expect(add(most, ZERO)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('keep the largest notional exact', () => {
    const most = notional(price(PRICE_MAX), SHARES_MAX);

    expect(BigInt(most)).toBe(BigInt(PRICE_MAX) * BigInt(SHARES_MAX));
    expect(() => notional(price(1), SHARES_MAX + 1)).toThrow(InvariantError);
    expect(() => notional(price(1), 0.5)).toThrow(InvariantError);
  });
});

describe('zero', () => {
  it('has one sign, however it came about', () => {
    expect(notional(price(5), -0)).toBe(0);
    expect(money(-0)).toBe(0);
    expect(moneyFromDollars(-0)).toBe(0);
    expect(moneyFromDollars(-0.00001)).toBe(0);
  });
});

describe('moneyFromDollars', () => {
  it('rounds half away from zero to a ten-thousandth', () => {
    expect(moneyFromDollars(189.25)).toBe(1_892_500);
    expect(moneyFromDollars(0.1 + 0.2)).toBe(3_000);
    expect(moneyFromDollars(2 ** -5)).toBe(313); // 312.5 exactly.
    expect(moneyFromDollars(-(2 ** -5))).toBe(-313);
  });

  it('does not lift what is below a half, nor odd numbers above 2^52', () => {
    const belowHalf = 0.49999999999999994 / 10_000;
    const odd = (2 ** 52 + 1) / 10_000;

    expect(belowHalf * 10_000).toBeLessThan(0.5);
    expect(moneyFromDollars(belowHalf)).toBe(0);
    expect(moneyFromDollars(odd)).toBe(odd * 10_000);
  });

  it('stops at what is no amount', () => {
    for (const dollars of [Number.NaN, Infinity, 1e12]) {
      expect(() => moneyFromDollars(dollars)).toThrow(InvariantError);
    }
  });
});

describe('roundToTick', () => {
  it('goes to the next tick in the direction asked, and stays on a tick', () => {
    expect(roundToTick(1_892_501, 100, 'up')).toBe(1_892_600);
    expect(roundToTick(1_892_599, 100, 'down')).toBe(1_892_500);
    expect(roundToTick(1_892_500, 100, 'up')).toBe(1_892_500);
    expect(roundToTick(1_892_500, 100, 'down')).toBe(1_892_500);
  });

  it('uses cents from a dollar on and hundredths of a cent below', () => {
    expect([tickSize(10_000), tickSize(9_999), tickSize(1)]).toEqual([100, 1, 1]);
  });
});
