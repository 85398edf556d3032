import { describe, expect, it } from 'vitest';
import {
  ctaFlags,
  extendedHoursFlags,
  leanQuoteFlags,
  leanTradeFlags,
  NO_CONDITION,
  TRADE_EXTENDED,
  tradeFlags,
  utpFlags,
} from '../../../../src/domain/market/conditions.ts';
import {
  QUOTE_INELIGIBLE,
  TRADE_HIGH_LOW,
  TRADE_LAST,
  TRADE_OPEN_CLOSE,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';

function combined(of: (code: number) => number, letters: string): number {
  let flags = NO_CONDITION;
  for (const letter of letters) flags &= of(letter.charCodeAt(0));
  return tradeFlags(flags);
}

const LATE = TRADE_HIGH_LOW | TRADE_VOLUME;

describe('sale conditions', () => {
  it.each([
    ['@', TRADE_REGULAR],
    ['@F', TRADE_REGULAR],
    ['@I', TRADE_VOLUME],
    ['@FI', TRADE_VOLUME],
    ['@4', LATE],
    ['Z', LATE],
    ['C', TRADE_VOLUME],
    ['M', 0],
    ['Q', 0],
    ['O', TRADE_REGULAR],
    ['6', TRADE_REGULAR],
    ['@TI', TRADE_VOLUME],
    ['@T', TRADE_VOLUME | TRADE_EXTENDED],
    ['9', TRADE_HIGH_LOW | TRADE_LAST | TRADE_OPEN_CLOSE],
  ])('lets "%s" do the same on both plans', (letters, flags) => {
    expect(combined(ctaFlags, letters)).toBe(flags);
    expect(combined(utpFlags, letters)).toBe(flags);
  });

  it('knows that B is an average price on one plan and a bunched trade on the other', () => {
    expect(combined(ctaFlags, 'B')).toBe(TRADE_VOLUME);
    expect(combined(utpFlags, 'B')).toBe(TRADE_REGULAR);
    expect(combined(utpFlags, 'W')).toBe(TRADE_VOLUME);
  });

  it('counts the volume, and nothing else, of a letter it does not know', () => {
    expect(combined(ctaFlags, '@!')).toBe(TRADE_VOLUME);
    expect(utpFlags(0x4e00)).toBe(TRADE_VOLUME);
  });

  it('lets an extended-hours trade set prices only where the bar is one of those hours', () => {
    const flags = combined(utpFlags, '@T');

    expect(flags & TRADE_REGULAR).toBe(TRADE_VOLUME);
    expect(extendedHoursFlags(flags) & TRADE_REGULAR).toBe(TRADE_REGULAR);
    expect(extendedHoursFlags(combined(utpFlags, '@TI'))).toBe(TRADE_VOLUME);
    expect(extendedHoursFlags(combined(utpFlags, '@U'))).toBe(TRADE_VOLUME);
  });
});

describe('Lean condition bits', () => {
  it.each([
    [0, TRADE_REGULAR],
    [0x1, TRADE_REGULAR],
    [0x20000020, TRADE_REGULAR],
    [0x2000, TRADE_VOLUME | TRADE_EXTENDED],
    [0x20002020, TRADE_VOLUME | TRADE_EXTENDED],
    [0x102000, TRADE_VOLUME],
    [0x4800, LATE],
    [0x20000200, LATE],
    [0x20100000, TRADE_VOLUME],
    [0x1000000, 0],
    [0x4000000, 0],
    [0x80000000, TRADE_VOLUME],
    [0x80000001, TRADE_VOLUME],
  ])('reads %d by the plans', (bits, flags) => {
    expect(leanTradeFlags(bits)).toBe(flags);
  });

  it('takes quotes that cannot be hit out of the best bid and offer', () => {
    expect([0, 0x1, 0x2, 0x800, 0x200000].map(leanQuoteFlags)).toEqual([0, 0, 0, 0, 0]);
    for (const bits of [0x4, 0x8, 0x10, 0x400, 0x100000, 0x400001]) {
      expect(leanQuoteFlags(bits)).toBe(QUOTE_INELIGIBLE);
    }
  });
});
