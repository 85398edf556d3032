import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../../src/core/time.ts';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import { EVER } from '../../src/store/lake/lake.ts';
import { readBackup } from '../../src/store/lifecycle/backup-manifest.ts';
import { backUp, type BackupRequest, restoreBackup } from '../../src/store/lifecycle/backup.ts';
import type { LifecyclePoint } from '../../src/store/lifecycle/fault-points.ts';
import { archivePart, dueParts } from '../../src/store/lifecycle/archive.ts';
import { consolidate, fragmented } from '../../src/store/lifecycle/compact.ts';
import { openNotes, returnKept } from '../../src/store/lifecycle/kept-rows.ts';
import { sumOf } from '../../src/store/lifecycle/lifecycle-tools.ts';
import type { LifecyclePolicy, Tier } from '../../src/store/lifecycle/policy.ts';
import { restorableDays, restoreDay } from '../../src/store/lifecycle/restore.ts';
import { bars } from '../../src/store/tables/market.ts';
import { everywhere, Killed, lakeSum, type LifecycleRig, lifecycleRig } from '../lifecycle-rig.ts';
import { MemorySeries } from '../memory-series.ts';
import { FIRST_DAY, seededMinutes, symbolName } from '../seeded-minutes.ts';

const POLICY: LifecyclePolicy = { recentDays: 30, daysInStore: { hot: 90, warm: 60, cold: 45 } };
/** Three days in January and February: one part of which rows stay, and one of which none do. */
const MINUTES = { seed: 7, symbols: 4, days: 3, minutes: 8, step: 11 };
/** In the middle of May: both months are over for the lowest tier, January for the hot one too. */
const NOW_US = (FIRST_DAY + 132) * DAY;

const NOBODY: ReadonlyMap<string, Tier> = new Map();
const SOME: ReadonlyMap<string, Tier> = new Map([
  [symbolName(0), 'hot'],
  [symbolName(3), 'warm'],
]);

const rigs: LifecycleRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function filled(rowsPerFileMax = 250_000) {
  const store = new MemorySeries();
  await store.migrate([bars]);
  for (const batch of seededMinutes(MINUTES)) await store.append(batch);
  const rig = lifecycleRig(store, { rowsPerFileMax });
  rigs.push(rig);
  return { store, rig, sum: await sumOf(store, bars, EVER) };
}

type Filled = Awaited<ReturnType<typeof filled>>;

async function archive({ rig: { tools } }: Filled, tiers = NOBODY): Promise<void> {
  for (const note of await openNotes(tools.notes)) await returnKept(tools, bars, note);
  for (const due of await dueParts(tools.store, [bars], tiers, POLICY, NOW_US)) {
    await archivePart(tools, due);
  }
}

async function restore({ rig: { tools } }: Filled): Promise<void> {
  for (const day of await restorableDays(tools.lake, bars, EVER)) await restoreDay(tools, day);
}

/** A second life finds a whole backup where the first has died behind its last step. */
async function backup(world: Filled): Promise<void> {
  const request = requestOf(world);
  if ((await readBackup(request.to)) === undefined) await backUp(request);
}

function requestOf({ rig }: Filled): BackupRequest {
  return {
    tools: rig.tools,
    store: rig.tools.store,
    parquet: rig.parquet,
    to: directoryPlace(join(rig.root, 'backup')),
    tables: [bars],
    data: directoryPlace(join(rig.root, 'data')),
    folders: ['sessions'],
    isLakeCopied: true,
    nowUs: NOW_US,
  };
}

async function compact({ rig: { tools } }: Filled): Promise<void> {
  for (const one of await fragmented(tools.lake, 'bars', tools)) await consolidate(tools, one);
}

/**
 * In a world of its own for every point: a first life dies there, a second one a few points on, and
 * a third goes to the end. `check` looks after each death.
 */
async function dyingEverywhere(
  prepare: () => Promise<Filled>,
  run: (world: Filled) => Promise<void>,
  check: (world: Filled, isDone: boolean) => Promise<void>,
): Promise<readonly LifecyclePoint[]> {
  const died: LifecyclePoint[] = [];
  for (let nth = 1; ; nth += 1) {
    const world = await prepare();
    const first = await dies(world, nth, run);
    if (first !== undefined) died.push(first);
    await check(world, false);
    await dies(world, 1 + (nth % 5), run);
    await check(world, false);
    await dies(world, undefined, run);
    await check(world, true);
    await world.rig.close();
    if (first === undefined) return died;
  }
}

async function dies(
  world: Filled,
  nth: number | undefined,
  run: (world: Filled) => Promise<void>,
): Promise<LifecyclePoint | undefined> {
  world.rig.killAt(nth);
  try {
    await run(world);
    return undefined;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return world.rig.passed.at(-1);
  } finally {
    world.rig.killAt(undefined);
  }
}

describe('a lifecycle that is killed between every two steps', () => {
  it('loses no row of an archive, and the next run completes it', async () => {
    const died = await dyingEverywhere(filled, archive, async ({ rig, store, sum }, isDone) => {
      expect((await everywhere(rig.tools, bars)).hex).toBe(sum.hex);
      if (!isDone) return;
      expect(await store.parts(bars)).toEqual([]);
      expect((await lakeSum(rig.lake, bars)).hex).toBe(sum.hex);
    });

    expect(died).toHaveLength(3 * 2 * 2 + 2 * 2);
    expect(new Set(died)).toEqual(
      new Set(['fileWritten', 'manifestWritten', 'archiveVerified', 'partDropped']),
    );
  }, 60_000);

  it('loses no row of symbols that stay, and the next run puts them back', async () => {
    const died = await dyingEverywhere(
      filled,
      (world) => archive(world, SOME),
      async ({ rig, store, sum }, isDone) => {
        expect((await everywhere(rig.tools, bars)).hex).toBe(sum.hex);
        if (!isDone) return;
        const stay = { table: bars, ...EVER };
        const symbols = new Set<unknown>();
        for await (const { columns } of store.read(stay))
          columns[1]?.forEach((one) => symbols.add(one));
        expect(symbols).toEqual(new Set([symbolName(0)]));
        expect(await openNotes(rig.tools.notes)).toEqual([]);
      },
    );

    expect(new Set(died)).toContain('intentWritten');
    expect(new Set(died)).toContain('keptReturned');
  }, 60_000);

  it('loses no row of a restore, and the store ends as it began', async () => {
    const archived = async () => {
      const world = await filled();
      await archive(world);
      return world;
    };
    const died = await dyingEverywhere(archived, restore, async ({ rig, sum }, isDone) => {
      expect((await lakeSum(rig.lake, bars)).hex).toBe(sum.hex);
      if (isDone) expect((await sumOf(rig.tools.store, bars, EVER)).hex).toBe(sum.hex);
    });

    expect(died).toEqual(Array.from({ length: 3 }, () => 'dayRestored'));
  }, 60_000);

  it('loses no row of a compaction, and ends with one file a partition and no stray', async () => {
    const inPieces = async () => {
      const world = await filled(8);
      await archive(world);
      return {
        ...world,
        rig: { ...world.rig, tools: { ...world.rig.tools, rowsPerFileMax: 1_000 } },
      };
    };
    const died = await dyingEverywhere(inPieces, compact, async ({ rig, sum }, isDone) => {
      expect((await lakeSum(rig.lake, bars)).hex).toBe(sum.hex);
      if (!isDone) return;
      const partitions = await rig.lake.partitions('bars');
      expect(partitions.map(({ files }) => files.length)).toEqual(partitions.map(() => 1));
      expect(await rig.lake.place.list('bars/')).toHaveLength(2 * partitions.length);
    });

    expect(new Set(died)).toEqual(new Set(['mergedWritten', 'mergedNamed', 'fragmentRemoved']));
  }, 60_000);

  it('loses nothing of a backup, which counts only when it is whole', async () => {
    const saved = async () => {
      const world = await filled();
      const data = directoryPlace(join(world.rig.root, 'data'));
      await data.put('sessions/s-1/session.json', Uint8Array.of(1, 2, 3));
      return world;
    };
    const died = await dyingEverywhere(saved, backup, async (world, isDone) => {
      const { rig, sum } = world;
      expect((await sumOf(rig.tools.store, bars, EVER)).hex).toBe(sum.hex);
      const isWhole = (await readBackup(requestOf(world).to)) !== undefined;
      if (isDone) expect(isWhole).toBe(true);
      if (!isDone) return;
      const empty = new MemorySeries();
      await empty.migrate([bars]);
      const data = directoryPlace(join(rig.root, 'elsewhere'));
      const restored = await restoreBackup({ ...requestOf(world), data, store: empty });
      expect((await sumOf(empty, bars, EVER)).hex).toBe(sum.hex);
      expect(restored).toMatchObject({ files: 1, filesKept: [] });
      expect([...(await data.get('sessions/s-1/session.json'))]).toEqual([1, 2, 3]);
    });

    expect(new Set(died)).toEqual(new Set(['backupCopied', 'backupWhole']));
  }, 60_000);
});
