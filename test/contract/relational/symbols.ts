import { beforeEach, describe, expect, it } from 'vitest';
import type { Listing, Move, SymbolRegistry } from '../../../src/ports/relational/symbols.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

/** Meta Platforms traded as FB until 9 June 2022. */
const RENAMED_US = Date.UTC(2022, 5, 9) * 1_000;
const IN_2020_US = Date.UTC(2020, 0, 1) * 1_000;
const IN_2026_US = Date.UTC(2026, 0, 1) * 1_000;

export function describeSymbols(world: () => RelationalWorld): void {
  describe('the registry of symbols', () => {
    beforeEach(async () => {
      await world().clean();
    });
    const symbols = (): SymbolRegistry => world().store.symbols;
    const rename = async (securityId: string, name: string, atUs: number) =>
      refusal(await symbols().rename({ securityId, name, atUs, reason: 'rebranded' }));

    it('tells what was called what on a date', async () => {
      value(await symbols().introduce([listing('meta', 'FB')]));
      expect(await rename('meta', 'META', RENAMED_US)).toBe('done');

      expect(await symbols().called('META', IN_2026_US)).toBe('meta');
      expect(await symbols().called('META', IN_2020_US)).toBeUndefined();
      expect(await symbols().called('FB', RENAMED_US - 1)).toBe('meta');
      expect(await symbols().called('FB', RENAMED_US)).toBeUndefined();
      expect(await symbols().nameAt('META', IN_2026_US, IN_2020_US)).toBe('FB');
      expect(await symbols().nameAt('FB', IN_2020_US, IN_2026_US)).toBe('META');
      expect(await symbols().namesOf('meta')).toEqual([
        { securityId: 'meta', name: 'FB', fromUs: 100, untilUs: RENAMED_US },
        { securityId: 'meta', name: 'META', fromUs: RENAMED_US },
      ]);
    });

    it('J5 lets a name be had by one at a time, and by another later', async () => {
      value(await symbols().introduce([listing('old', 'X'), listing('new', 'Y')]));

      expect(await rename('new', 'X', 500)).toBe('NAME_TAKEN');
      value(await symbols().delist('old', 400));
      expect(await rename('new', 'X', 399)).toBe('NAME_TAKEN');
      expect(await rename('new', 'X', 400)).toBe('done');
      expect(await symbols().called('X', 399)).toBe('old');
      expect(await symbols().called('X', 400)).toBe('new');
      expect(refusal(await symbols().introduce([listing('third', 'X', 450)]))).toBe('NAME_TAKEN');
    });

    it('swaps two names in the order in which they are free', async () => {
      value(await symbols().introduce([listing('a', 'A'), listing('b', 'B')]));

      expect(await rename('a', 'A.OLD', 200)).toBe('done');
      expect(await rename('b', 'A', 200)).toBe('done');
      expect(await rename('a', 'B', 300)).toBe('done');
      expect(await symbols().nameAt('B', 300, 150)).toBe('A');
    });

    it('takes the same again as said, and what contradicts it not', async () => {
      value(await symbols().introduce([listing('meta', 'FB')]));
      expect(await rename('meta', 'META', 200)).toBe('done');

      expect(await rename('meta', 'META', 200)).toBe('done');
      expect(refusal(await symbols().introduce([listing('meta', 'FB')]))).toBe('done');
      expect(refusal(await symbols().introduce([listing('meta', 'OTHER')]))).toBe(
        'IDENTITY_REUSED',
      );
      expect(refusal(await symbols().introduce([listing('n', 'N'), listing('n', 'M')]))).toBe(
        'IDENTITY_REUSED',
      );
      expect(await rename('nobody', 'N', 1)).toBe('UNKNOWN_ID');
      value(await symbols().delist('meta', 900));
      value(await symbols().delist('meta', 900));
      expect(refusal(await symbols().delist('meta', 901))).toBe('TIME_BACKWARDS');
    });

    it('refuses a name that ends before it began, as when a clock steps back', async () => {
      value(await symbols().introduce([listing('a', 'A', 500)]));

      expect(await rename('a', 'B', 499)).toBe('TIME_BACKWARDS');
      expect(await rename('a', 'B', 500)).toBe('TIME_BACKWARDS');
      expect(refusal(await symbols().delist('a', 1))).toBe('TIME_BACKWARDS');
      expect(await symbols().namesOf('a')).toHaveLength(1);
    });

    it('tells who was in a group at a moment, by the names of that moment', async () => {
      value(await symbols().introduce([listing('meta', 'FB'), listing('ibm', 'IBM')]));
      await rename('meta', 'META', 1_000);
      const moves = [move('ibm', 'enter', 200), move('meta', 'enter', 300)];
      value(await symbols().move([...moves, move('ibm', 'leave', 400)]));
      value(await symbols().move([move('ibm', 'enter', 2_000)]));
      const names = async (atUs: number) =>
        (await symbols().members('layer-1', atUs)).map(({ name }) => name);

      expect(await names(199)).toEqual([]);
      expect(await names(300)).toEqual(['FB', 'IBM']);
      expect(await names(400)).toEqual(['FB']);
      expect(await names(2_000)).toEqual(['IBM', 'META']);
      expect(await symbols().members('layer-2', 300)).toEqual([]);
      expect(await symbols().stays('ibm')).toEqual([
        {
          group: 'layer-1',
          fromUs: 200,
          untilUs: 400,
          enterReason: 'enter at 200',
          leaveReason: 'leave at 400',
        },
        { group: 'layer-1', fromUs: 2_000, enterReason: 'enter at 2000' },
      ]);
    });

    it('J5 makes all moves or none, and the same again without effect', async () => {
      value(await symbols().introduce([listing('a', 'A'), listing('b', 'B')]));
      const wrong = [move('a', 'enter', 200), move('b', 'leave', 300)];

      const answer = await symbols().move(wrong);
      expect(answer).toMatchObject({
        code: 'STATUS_FORBIDS',
        reason: 'move 1: b cannot leave layer-1 at 300',
      });
      expect(await symbols().members('layer-1', 250)).toEqual([]);

      const right = [move('a', 'enter', 200), move('a', 'leave', 300), move('a', 'enter', 300)];
      value(await symbols().move(right));
      value(await symbols().move(right.slice(2)));
      expect(await symbols().stays('a')).toHaveLength(2);
    });

    it.each([
      ['a second entry', [move('a', 'enter', 200), move('a', 'enter', 300)], 'STATUS_FORBIDS'],
      ['a leave before the entry', [move('a', 'enter', 200), move('a', 'leave', 200)], BACK],
      ['an entry before the last leave', ENTERED_AGAIN, BACK],
      ['a security that nobody knows', [move('z', 'enter', 200)], 'UNKNOWN_ID'],
    ] as const)('refuses %s', async (_, moves, code) => {
      value(await symbols().introduce([listing('a', 'A')]));

      expect(refusal(await symbols().move(moves))).toBe(code);
      expect(await symbols().stays('a')).toEqual([]);
    });

    it('knows ten thousand securities and their layer in a few statements', async () => {
      const many = Array.from({ length: 10_000 }, (_, at) => listing(`id-${at}`, `S${at}`));
      value(await symbols().introduce(many));
      value(await symbols().move(many.map(({ securityId }) => move(securityId, 'enter', 200))));

      expect(await symbols().members('layer-1', 200)).toHaveLength(10_000);
      expect(await symbols().called('S9999', 150)).toBe('id-9999');
    });
  });
}

const BACK = 'TIME_BACKWARDS';
const ENTERED_AGAIN = [
  move('a', 'enter', 200),
  move('a', 'leave', 400),
  move('a', 'enter', 399),
] as const;

function listing(securityId: string, name: string, fromUs = 100): Listing {
  return { securityId, name, assetClass: 'equity', fromUs };
}

function move(securityId: string, direction: Move['direction'], atUs: number): Move {
  return { securityId, group: 'layer-1', direction, atUs, reason: `${direction} at ${atUs}` };
}
