import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../src/core/hash.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { readJournal, repairTail } from '../../src/store/journal/journal-reader.ts';
import { JournalError } from '../../src/store/journal/journal-error.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import {
  appendRecords,
  expectedRecords,
  FOLDER,
  readAll,
  startWriter,
} from '../unit/store/journal/journal-fixture.ts';

const record = fc.record({
  kind: fc.integer({ min: 0, max: 255 }),
  nowUs: fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true })),
  hashHigh: fc.integer(),
  hashLow: fc.integer(),
  payload: fc.uint8Array({ maxLength: 600 }),
});
const settings = fc.record({
  segmentBytesMax: fc.integer({ min: 600, max: 8_000 }),
  blockBytesMax: fc.integer({ min: 64, max: 2_000 }),
});

describe('the journal', () => {
  it('E4: gives back every record, over blocks, segments and lives', async () => {
    const lives = fc.array(fc.array(record, { maxLength: 40 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lives, settings, async (records, limits) => {
        const disk = new MemoryDisk();
        await writeLives(disk, records, limits);

        const all = readAll(disk).records;
        expect(all.map(({ sequence: _sequence, ...rest }) => rest)).toEqual(records.flat());
        expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
      }),
      { numRuns: 150 },
    );
  });

  it('E4: gives back every record from real files', async () => {
    const root = mkdtempSync(join(tmpdir(), 'strata-journal-'));
    try {
      const disk = nodeDisk(root);
      for (const durability of ['fsync', 'os', 'none'] as const) {
        const limits = { durability, segmentBytesMax: 30_000, blockBytesMax: 4_096 };
        const writer = startWriter(disk, limits);
        for (let round = 0; round < 10; round += 1) {
          appendRecords(writer, 100);
          writer.flush();
          await writer.syncIfNeeded();
        }
        await writer.close();
      }
      expect(disk.list(FOLDER).length).toBeGreaterThan(8);
      expect(readAll(disk).records).toEqual(expectedRecords(3_000));
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('B4 B7: holds after any crashes a prefix, with everything that was durable', async () => {
    const step = fc.record({
      records: fc.integer({ min: 0, max: 12 }),
      isFlushed: fc.boolean(),
      sync: fc.constantFrom('none', 'started', 'awaited'),
    });
    const life = fc.record({ steps: fc.array(step, { maxLength: 12 }), seed: fc.nat() });
    const tears = { clean: 0, one: 0, spanning: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: 1, maxLength: 4 }),
        settings,
        async (all, limits) => {
          let disk = new MemoryDisk();
          let durable = 0;
          for (const { steps, seed } of all) {
            const writer = startWriter(disk, { ...limits, durability: 'fsync' });
            for (const { records, isFlushed, sync } of steps) {
              appendRecords(writer, records);
              if (isFlushed) writer.flush();
              const syncing = sync === 'none' ? undefined : writer.syncIfNeeded();
              if (sync === 'awaited') await syncing;
              durable = Math.max(durable, writer.durableMark);
            }
            disk = disk.crash({ powerLoss: true, seed });
            const { contents, records } = readAll(disk);
            expect(contents.lastSequence).toBeGreaterThanOrEqual(durable);
            expect(records).toEqual(expectedRecords(contents.lastSequence));
            const { tail } = contents;
            if (tail === 'clean') tears.clean += 1;
            else if (tail.laterSegments.length === 0) tears.one += 1;
            else tears.spanning += 1;
            repairTail(disk, FOLDER, contents);
          }
        },
      ),
      { numRuns: 300 },
    );
    // The property is worth what its crashes are worth: each way to be torn was met.
    expect(Math.min(tears.clean, tears.one, tears.spanning)).toBeGreaterThan(3);
  });

  it('B6: whatever fails, what was claimed is there, also after a life that went on', async () => {
    const fault = fc.record({
      operation: fc.constantFrom('append', 'sync'),
      nth: fc.integer({ min: 1, max: 12 }),
      code: fc.constantFrom('DISK_FULL', 'DISK_FAILED', 'DISK_SYNC_FAILED'),
      tornAfter: fc.nat(700),
    });
    const cases = fc.record({ fault, limits: settings, powerLoss: fc.boolean(), seed: fc.nat() });
    await fc.assert(
      fc.asyncProperty(cases, async ({ fault, limits, powerLoss, seed }) => {
        const disk = new MemoryDisk();
        disk.plan(fault);
        const claimed = await writeUntilFailure(disk, limits);
        const next = disk.crash({ powerLoss, seed });
        const { contents, records } = readAll(next);
        expect(contents.lastSequence).toBeGreaterThanOrEqual(claimed);
        expect(records).toEqual(expectedRecords(contents.lastSequence));

        repairTail(next, FOLDER, contents);
        const claimedNext = await writeUntilFailure(next, limits);
        expect(claimedNext).toBe(contents.lastSequence + 60);
        const after = readAll(next.crash({ powerLoss: true, seed }));
        expect(after.records).toEqual(expectedRecords(claimedNext));
      }),
      { numRuns: 300 },
    );
  });

  it('E1: any bytes in the place of a segment are refused or torn, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        const disk = new MemoryDisk();
        disk.put(`${FOLDER}/000001.seg`, bytes);
        try {
          const contents = readJournal(disk, FOLDER, () => expect.unreachable('a record'));
          expect(contents.records).toBe(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOURNAL_DAMAGED', segment: '000001.seg' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

type RecordValue = typeof record extends fc.Arbitrary<infer Value> ? Value : never;
type Limits = typeof settings extends fc.Arbitrary<infer Value> ? Value : never;

/** Sixty records, each third of them awaited. Answers the last that was claimed as durable. */
async function writeUntilFailure(disk: MemoryDisk, limits: Limits): Promise<number> {
  let claimed = 0;
  try {
    const writer = startWriter(disk, { ...limits, durability: 'fsync' });
    for (let round = 0; round < 20; round += 1) {
      appendRecords(writer, 3);
      writer.flush();
      await writer.syncIfNeeded();
      claimed = writer.durableMark;
    }
    await writer.close();
    claimed = writer.durableMark;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
  }
  return claimed;
}

async function writeLives(
  disk: Disk,
  lives: readonly (readonly RecordValue[])[],
  limits: Limits,
): Promise<void> {
  const hash = new Hash64();
  for (const records of lives) {
    const writer = startWriter(disk, limits);
    for (const { kind, nowUs, hashHigh, hashLow, payload } of records) {
      hash.set(hashHigh, hashLow);
      writer.append(kind, writer.mark() + 1, nowUs, hash, payload);
    }
    await writer.close();
  }
}
