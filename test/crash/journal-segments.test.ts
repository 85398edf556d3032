import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/core/bytes.ts';
import { Hash64 } from '../../src/core/hash.ts';
import {
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  writeTurn,
} from '../../src/ports/turn-record.ts';
import { journalRecords } from '../../src/store/journal/journal-reader.ts';
import { readSegment, unpackSegment } from '../../src/store/journal/segment-files.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import type { LifecyclePoint } from '../../src/store/lifecycle/fault-points.ts';
import { journalPlan, keepPlan } from '../../src/store/lifecycle/journal-plan.ts';
import {
  bringBack,
  isDue,
  type JournalTools,
  packAway,
} from '../../src/store/lifecycle/journal-segments.ts';
import { Killed } from '../lifecycle-rig.ts';
import { FOLDER, identity, readAll, startWriter } from '../unit/store/journal/journal-fixture.ts';

const SESSION = identity.sessionId;
const RECORDS = 60;
/** Whose segments stay: a person's command and its turn come in the middle of the market. */
const INPUT_AT = 31;

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

interface World {
  readonly root: string;
  readonly tools: JournalTools;
  readonly passed: LifecyclePoint[];
  killAt(nth: number | undefined): void;
}

async function written(): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'strata-segments-'));
  roots.push(root);
  const disk = nodeDisk(root);
  const writer = startWriter(disk, { segmentBytesMax: 6_000, blockBytesMax: 1_000 });
  const hash = new Hash64();
  const quiet = { items: [], timers: [], crashes: [] };
  for (let sequence = 1; sequence <= RECORDS; sequence += 1) {
    const payload = new ByteWriter();
    const kind =
      sequence === INPUT_AT ? RECORD_INPUT : sequence % 2 === 0 ? RECORD_TURN : RECORD_MARKET;
    if (kind === RECORD_TURN) writeTurn(payload, quiet, hash);
    else payload.raw(new Uint8Array(400).fill(sequence));
    writer.append(kind, sequence, sequence * 1_000, hash, payload);
    writer.flush();
  }
  await writer.close();
  const passed: LifecyclePoint[] = [];
  let left: number | undefined;
  const tools: JournalTools = {
    disk,
    place: directoryPlace(join(root, 'lake')),
    notes: directoryPlace(join(root, 'notes')),
    reserve: () => Promise.resolve(),
    at(point) {
      passed.push(point);
      if (left === undefined) return;
      left -= 1;
      if (left === 0) throw new Killed(point);
    },
  };
  return { root, tools, passed, killAt: (nth) => (left = nth) };
}

async function packAll({ tools }: World): Promise<void> {
  const plan = (await journalPlan(tools.disk, tools.notes, SESSION)) ?? [];
  await keepPlan(tools.notes, plan);
  for (const segment of plan.filter((one) => isDue(tools.disk, one)))
    await packAway(tools, segment);
}

async function bytesOfAll(
  { tools }: World,
  segments: readonly string[],
): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const segment of segments) found.push(await bytesOf(tools, segment));
  return found;
}

/** As it was written, wherever it is by now. */
async function bytesOf({ disk, place }: JournalTools, segment: string): Promise<Uint8Array> {
  const isHere = ['', '.gz'].some((ending) => disk.exists(`${FOLDER}/${segment}${ending}`));
  if (isHere) return readSegment(disk, FOLDER, segment);
  return unpackSegment(segment, await place.get(`journal/${SESSION}/${segment}.gz`));
}

type Read = ReturnType<typeof readAll>;

/** All but how many bytes the files have: of what is compressed there are fewer. */
function unpacked({ contents, records }: Read): Read {
  return { contents: { ...contents, bytes: 0 }, records };
}

function told(disk: JournalTools['disk']): Read {
  return unpacked(readAll(disk));
}

describe("a journal's segments after their session ended", () => {
  it('are compressed; market data alone goes to the lake, one with an input stays', async () => {
    const world = await written();
    const { disk, notes } = world.tools;
    const plan = (await journalPlan(disk, notes, SESSION)) ?? [];
    await packAll(world);

    expect(plan.length).toBeGreaterThan(2);
    const here = plan.filter(({ to }) => to === 'here').map(({ segment }) => segment);
    expect(here).toHaveLength(1);
    expect(disk.list(FOLDER)).toEqual(
      plan.map(({ segment, to }) => `${segment}.${to === 'here' ? 'gz' : 'moved'}`),
    );
    expect(() => readAll(disk)).toThrow(/000001\.seg is in the lake: nothing of it is lost/);
  });

  it('are never replaced by one that holds nothing and was made too late', async () => {
    const world = await written();
    const { disk, notes } = world.tools;
    const before = readAll(disk);
    const plan = (await journalPlan(disk, notes, SESSION)) ?? [];
    const [first, ...others] = plan.map((segment) => ({ ...segment, to: 'here' }) as const);
    if (first === undefined) throw new Error('no segment');
    await packAway(world.tools, first);
    // Whoever syncs a segment that is compressed in the same moment makes it anew.
    disk.open(`${FOLDER}/${first.segment}`).close();
    for (const segment of [first, ...others]) await packAway(world.tools, segment);

    expect(disk.list(FOLDER).every((name) => name.endsWith('.gz'))).toBe(true);
    expect(told(disk)).toEqual(unpacked(before));
  });

  it('are read compressed as they were, record by record', async () => {
    const world = await written();
    const { disk } = world.tools;
    const before = readAll(disk);
    const plan = (await journalPlan(disk, world.tools.notes, SESSION)) ?? [];
    for (const segment of plan) await packAway(world.tools, { ...segment, to: 'here' });

    expect(disk.list(FOLDER).every((name) => name.endsWith('.gz'))).toBe(true);
    expect(told(disk)).toEqual(unpacked(before));
    expect(readAll(disk).contents.bytes).toBeLessThan(before.contents.bytes / 2);
    expect([...journalRecords(disk, FOLDER)]).toHaveLength(RECORDS);
  });

  it('come back from the lake, and are what they were', async () => {
    const world = await written();
    const { disk } = world.tools;
    const before = readAll(disk);
    await packAll(world);
    const dry = await bringBack(world.tools, SESSION, true);
    const brought = await bringBack(world.tools, SESSION);

    expect(dry).toBe(brought);
    expect(brought).toBeGreaterThan(1);
    expect(told(disk)).toEqual(unpacked(before));
    expect(await bringBack(world.tools, SESSION)).toBe(0);
  });

  it('are never lost, killed between every two steps', async () => {
    const points = new Set<LifecyclePoint>();
    for (let nth = 1, isDone = false; !isDone; nth += 1) {
      const world = await written();
      const before = readAll(world.tools.disk);
      const segments = world.tools.disk.list(FOLDER);
      const bytes = await bytesOfAll(world, segments);
      isDone = true;
      for (const life of [nth, 1 + (nth % 3)]) {
        world.killAt(life);
        await packAll(world).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          isDone = false;
        });
        expect(await bytesOfAll(world, segments)).toEqual(bytes);
      }
      world.killAt(undefined);
      await packAll(world);
      expect(await bytesOfAll(world, segments)).toEqual(bytes);
      await bringBack(world.tools, SESSION);
      expect(told(world.tools.disk)).toEqual(unpacked(before));
      for (const point of world.passed) points.add(point);
      if (nth === 1) isDone = false;
    }

    expect(points).toEqual(
      new Set([
        'segmentPacked',
        'segmentReplaced',
        'segmentCopied',
        'segmentNoted',
        'segmentMoved',
        'segmentReturned',
      ]),
    );
  }, 60_000);

  it('stay as they are where the end is torn: a person looks first', async () => {
    const world = await written();
    const { disk, notes } = world.tools;
    const last = disk.list(FOLDER).at(-1) ?? '';
    disk.truncate(`${FOLDER}/${last}`, disk.read(`${FOLDER}/${last}`).length - 3);

    expect(await journalPlan(disk, notes, SESSION)).toBeUndefined();
  });

  it('do not come back from a lake that has something else', async () => {
    const world = await written();
    await packAll(world);
    const [copy] = await world.tools.place.list('journal/');
    const path = join(world.root, 'lake', copy?.path ?? '');
    writeFileSync(path, 'something else');

    await expect(bringBack(world.tools, SESSION)).rejects.toMatchObject({ code: 'LAKE_DAMAGED' });
    expect(existsSync(join(world.root, FOLDER, '000001.seg.moved'))).toBe(true);
  });

  it('name the file where a compressed one is damaged', async () => {
    const world = await written();
    const { disk, notes } = world.tools;
    for (const segment of (await journalPlan(disk, notes, SESSION)) ?? []) {
      await packAway(world.tools, { ...segment, to: 'here' });
    }
    writeFileSync(join(world.root, FOLDER, '000001.seg.gz'), 'not gzip');

    expect(() => readAll(disk)).toThrow(/000001\.seg\.gz is damaged/);
  });
});
