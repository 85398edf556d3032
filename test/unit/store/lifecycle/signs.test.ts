import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import type { RowBatch, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { EVER } from '../../../../src/store/lake/lake.ts';
import { archivePart, dueParts } from '../../../../src/store/lifecycle/archive.ts';
import { restorableDays, restoreDay } from '../../../../src/store/lifecycle/restore.ts';
import { symbolStates } from '../../../../src/store/tables/rows.ts';
import { type LifecycleRig, lifecycleRig } from '../../../lifecycle-rig.ts';
import { MemorySeries } from '../../../memory-series.ts';

/** The same table where nothing is forgotten: those it would forget are not archived. */
const { keepDays: _, ...KEPT_STATES } = symbolStates;

const POLICY = { recentDays: 30, daysInStore: { hot: 90, warm: 60, cold: 45 } };
const FIRST_US = Date.UTC(2026, 0, 2) * 1_000;
const NOW_US = FIRST_US + 100 * DAY;
const ROWS = 1_500;
const DOUBLES = 125;

/** States that have learned nothing yet but the signs of some zeros. */
function zeroStates(): RowBatch {
  const state = Array.from({ length: ROWS }, (_, row) =>
    Float64Array.from({ length: DOUBLES }, (_none, at) => ((row + at) % 3 === 0 ? -0 : 0)),
  );
  const texts = (text: string) => Array.from({ length: ROWS }, () => text);
  return {
    table: KEPT_STATES,
    rows: ROWS,
    columns: KEPT_STATES.columns.map(({ name, kind }) => {
      if (kind === 'doubles') return state;
      if (name === 'symbol') return state.map((_, row) => `S${String(row).padStart(5, '0')}`);
      if (kind === 'symbol' || kind === 'text') return texts(name);
      return new Float64Array(ROWS).fill(kind === 'time' ? FIRST_US : 7);
    }),
  };
}

async function bitsOf(from: Pick<TimeSeriesStore, 'read'>): Promise<readonly string[]> {
  const bits: string[] = [];
  for await (const batch of from.read({ table: KEPT_STATES, ...EVER })) {
    bits.push(...bytesOf(batch));
  }
  return bits;
}

/** Of each state, in hex digits. */
function bytesOf({ columns }: RowBatch): readonly string[] {
  const lists: readonly unknown[] = [...(columns.at(-1) ?? [])];
  return lists.map((list) => {
    if (!(list instanceof Float64Array)) throw new Error('a state is a list');
    return Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString('hex');
  });
}

let rig: LifecycleRig | undefined;
afterEach(() => rig?.close());

describe('states of nothing but zeros', () => {
  it('keep their bits in the file, in the lake and back from it', async () => {
    rig = lifecycleRig(new MemorySeries());
    const file = join(rig.root, 'strata.duckdb');
    const wanted = bytesOf(zeroStates());
    expect(new Set(wanted).size).toBe(3);
    const first = await openDuckDbStore({ file });
    await first.migrate([KEPT_STATES]);
    await first.append(zeroStates());
    await first.close();

    const store = await openDuckDbStore({ file });
    try {
      expect(await bitsOf(store)).toEqual(wanted);
      const tools = { ...rig.tools, store };
      const [due] = await dueParts(store, [KEPT_STATES], new Map(), POLICY, NOW_US);
      if (due === undefined) throw new Error('nothing is due');
      expect(await archivePart(tools, due)).toMatchObject({ rows: ROWS, rowsKept: 0 });
      expect(await store.parts(KEPT_STATES)).toEqual([]);
      expect(await bitsOf(rig.lake)).toEqual(wanted);
      for (const day of await restorableDays(rig.lake, KEPT_STATES, EVER)) {
        await restoreDay(tools, day);
      }
    } finally {
      await store.close();
    }

    const again = await openDuckDbStore({ file });
    const restored = await bitsOf(again);
    await again.close();
    expect(restored).toEqual(wanted);
  });
});
