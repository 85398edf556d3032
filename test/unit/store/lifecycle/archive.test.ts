import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import { EVER } from '../../../../src/store/lake/lake.ts';
import { archivePart, dueParts } from '../../../../src/store/lifecycle/archive.ts';
import type { LifecyclePoint } from '../../../../src/store/lifecycle/fault-points.ts';
import { sumOf } from '../../../../src/store/lifecycle/lifecycle-tools.ts';
import { dueBeforeUs, FACT_TABLES } from '../../../../src/store/lifecycle/policy.ts';
import { restorableDays, restoreDay } from '../../../../src/store/lifecycle/restore.ts';
import { incidents } from '../../../../src/store/tables/decisions.ts';
import { bars } from '../../../../src/store/tables/market.ts';
import { pick } from '../../../../src/store/lake/lake-pass.ts';
import { TABLES } from '../../../../src/store/tables/tables.ts';
import { type LifecycleRig, lifecycleRig, type RigOptions } from '../../../lifecycle-rig.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { FIRST_DAY, seededMinutes } from '../../../seeded-minutes.ts';

const POLICY = { recentDays: 30, daysInStore: { hot: 90, warm: 60, cold: 45 } };
const NOW_US = (FIRST_DAY + 100) * DAY;
const MINUTES = { seed: 11, symbols: 2, days: 3, minutes: 4 };

const rigs: LifecycleRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function filled(options: RigOptions = {}) {
  const store = new MemorySeries();
  await store.migrate([bars, incidents]);
  for (const batch of seededMinutes(MINUTES)) await store.append(batch);
  const rig = lifecycleRig(store, options);
  rigs.push(rig);
  return { store, rig, sum: await sumOf(store, bars, EVER) };
}

async function dueOf(store: MemorySeries, tiers = new Map()) {
  const [due] = await dueParts(store, [bars, incidents], tiers, POLICY, NOW_US);
  if (due === undefined) throw new Error('nothing is due');
  return due;
}

/** Archives with something that happens as a point is passed. */
async function archiveWith(
  { rig, store }: Awaited<ReturnType<typeof filled>>,
  at: (point: LifecyclePoint) => void | Promise<void>,
) {
  return await archivePart({ ...rig.tools, at }, await dueOf(store));
}

describe('an archive', () => {
  it('drops nothing where the store was written to in the meantime', async () => {
    const world = await filled();
    const [first] = seededMinutes({ ...MINUTES, symbols: 3 });
    if (first === undefined) throw new Error('no minutes');
    let isDone = false;
    const archived = archiveWith(world, async (point) => {
      if (point !== 'manifestWritten' || isDone) return;
      isDone = true;
      await world.store.append(pick(first, [2]));
    });

    await expect(archived).rejects.toMatchObject({ code: 'LAKE_DIFFERS' });
    await expect(archived).rejects.toThrow(/the store has 25 rows, checksum \w+; copied were 24/);
    expect((await sumOf(world.store, bars, EVER)).rows).toBe(25);
  });

  it('drops nothing where a file of the lake was cut short before it was compared', async () => {
    const world = await filled();
    const archived = archiveWith(world, async (point) => {
      if (point !== 'manifestWritten') return;
      const files = await world.rig.lake.place.list('bars/');
      const path = files.find((file) => file.path.endsWith('.parquet'))?.path ?? '';
      const whole = readFileSync(join(world.rig.root, 'lake', path));
      writeFileSync(join(world.rig.root, 'lake', path), whole.subarray(0, 100));
    });

    await expect(archived).rejects.toMatchObject({ code: 'LAKE_DAMAGED' });
    expect((await sumOf(world.store, bars, EVER)).hex).toBe(world.sum.hex);
  });

  it('stops before the disk is full, and goes on when there is room', async () => {
    let room = 1;
    const world = await filled({
      reserve() {
        room -= 1;
        if (room >= 0) return Promise.resolve();
        return Promise.reject(Object.assign(new Error('full'), { code: 'LAKE_FULL' }));
      },
    });

    await expect(archiveWith(world, () => undefined)).rejects.toMatchObject({ code: 'LAKE_FULL' });
    expect((await sumOf(world.store, bars, EVER)).hex).toBe(world.sum.hex);
    room = 1_000;
    await archiveWith(world, () => undefined);
    expect((await world.store.parts(bars)).length).toBe(0);
  });

  it('takes no facts, however old, and nothing that is recent', async () => {
    const { store } = await filled();
    const nowUs = (FIRST_DAY + 20) * DAY;

    expect(await dueParts(store, [bars, incidents], new Map(), POLICY, nowUs)).toEqual([]);
    const facts = TABLES.filter(({ name }) => FACT_TABLES.has(name));
    expect(facts).toHaveLength(FACT_TABLES.size);
    for (const name of ['signals', 'orders', 'fills', 'incidents']) {
      expect(FACT_TABLES.has(name)).toBe(true);
    }
  });

  it('keeps a symbol as long as its tier says', () => {
    const days = (['hot', 'warm', 'cold', 'archive'] as const).map(
      (tier) => (NOW_US - dueBeforeUs(tier, POLICY, NOW_US)) / DAY,
    );

    expect(days).toEqual([90, 60, 45, 30]);
  });

  it('leaves to the store what a table forgets by itself', async () => {
    const { store } = await filled();
    const nowUs = (FIRST_DAY + 70) * DAY;

    expect((await dueParts(store, [bars], new Map(), POLICY, nowUs)).length).toBeGreaterThan(0);
    expect(await dueParts(store, [{ ...bars, keepDays: 3 }], new Map(), POLICY, nowUs)).toEqual([]);
  });

  it('counts what goes and what stays', async () => {
    const { store, rig } = await filled();
    const tiers = new Map([['S000', 'hot'] as const]);
    const nowUs = (FIRST_DAY + 70) * DAY;
    const [due] = await dueParts(store, [bars], tiers, POLICY, nowUs);
    if (due === undefined) throw new Error('nothing is due');
    const archived = await archivePart(rig.tools, due);

    expect(due).toMatchObject({ rowsLeaving: 12, kept: ['S000'] });
    expect(archived).toMatchObject({ rows: 24, rowsKept: 12 });
    expect(await dueParts(store, [bars], tiers, POLICY, nowUs)).toEqual([]);
  });
});

describe('a restore', () => {
  it('leaves a row that the store has by then: it is later than the one in the lake', async () => {
    const world = await filled();
    await archiveWith(world, () => undefined);
    const [first] = seededMinutes(MINUTES);
    if (first === undefined) throw new Error('no minutes');
    const corrected = pick(first, [0]);
    const close = corrected.columns[7];
    if (!(close instanceof Float64Array)) throw new Error('no closes');
    close[0] = 1_234;
    await world.store.append(corrected);
    let [rows, there] = [0, 0];
    for (const day of await restorableDays(world.rig.lake, bars, EVER)) {
      const restored = await restoreDay(world.rig.tools, day);
      rows += restored.rows;
      there += restored.rowsAlreadyThere;
    }
    const closes: unknown[] = [];
    for await (const { columns } of world.store.read({ table: bars, ...EVER })) {
      closes.push(...(columns[7] ?? []));
    }

    expect([rows, there]).toEqual([23, 1]);
    expect(closes).toContain(1_234);
    expect(closes).toHaveLength(24);
  });

  it('refuses a column of the lake that this build does not know', async () => {
    const world = await filled();
    await archiveWith(world, () => undefined);
    const fewer = { ...bars, columns: bars.columns.filter(({ name }) => name !== 'vwap') };

    await expect(restorableDays(world.rig.lake, fewer, EVER)).rejects.toMatchObject({
      code: 'LAKE_NEWER',
    });
  });
});
