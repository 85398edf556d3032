import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SymbolId, symbolId } from '../../../src/core/ids.ts';
import { planSlots, type SlotCandidate } from '../../../src/domain/universe/subscription-plan.ts';

const KEEP_US = 100;

function plan(change: Partial<Parameters<typeof planSlots>[0]>): readonly number[] {
  return planSlots({
    slots: 4,
    needed: [],
    candidates: [],
    held: new Map(),
    keepUs: KEEP_US,
    nowUs: 1_000,
    ...change,
  });
}

function candidate(symbol: number, layer: number, score: number): SlotCandidate {
  return { symbol: symbolId(symbol), layer, score };
}

const held = (...entries: readonly (readonly [number, number])[]) =>
  new Map<SymbolId, number>(entries.map(([symbol, us]) => [symbolId(symbol), us]));

const CROWD = [
  candidate(1, 1, 9),
  candidate(2, 1, 8),
  candidate(3, 2, 1),
  candidate(4, 2, 2),
  candidate(5, 2, Number.NaN),
  candidate(6, 1, 7),
];

describe('the slots', () => {
  it('go to the active by score, then to the liquid by score, until they are taken', () => {
    expect(plan({ candidates: CROWD })).toEqual([1, 3, 4, 5]);
    expect(plan({ candidates: CROWD, slots: 2 })).toEqual([3, 4]);
    expect(plan({ candidates: CROWD, slots: 20 })).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('go to what is held or ordered before anybody else, wherever it stands', () => {
    const needed = [symbolId(9), symbolId(2)];
    expect(plan({ candidates: CROWD, needed })).toEqual([2, 3, 4, 9]);
    expect(plan({ candidates: CROWD, needed, slots: 1 })).toEqual([9]);
  });

  it('are kept for a while, also by who has left the layers, and not longer', () => {
    const had = held([6, 950], [8, 901]);
    expect(plan({ candidates: CROWD, held: had })).toEqual([3, 4, 6, 8]);
    expect(plan({ candidates: CROWD, held: had, nowUs: 1_001 })).toEqual([3, 4, 5, 6]);
    expect(plan({ candidates: CROWD, held: had, nowUs: 1_050 })).toEqual([1, 3, 4, 5]);
  });

  it('are taken from the least of those who keep them when a position needs one', () => {
    const had = held([1, 950], [2, 950], [3, 950], [8, 950]);
    const needed = [symbolId(9)];
    expect(plan({ candidates: CROWD, held: had, needed })).toEqual([1, 2, 3, 9]);
  });

  it('are never more than there are, hold what is needed first, and no symbol twice', () => {
    const symbols = fc.nat(30).map(symbolId);
    const crowd = fc.array(
      fc.record({ symbol: symbols, layer: fc.constantFrom(1, 2), score: fc.double() }),
    );
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.uniqueArray(symbols, { maxLength: 15 }),
        crowd,
        fc.array(fc.tuple(symbols, fc.nat(1_000))),
        (slots, needed, candidates, had) => {
          const asked = { slots, needed, candidates, held: new Map(had) };
          const planned = plan(asked);

          expect(planned.length).toBeLessThanOrEqual(slots);
          expect(new Set(planned).size).toBe(planned.length);
          for (const symbol of needed.slice(0, slots)) expect(planned).toContain(symbol);
          const shuffled = { ...asked, candidates: candidates.toReversed() };
          if (new Set(candidates.map(({ symbol }) => symbol)).size === candidates.length) {
            expect(plan(shuffled)).toEqual(planned);
          }
        },
      ),
    );
  });
});
