import { describe, expect, it } from 'vitest';
import type { LayerWarmth } from '../../../src/actors/kernel/layer-warmth.ts';
import { layer1Warmth } from '../../../src/actors/kernel/layer-1.ts';
import { layer2Warmth } from '../../../src/actors/kernel/layer-2.ts';
import type { RowTable } from '../../../src/actors/runtime/row-table.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { MINUTE } from '../../../src/core/time.ts';
import type { FactOf } from '../../../src/ports/fact.ts';
import type { Input } from '../../../src/ports/input.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import { Ladder, LAYER_1_OPTIONS, LAYER_2_OPTIONS, OPEN_US } from './ladder.ts';

type RowWarmed = Extract<Input, { kind: 'rowWarmed' }>;

const SYMBOLS = 6;
const WARMTHS = [layer1Warmth(LAYER_1_OPTIONS), layer2Warmth(LAYER_2_OPTIONS)] as const;

/** A morning in which three symbols are active; one of them was halted. */
function morning(): Ladder {
  const ladder = listed();
  ladder.phase('core');
  ladder.minutes(12, () =>
    Array.from({ length: SYMBOLS }, (_, row) => ({
      volume: row < 3 ? 100 + row * 300 : 100,
      momentum: row < 3 ? 3 : 0.1,
      zScore: row < 3 ? 3 : 0.1,
      spreadBps: 5 + row,
      isHalted: row === 2,
    })),
  );
  return ladder;
}

function listed(): Ladder {
  const ladder = new Ladder();
  ladder.names(SYMBOLS);
  for (let row = 0; row < SYMBOLS; row += 1) ladder.history(row);
  ladder.to(OPEN_US);
  return ladder;
}

function rowsOf({ kernel }: KernelHarness, family: string): RowTable {
  const slots = kernel.slots.filter((slot) => slot.type === 'family');
  const slot = slots.find(({ definition }) => definition.name === family);
  if (slot === undefined) throw new Error(`no ${family}`);
  return slot.rows;
}

function learned(harness: KernelHarness, warmth: LayerWarmth): readonly (readonly number[])[] {
  const rows = rowsOf(harness, warmth.family);
  const all = Array.from({ length: SYMBOLS }, (_, row) => rows.at(row));
  return all.map((at) => [...warmth.read(rows.values, at)]);
}

/** What the store would give back of it. */
function keptOf(harness: KernelHarness): readonly RowWarmed[] {
  return WARMTHS.flatMap((warmth) => {
    const { family, layout } = warmth;
    return learned(harness, warmth).map((values, row): RowWarmed => {
      const own = { symbol: symbolId(row), family, layout, values: Float64Array.from(values) };
      return { kind: 'rowWarmed', ...own, mayLack: false, session: 'monday', sequence: 7 };
    });
  });
}

function warmed(rows: readonly RowWarmed[], ladder = listed()): Ladder {
  for (const row of rows) ladder.harness.input(row);
  return ladder;
}

function carriedBy({ harness }: Ladder): readonly FactOf<'layerMoved'>[] {
  return harness.factsOf('layerMoved').filter(({ reason }) => reason.startsWith('carried'));
}

describe("the layers' rows in another session", () => {
  it('are to the bit those that were kept, before and after a crash', () => {
    const monday = morning();
    const tuesday = warmed(keptOf(monday.harness));
    const again = tuesday.harness.restarted();
    again.advance(1); // What the crash left untaken is taken then.

    expect(monday.members(2).length).toBeGreaterThan(0);
    for (const warmth of WARMTHS) {
      expect(learned(tuesday.harness, warmth)).toEqual(learned(monday.harness, warmth));
      expect(learned(again, warmth)).toEqual(learned(monday.harness, warmth));
    }
  });

  it('say by facts who was a member, since when, of which score, and where they come from', () => {
    const monday = morning();
    const tuesday = warmed(keptOf(monday.harness));
    const carried = carriedBy(tuesday);

    for (const layer of [1, 2]) {
      const own = carried.filter((fact) => fact.layer === layer);
      expect(own.map(({ symbol }) => symbol)).toEqual(monday.members(layer));
      for (const fact of own) {
        const last = monday.moves(layer).findLast(({ symbol }) => symbol === fact.symbol);
        expect(fact).toEqual({ ...last, reason: 'carried from monday' });
      }
    }
  });

  it('decide what comes next as if nothing had been between', () => {
    const monday = morning();
    const tuesday = warmed(keptOf(monday.harness));
    // It goes on at the minute at which the other has come to.
    tuesday.to(monday.nowUs);
    tuesday.phase('core');
    const before = [monday, tuesday].map(({ harness }) => harness.takeFacts().length);
    for (const ladder of [monday, tuesday]) {
      ladder.minutes(20, () => Array.from({ length: SYMBOLS }, () => ({ volume: 50 })));
    }
    const [never = [], again = []] = [monday, tuesday].map(({ harness }) => harness.takeFacts());

    expect(Math.min(...before)).toBeGreaterThan(0);
    expect(never.length).toBeGreaterThan(3);
    expect(again).toEqual(never);
  });

  it('are refused where they are of another layout, another family or another width', () => {
    const kept = keptOf(morning().harness);
    const of2 = kept.find(({ family }) => family === 'layer-2');
    const none = listed();
    const strange = kept.flatMap((row) => [
      { ...row, layout: 'older' },
      { ...row, family: row.family === 'layer-1' ? 'layer-2' : 'layer-1' },
      { ...row, values: row.values.slice(1) },
      { ...row, family: 'symbols' },
    ]);
    const ladder = warmed(strange);

    expect(of2?.layout).not.toBe(kept[0]?.layout);
    expect(carriedBy(ladder)).toEqual([]);
    for (const warmth of WARMTHS) {
      expect(learned(ladder.harness, warmth)).toEqual(learned(none.harness, warmth));
    }
  });

  it('are members once, also where they are told twice', () => {
    const kept = keptOf(morning().harness);
    const once = carriedBy(warmed(kept));

    expect(carriedBy(warmed(kept, warmed(kept)))).toEqual(once);
    expect(once.length).toBeGreaterThan(0);
  });

  it('mean something else for bars of another span', () => {
    const other = { barSpanUs: 5 * MINUTE };
    expect(layer1Warmth(other).layout).not.toBe(layer1Warmth(LAYER_1_OPTIONS).layout);
    expect(layer2Warmth(other).layout).not.toBe(layer2Warmth(LAYER_2_OPTIONS).layout);
  });
});
