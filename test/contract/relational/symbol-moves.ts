import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Move, Stay } from '../../../src/ports/relational/symbols.ts';
import { refusal, value } from './answers.ts';
import type { RelationalWorld } from './world.ts';

const IDS = ['a', 'b', 'c'] as const;
const LAST_US = 40;

const moves = fc.array(
  fc.record({
    securityId: fc.constantFrom(...IDS),
    group: fc.constantFrom('layer-1', 'layer-2'),
    direction: fc.constantFrom('enter', 'leave'),
    atUs: fc.integer({ min: 1, max: LAST_US }),
    reason: fc.constant('so'),
  }),
  { maxLength: 12 },
);

export function describeSymbolMoves(world: () => RelationalWorld): void {
  describe('moves of symbols, whatever they are', () => {
    beforeEach(async () => await world().clean());

    it('J5 answer at every moment as a list that was kept by hand', async () => {
      const { symbols } = world().store;
      const check = async (all: readonly Move[]): Promise<void> => {
        await world().clean();
        const known = IDS.map((securityId) => listing(securityId));
        value(await symbols.introduce(known));
        const model = new Map<string, Stay[]>();
        for (const move of all) {
          expect([move, refusal(await symbols.move([move]))]).toEqual([move, take(model, move)]);
        }
        for (let atUs = 0; atUs <= LAST_US + 1; atUs += 4) {
          const members = await symbols.members('layer-1', atUs);
          expect(members.map(({ name }) => name)).toEqual(membersOf(model, atUs));
        }
        for (const id of IDS) expect(await symbols.stays(id)).toEqual(staysOf(model, id));
      };

      await fc.assert(fc.asyncProperty(moves, check), { numRuns: 12 });
    }, 60_000);
  });
}

/** The rules, said once more in another way. */
function take(model: Map<string, Stay[]>, move: Move): string {
  const { securityId, group, direction, atUs, reason } = move;
  const key = `${securityId} ${group}`;
  const stays = model.get(key) ?? [];
  const last = stays.at(-1);
  const isIn = last !== undefined && last.untilUs === undefined;
  if (direction === 'enter') {
    if (last?.fromUs === atUs) return 'done';
    if (isIn) return atUs < last.fromUs ? 'TIME_BACKWARDS' : 'STATUS_FORBIDS';
    if (atUs < (last?.untilUs ?? 0)) return 'TIME_BACKWARDS';
    model.set(key, [...stays, { group, fromUs: atUs, enterReason: reason }]);
    return 'done';
  }
  if (last?.untilUs === atUs) return 'done';
  if (!isIn) return 'STATUS_FORBIDS';
  if (atUs <= last.fromUs) return 'TIME_BACKWARDS';
  model.set(key, [...stays.slice(0, -1), { ...last, untilUs: atUs, leaveReason: reason }]);
  return 'done';
}

function membersOf(model: ReadonlyMap<string, readonly Stay[]>, atUs: number): readonly string[] {
  return IDS.filter((id) =>
    (model.get(`${id} layer-1`) ?? []).some(
      ({ fromUs, untilUs = Number.POSITIVE_INFINITY }) => fromUs <= atUs && atUs < untilUs,
    ),
  );
}

function staysOf(model: ReadonlyMap<string, readonly Stay[]>, id: string): readonly Stay[] {
  const all = ['layer-1', 'layer-2'].flatMap((group) => model.get(`${id} ${group}`) ?? []);
  return all.toSorted((one, two) => one.fromUs - two.fromUs || (one.group < two.group ? -1 : 1));
}

function listing(securityId: string) {
  return { securityId, name: securityId, assetClass: 'equity', fromUs: 0 } as const;
}
