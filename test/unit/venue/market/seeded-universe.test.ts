import { describe, expect, it } from 'vitest';
import {
  EXTRA_SYMBOLS,
  SECTORS,
  seededUniverse,
} from '../../../../src/venue/market/seeded-universe.ts';

const EQUITIES = 10_000;

describe('seededUniverse', () => {
  const universe = seededUniverse(3, EQUITIES);

  it('invents different names as exchanges write them, some with a share class', () => {
    const names = universe.symbols.map(({ name }) => name);

    expect(new Set(names).size).toBe(EQUITIES + EXTRA_SYMBOLS);
    expect(names.filter((name) => !/^[A-Z]{1,5}(\.[AB])?$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.includes('.')).length).toBeGreaterThan(100);
  });

  it('spreads the companies over eleven sectors, and adds two funds and an index', () => {
    const sectors = new Set(universe.symbols.slice(0, EQUITIES).map(({ sector }) => sector));
    const extra = universe.symbols.slice(EQUITIES);

    expect([...sectors].toSorted()).toEqual([...SECTORS].toSorted());
    expect(extra.map(({ assetClass }) => assetClass)).toEqual(['fund', 'fund', 'index']);
    expect(extra.map(({ isTradable }) => isTradable)).toEqual([true, true, false]);
  });

  it('lets busy symbols have narrow spreads and quiet ones wide ones', () => {
    const spreads = [...universe.spreadBps.subarray(0, EQUITIES)];
    const busiest = universe.liquidity.indexOf(Math.max(...universe.liquidity));
    const quietest = universe.liquidity.indexOf(
      Math.min(...universe.liquidity.subarray(0, EQUITIES)),
    );
    const total = universe.liquidity.subarray(0, EQUITIES).reduce((sum, value) => sum + value, 0);

    expect(universe.spreadBps[busiest]).toBeLessThanOrEqual(2);
    expect(universe.spreadBps[quietest]).toBeGreaterThan(50);
    expect(Math.min(...spreads)).toBeGreaterThanOrEqual(1);
    expect(total / EQUITIES).toBeCloseTo(1, 9);
  });

  it('has prices from a few dollars to some hundred', () => {
    const levels = universe.level.subarray(0, EQUITIES);

    expect(Math.exp(Math.min(...levels))).toBeGreaterThanOrEqual(39_999);
    expect(Math.exp(Math.max(...levels))).toBeLessThanOrEqual(9_000_001);
  });
});
