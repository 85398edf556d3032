import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import {
  type Candidate,
  stratifiedSymbols,
} from '../../../../src/models/data/stratified-symbols.ts';

const SECTORS = ['Energy', 'Health', 'Health', 'Technology', 'Technology', 'Technology'];

function candidates(count: number): readonly Candidate[] {
  const random = new Random(1);
  return Array.from({ length: count }, (_, at) => ({
    symbol: `S${String(at).padStart(5, '0')}`,
    sector: SECTORS[at % SECTORS.length] ?? '',
    liquidity: random.unit(),
  }));
}

describe('a stratified sample of symbols', () => {
  const all = candidates(6_000);
  const drawn = stratifiedSymbols(all, { size: 2_000, seed: 7 });

  it('gives each sector and bucket of liquidity its share', () => {
    expect(drawn.symbols.length).toBe(2_000);
    expect(new Set(drawn.symbols).size).toBe(2_000);
    expect(drawn.strata.length).toBe(15);
    for (const { candidates: of, taken } of drawn.strata) {
      expect(Math.abs(taken - of / 3)).toBeLessThan(1);
    }
    const taken = drawn.strata.reduce((sum, stratum) => sum + stratum.taken, 0);
    expect(taken).toBe(2_000);
  });

  it('takes the recorded number from each stratum', () => {
    const sectorOf = new Map(all.map(({ symbol, sector }) => [symbol, sector]));
    const health = drawn.symbols.filter((symbol) => sectorOf.get(symbol) === 'Health').length;
    const recorded = drawn.strata
      .filter(({ sector }) => sector === 'Health')
      .reduce((sum, stratum) => sum + stratum.taken, 0);

    expect(health).toBe(recorded);
  });

  it('is the same from the same seed in any order of candidates, and else another', () => {
    const again = stratifiedSymbols(all.toReversed(), { size: 2_000, seed: 7 });
    expect(again).toEqual(drawn);
    expect(stratifiedSymbols(all, { size: 2_000, seed: 8 }).symbols).not.toEqual(drawn.symbols);
  });

  it('does not draw by name: each half of a stratum has its chance', () => {
    const one = candidates(1_000).map(({ symbol }) => ({ symbol, liquidity: 1 }));
    const { symbols } = stratifiedSymbols(one, { size: 500, seed: 3, buckets: 1 });
    const early = symbols.filter((symbol) => symbol < 'S00500').length;

    expect(Math.abs(early - 250)).toBeLessThan(60);
  });

  it('draws strata of one size apart from each other', () => {
    const two = ['A', 'B'].flatMap((sector) =>
      Array.from({ length: 50 }, (_, at) => ({
        symbol: `${sector}${at + 10}`,
        sector,
        liquidity: 1,
      })),
    );
    const { symbols } = stratifiedSymbols(two, { size: 50, seed: 3, buckets: 1 });
    const placesOf = (sector: string) =>
      symbols.flatMap((symbol) => (symbol.startsWith(sector) ? [symbol.slice(1)] : []));

    expect(placesOf('A').length).toBe(25);
    expect(placesOf('A')).not.toEqual(placesOf('B'));
  });

  it('takes all where fewer are there, and none where none is', () => {
    expect(stratifiedSymbols(all.slice(0, 5), { size: 10, seed: 1 }).symbols.length).toBe(5);
    expect(stratifiedSymbols([], { size: 10, seed: 1 })).toMatchObject({ symbols: [], strata: [] });
  });
});
