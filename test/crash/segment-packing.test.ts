import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import {
  PACK_POINTS,
  type PackPoint,
  packFile,
  PART_BYTES,
} from '../../src/store/journal/pack-file.ts';
import { createSegmentPacker } from '../../src/store/journal/segment-packer.ts';
import { repairTail } from '../../src/store/journal/journal-reader.ts';
import { Killed } from '../lifecycle-rig.ts';
import {
  appendRecords,
  FOLDER,
  readAll,
  startWriter,
} from '../unit/store/journal/journal-fixture.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'strata-packing-'));
  roots.push(root);
  return root;
}

const SMALL = { segmentBytesMax: 6_000, blockBytesMax: 1_000 } as const;
const QUIET = { at: () => undefined, rest: () => undefined };

/** Several closed segments and an open one, written and let go of. */
async function written(durability: 'os' | 'fsync' = 'os') {
  const root = newRoot();
  const disk = nodeDisk(root);
  const closed: string[] = [];
  const writer = startWriter(disk, { ...SMALL, durability });
  appendRecords(writer, 250);
  await writer.close();
  const before = readAll(disk);
  const segments = disk.list(FOLDER);
  closed.push(...segments.slice(0, -1));
  return { root, disk, before, segments, closed };
}

function placeOf(root: string, segment = ''): string {
  return join(root, FOLDER, segment);
}

function records(disk: Disk) {
  return readAll(disk).records;
}

describe('a closed segment', () => {
  it('is compressed, and is read as it was, record by record', async () => {
    const { root, disk, before, closed } = await written();
    for (const segment of closed) packFile(placeOf(root, segment), QUIET);
    const after = readAll(disk);

    expect(closed.length).toBeGreaterThan(2);
    expect(disk.list(FOLDER).filter((name) => name.endsWith('.gz'))).toHaveLength(closed.length);
    expect(after.records).toEqual(before.records);
    expect({ ...after.contents, bytes: 0 }).toEqual({ ...before.contents, bytes: 0 });
  });

  it('is never lost, whichever step of packing is the last', async () => {
    const passed = new Set<PackPoint>();
    for (const point of PACK_POINTS) {
      const { root, disk, before, closed } = await written();
      const [segment = ''] = closed;
      const at = (reached: PackPoint): void => {
        passed.add(reached);
        if (reached === point) throw new Killed(point);
      };
      expect(() => packFile(placeOf(root, segment), { ...QUIET, at })).toThrow(Killed);
      expect(records(disk), point).toEqual(before.records);

      // The next life goes on over what is there, and packs again.
      const again: string[] = [];
      const { contents } = readAll(disk);
      const writer = startWriter(disk, SMALL, [], undefined, (name) => again.push(name));
      appendRecords(writer, 20);
      await writer.close();
      for (const name of again) packFile(placeOf(root, name), QUIET);

      expect(contents.tail).toBe('clean');
      expect(records(disk).slice(0, before.records.length), point).toEqual(before.records);
      expect(records(disk)).toHaveLength(before.records.length + 20);
      expect(disk.list(FOLDER).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }

    expect(passed).toEqual(new Set(PACK_POINTS));
  }, 60_000);

  it('B2 of several parts is whole after kill -9 at any moment', async () => {
    const root = newRoot();
    const place = join(root, '000001.seg');
    const random = new Random(7);
    const part = Uint8Array.from({ length: 4_096 }, () => random.below(16));
    const bytes = new Uint8Array(4 * PART_BYTES + 77);
    for (let at = 0; at < bytes.length; at += part.length) {
      bytes.set(part.subarray(0, Math.min(part.length, bytes.length - at)), at);
      bytes[at] = at;
    }
    const ends = { before: 0, after: 0 };
    for (const afterMs of [150, 200, 250, 300, 400, 600, 1_000]) {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root, { recursive: true });
      writeFileSync(place, bytes);
      await killedAfter(place, afterMs);
      const kept = existsSync(place) ? readFileSync(place) : undefined;
      if (kept === undefined) ends.after += 1;
      else {
        ends.before += 1;
        expect(Buffer.compare(kept, bytes)).toBe(0);
        packFile(place, QUIET);
      }
      const disk = nodeDisk(root);
      const { unpackSegment } = await import('../../src/store/journal/segment-files.ts');
      const there = unpackSegment('000001.seg', disk.read('000001.seg.gz'));
      expect(Buffer.compare(there, bytes)).toBe(0);
    }

    expect(ends.before + ends.after).toBe(7);
  }, 120_000);

  it('stays where its compressed form is not the same when it is read back', async () => {
    const { root, disk, before, closed } = await written();
    const place = placeOf(root, closed[0]);
    const copy = readFileSync(place);
    const at = (point: PackPoint): void => {
      // As if the disk had kept another byte than it was given.
      if (point === 'partDrafted') writeFileSync(place, damaged(copy));
    };

    expect(() => packFile(place, { ...QUIET, at })).toThrow(/does not unpack to what/);
    writeFileSync(place, copy);
    expect(existsSync(`${place}.gz`)).toBe(false);
    expect(records(disk)).toEqual(before.records);
  });

  it('that holds nothing replaces no compressed one', async () => {
    const { root, disk, before, closed } = await written();
    const place = placeOf(root, closed[0]);
    packFile(place, QUIET);
    writeFileSync(place, '');

    expect(() => packFile(place, QUIET)).toThrow(/holds nothing/);
    expect(records(disk)).toEqual(before.records);
  });

  it('is known to be damaged where zeros stand between its parts, not read short', async () => {
    const { root, disk, closed } = await written();
    const place = placeOf(root, closed[0]);
    packFile(place, QUIET);
    const whole = readFileSync(`${place}.gz`);
    // As if a second part had been there, and the disk had lost it.
    writeFileSync(`${place}.gz`, Buffer.concat([whole, Buffer.alloc(4_096), whole]));

    expect(() => readAll(disk)).toThrow(/000001\.seg\.gz/);
  });

  it('is told once it is as safe as the durability wants it', async () => {
    for (const durability of ['os', 'fsync'] as const) {
      const disk = nodeDisk(newRoot());
      const told: string[] = [];
      const writer = startWriter(disk, { ...SMALL, durability }, [], undefined, (name) => {
        told.push(name);
      });
      for (let turn = 0; turn < 40; turn += 1) {
        appendRecords(writer, 10);
        writer.flush();
        await writer.syncIfNeeded();
      }
      const whole = disk.list(FOLDER);

      expect(told.length).toBeGreaterThan(2);
      expect(told).toEqual(whole.slice(0, told.length));
      expect(whole.length - told.length).toBeGreaterThanOrEqual(1);
      await writer.close();
    }
  });
});

describe('the packer of a session', () => {
  it('packs what is closed, the oldest first, and gives the budget back', async () => {
    const { root, disk, before, segments, closed } = await written();
    const told: string[] = [];
    let saved = 0;
    const packer = createSegmentPacker({
      folder: placeOf(root),
      packed(segment, { bytes, packedBytes }) {
        told.push(segment);
        saved += bytes - packedBytes;
      },
      failed: (_, error) => told.push(String(error)),
    });
    for (const segment of closed) packer.closed(segment);
    await until(() => told.length === closed.length);
    await packer.stop();
    const { contents } = readAll(disk);

    expect(told).toEqual(closed);
    expect(records(disk)).toEqual(before.records);
    expect(contents.bytes).toBe(before.contents.bytes - saved);
    expect(segments).toHaveLength(closed.length + 1);
  }, 60_000);

  it("lets a life's budget count what is on the disk", async () => {
    const root = newRoot();
    const disk = nodeDisk(root);
    let packed = 0;
    let shrink = (_bytes: number): void => undefined;
    const packer = createSegmentPacker({
      folder: placeOf(root),
      packed(_, { bytes, packedBytes }) {
        packed += 1;
        shrink(bytes - packedBytes);
      },
      failed: (_, error) => {
        throw error;
      },
    });
    let closed = 0;
    const writer = startWriter(disk, SMALL, [], undefined, (segment) => {
      closed += 1;
      packer.closed(segment);
    });
    shrink = (bytes) => writer.shrink(bytes);
    appendRecords(writer, 200);
    writer.flush();
    await until(() => packed === closed);
    await packer.stop();
    const sizes = disk.list(FOLDER).map((name) => disk.read(`${FOLDER}/${name}`).length);

    expect(closed).toBeGreaterThan(2);
    expect(writer.totalBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    await writer.close();
    expect(readAll(disk).contents.bytes).toBe(writer.totalBytes);
  }, 60_000);

  it('says why a segment stays as it was', async () => {
    const told: string[] = [];
    const packer = createSegmentPacker({
      folder: newRoot(),
      packed: (segment) => told.push(segment),
      failed: (segment, error) => told.push(`${segment}: ${String(error)}`),
    });
    packer.closed('000001.seg');
    await until(() => told.length > 0);

    expect(told[0]).toMatch(/000001\.seg: .*ENOENT/);
    await packer.stop();
  }, 30_000);

  it('leaves no draft when it is stopped, and the segment as it was', async () => {
    const root = newRoot();
    const bytes = new Uint8Array(8 * PART_BYTES).fill(9);
    const place = join(root, '000001.seg');
    writeFileSync(place, bytes);
    copyFileSync(place, join(root, '000002.seg'));
    const packer = createSegmentPacker({
      folder: root,
      packed: () => undefined,
      failed: () => undefined,
    });
    packer.closed('000001.seg');
    packer.closed('000002.seg');
    await until(() => existsSync(`${place}.gz.tmp`));
    await packer.stop();

    expect(nodeDisk(root).list('')).toEqual(['000001.seg', '000002.seg']);
    expect(Buffer.compare(readFileSync(place), bytes)).toBe(0);
  }, 30_000);
});

it('a life continues a journal of which all but the last segment are compressed', async () => {
  for (const durability of ['os', 'fsync'] as const) {
    const { root, disk, before, closed } = await written(durability);
    for (const segment of closed) packFile(placeOf(root, segment), QUIET);
    const found = readAll(disk).contents;
    repairTail(disk, FOLDER, found);
    const writer = startWriter(disk, { ...SMALL, durability });
    expect(writer.totalBytes).toBe(found.bytes + 512);
    appendRecords(writer, 100);
    await writer.close();

    expect(records(disk)).toHaveLength(before.records.length + 100);
    expect(records(disk).slice(0, before.records.length)).toEqual(before.records);
    // Nothing was made anew beside what is compressed.
    for (const segment of closed) expect(existsSync(placeOf(root, segment))).toBe(false);
  }
});

function damaged(bytes: Uint8Array): Uint8Array {
  const other = new Uint8Array(bytes);
  other[100] = (other[100] ?? 0) ^ 1;
  return other;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function killedAfter(place: string, ms: number): Promise<void> {
  const child = fileURLToPath(new URL('./pack-child.ts', import.meta.url));
  const threads = fileURLToPath(new URL('../typescript-threads.mjs', import.meta.url));
  const running = spawn(process.execPath, ['--import', threads, child, place], { stdio: 'ignore' });
  const timer = setTimeout(() => running.kill('SIGKILL'), ms);
  await new Promise<void>((resolve) => running.once('exit', () => resolve()));
  clearTimeout(timer);
}
