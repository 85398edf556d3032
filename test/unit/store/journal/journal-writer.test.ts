import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../../../src/core/hash.ts';
import { JournalError } from '../../../../src/store/journal/journal-error.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import {
  appendRecord,
  appendRecords,
  expectedRecords,
  FOLDER,
  readAll,
  startWriter,
  written,
  type States,
} from './journal-fixture.ts';

const FIRST = `${FOLDER}/000001.seg`;

describe('JournalWriter', () => {
  it('writes a block when it is full and the rest on flush', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { blockBytesMax: 2_048 });

    appendRecords(writer, 100);
    const marks = [writer.writtenMark, writer.mark()];
    writer.flush();

    const appends = disk.operations.filter(({ name }) => name === 'append');
    expect(marks[0]).toBeGreaterThan(50);
    expect(marks).toEqual([readWritten(disk), 100]);
    expect(writer.writtenMark).toBe(100);
    expect(appends.length).toBeGreaterThan(4);
    expect(readAll(disk).records).toEqual(expectedRecords(100));
  });

  it('takes a record that is larger than a block', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { blockBytesMax: 2_048 });
    const large = Uint8Array.from({ length: 100_000 }, (_, at) => at);

    appendRecord(writer);
    writer.append(1, 2, 5, new Hash64(), large);
    appendRecord(writer);
    writer.flush();

    const { records } = readAll(disk);
    expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(records[1]?.payload).toEqual(large);
  });

  it('takes from a ByteWriter what was written, short or long', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk);
    const contents = [new Uint8Array(0), new Uint8Array(7).fill(3), new Uint8Array(999).fill(4)];

    for (const [index, content] of contents.entries()) {
      writer.append(9, index + 1, 0, new Hash64(), written(content));
    }
    writer.flush();

    expect(readAll(disk).records.map(({ payload }) => payload)).toEqual(contents);
  });

  it('stops us where a sequence is left out or repeated', () => {
    const writer = startWriter(new MemoryDisk());
    appendRecord(writer);

    expect(() => writer.append(1, 3, 0, new Hash64(), new Uint8Array(1))).toThrow(/without a gap/);
    expect(() => writer.append(1, 1, 0, new Hash64(), new Uint8Array(1))).toThrow(/without a gap/);
  });

  it('B7: claims under none at once, under os once written, under fsync once synced', async () => {
    const claims: boolean[][] = [];
    for (const durability of ['none', 'os', 'fsync'] as const) {
      const writer = startWriter(new MemoryDisk(), { durability });
      appendRecord(writer);
      const appended = writer.isDurable(1);
      writer.flush();
      const flushed = writer.isDurable(1);
      await writer.syncIfNeeded();
      claims.push([appended, flushed, writer.isDurable(1)]);
    }
    expect(claims).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
    ]);
  });

  it('B7: claims what was written before a sync began, once that sync ended', async () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { durability: 'fsync' });
    disk.holdSyncs();
    appendRecord(writer);
    writer.flush();
    const first = writer.syncIfNeeded();
    appendRecord(writer);
    writer.flush();
    const again = writer.syncIfNeeded();

    expect(again).toBe(first);
    expect(writer.durableMark).toBe(0);
    disk.releaseSyncs();
    await first;

    expect(writer.durableMark).toBe(1);
    expect([writer.isDurable(1), writer.isDurable(2)]).toEqual([true, false]);
    await writer.syncIfNeeded();
    expect(writer.durableMark).toBe(2);
    expect(writer.syncIfNeeded()).toBeUndefined();
    expect(disk.operations.map(({ name }) => name)).toEqual([
      'open',
      'append', // The header.
      'append', // Record 1.
      'sync',
      'append', // Record 2 came while the sync was under way.
      'synced',
      'sync',
      'synced',
    ]);
  });

  it('B7: whatever is durable is read after any loss of power', async () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const disk = new MemoryDisk();
      const writer = startWriter(disk, { durability: 'fsync', segmentBytesMax: 3_000 });
      for (let round = 0; round < 12; round += 1) {
        appendRecords(writer, 1 + ((seed + round) % 5));
        writer.flush();
        if ((seed + round) % 3 === 0) await writer.syncIfNeeded();
      }
      const { contents, records } = readAll(disk.crash({ powerLoss: true, seed }));

      expect(contents.lastSequence, `seed ${seed}`).toBeGreaterThanOrEqual(writer.durableMark);
      expect(records, `seed ${seed}`).toEqual(expectedRecords(contents.lastSequence));
    }
  });

  it('B7: claims nothing of an earlier life until a sync of its own covered it', async () => {
    const disk = new MemoryDisk();
    const before = startWriter(disk, { durability: 'fsync' });
    appendRecords(before, 3);
    before.flush(); // Never synced: then the process died.
    const survivor = disk.crash();
    const writer = startWriter(survivor, { durability: 'fsync' });

    expect(writer.isDurable(3)).toBe(false);
    appendRecord(writer);
    writer.flush();
    await writer.syncIfNeeded();

    expect(writer.isDurable(4)).toBe(true);
    for (let seed = 0; seed < 20; seed += 1) {
      const { records } = readAll(survivor.crash({ powerLoss: true, seed }));
      expect(records, `seed ${seed}`).toEqual(expectedRecords(4));
    }
  });

  it('B7: a life without a record leaves a journal that outlives any loss of power', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const disk = new MemoryDisk();
      startWriter(disk, { durability: 'fsync' });
      const second = disk.crash();
      startWriter(second, { durability: 'fsync' });

      const { contents } = readAll(second.crash({ powerLoss: true, seed }));

      expect(contents.lastSequence).toBe(0);
    }
  });

  it('B6: a full disk ends it, tells why, keeps what was claimed and takes nothing more', () => {
    const disk = new MemoryDisk();
    const states: States = [];
    const writer = startWriter(disk, { durability: 'os' }, states);
    appendRecords(writer, 5);
    writer.flush();
    disk.plan({ operation: 'append', nth: 1, code: 'DISK_FULL', tornAfter: 50 });
    appendRecord(writer);

    expect(() => writer.flush()).toThrow(JournalError);

    expect(states).toEqual([{ state: 'failed', reason: expect.stringContaining('DISK_FULL') }]);
    expect([writer.isDurable(5), writer.isDurable(6)]).toEqual([true, false]);
    const count = disk.operations.length;
    expect(() => appendRecord(writer)).toThrow(
      expect.objectContaining({ name: 'JournalError', code: 'JOURNAL_FAILED' }),
    );
    expect(() => writer.flush()).toThrow(JournalError);
    expect(disk.operations).toHaveLength(count);
    expect(readAll(disk.crash()).records).toEqual(expectedRecords(5));
  });

  it('B6: EIO in the middle of appending throws at that append', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { blockBytesMax: 2_048 });
    disk.plan({ operation: 'append', nth: 2, code: 'DISK_FAILED' });

    expect(() => appendRecords(writer, 1_000)).toThrow(/DISK_FAILED/);

    expect(writer.state).toBe('failed');
    expect(readAll(disk).contents.lastSequence).toBe(writer.writtenMark);
  });

  it('B6: a failed sync is never tried again as if it had worked', async () => {
    const disk = new MemoryDisk();
    const states: States = [];
    const writer = startWriter(disk, { durability: 'fsync' }, states);
    appendRecord(writer);
    writer.flush();
    await writer.syncIfNeeded();
    appendRecord(writer);
    writer.flush();
    disk.plan({ operation: 'sync', nth: 1, code: 'DISK_SYNC_FAILED' });

    await writer.syncIfNeeded();

    expect(states.map(({ state }) => state)).toEqual(['failed']);
    expect(writer.syncIfNeeded()).toBeUndefined();
    expect([writer.isDurable(1), writer.isDurable(2)]).toEqual([true, false]);
    expect(() => appendRecord(writer)).toThrow(JournalError);
    await writer.close();
    expect([writer.state, writer.durableMark]).toEqual(['failed', 1]);
  });

  it('B6: claims nothing that a sync under way brings in after a write failed', async () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { durability: 'fsync' });
    disk.holdSyncs();
    appendRecord(writer);
    writer.flush();
    const sync = writer.syncIfNeeded();
    disk.plan({ operation: 'append', nth: 1, code: 'DISK_FAILED' });
    appendRecord(writer);
    expect(() => writer.flush()).toThrow(JournalError);
    disk.releaseSyncs();
    await sync;

    expect(writer.durableMark).toBe(0);
  });

  it('B6: a disk that is full at the start is an error of the start', () => {
    const states: States = [];

    expect(() => startWriter(new MemoryDisk(100), {}, states)).toThrow(JournalError);

    expect(states.map(({ state }) => state)).toEqual(['failed']);
  });

  it('turns reduce-only at 90 % of its budget and still records', () => {
    const states: States = [];
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { bytesMax: 10_000, blockBytesMax: 1_000 }, states);
    while (writer.state === 'open') appendRecord(writer);
    const turnedAt = disk.usedBytes;
    appendRecords(writer, 200);
    writer.flush();

    expect(turnedAt).toBeGreaterThanOrEqual(9_000);
    expect(turnedAt).toBeLessThan(10_000);
    expect(states).toEqual([{ state: 'reduceOnly', reason: expect.stringContaining('budget') }]);
    expect(readAll(disk).contents.lastSequence).toBe(writer.mark());
  });

  it('counts what earlier lives wrote into the budget', async () => {
    const disk = new MemoryDisk();
    const before = startWriter(disk);
    appendRecords(before, 200);
    await before.close();

    expect(startWriter(disk, { bytesMax: disk.usedBytes }).state).toBe('reduceOnly');
  });

  it('turns reduce-only where less than a tenth of the disk is free', () => {
    const disk = new MemoryDisk(1_000_000);
    disk.put('somebody-else', new Uint8Array(950_000));
    const states: States = [];
    startWriter(disk, {}, states);

    expect(states).toEqual([{ state: 'reduceOnly', reason: expect.stringContaining('disk') }]);
  });

  it('asks for space now and then, not for each record', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk);
    disk.plan({ operation: 'space', nth: 2, code: 'DISK_FAILED' });
    disk.plan({ operation: 'space', nth: 1, code: 'DISK_FAILED' });
    const large = new Uint8Array(1 << 20);
    const appendLarge = () => writer.append(1, writer.mark() + 1, 0, new Hash64(), large);
    for (let count = 0; count < 15; count += 1) appendLarge();

    expect(writer.state).toBe('open');
    expect(() => {
      appendLarge();
      appendLarge();
    }).toThrow(/asking for space/);
  });

  it('asks for space no later because a segment was compressed meanwhile', () => {
    const disk = new MemoryDisk(400 << 20);
    const states: States = [];
    const writer = startWriter(disk, {}, states);
    const large = new Uint8Array(1 << 20);
    const appendLarge = () => writer.append(1, writer.mark() + 1, 0, new Hash64(), large);
    for (let count = 0; count < 60; count += 1) appendLarge();
    writer.shrink(50 << 20);
    disk.put('somebody-else', new Uint8Array(305 << 20));
    for (let count = 0; count < 17; count += 1) appendLarge();

    expect(states).toEqual([{ state: 'reduceOnly', reason: expect.stringContaining('disk') }]);
  });

  it('rotates at a block border and keeps every segment within its limit', async () => {
    const disk = new MemoryDisk();
    const limits = { segmentBytesMax: 20_000, blockBytesMax: 2_048 };
    const writer = startWriter(disk, limits);
    appendRecords(writer, 2_000);
    await writer.close();

    const names = disk.list(FOLDER);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(disk.read(`${FOLDER}/${name}`).length).toBeLessThan(20_001);
    expect(readAll(disk).records).toEqual(expectedRecords(2_000));
  });

  it('syncs a finished segment before it claims what is in the next one', async () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, { durability: 'fsync', segmentBytesMax: 2_000 });
    appendRecord(writer);
    writer.flush();
    await writer.syncIfNeeded();
    while (disk.list(FOLDER).length === 1) {
      appendRecord(writer);
      writer.flush();
    }
    const before = disk.operations.length;
    await writer.syncIfNeeded();

    const synced = disk.operations.slice(before).filter(({ name }) => name === 'synced');
    expect(synced.map(({ path }) => path)).toEqual([FIRST, `${FOLDER}/000002.seg`]);
    expect(writer.durableMark).toBe(writer.mark());
  });

  it('does not start a segment while two before it would be unsynced', async () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk, {
      durability: 'fsync',
      segmentBytesMax: 2_000,
      blockBytesMax: 1_000,
    });
    appendRecords(writer, 200); // Nobody awaits anything meanwhile.
    expect(disk.list(FOLDER)).toHaveLength(1);

    await writer.syncIfNeeded();
    appendRecords(writer, 20);
    expect(disk.list(FOLDER)).toHaveLength(2);
    await writer.close();

    expect(readAll(disk).records).toEqual(expectedRecords(220));
  });

  it('closes with everything durable and refuses what comes later', async () => {
    const disk = new MemoryDisk();
    const states: States = [];
    const writer = startWriter(disk, { durability: 'fsync' }, states);
    appendRecords(writer, 10);
    const closing = writer.close();
    expect(() => appendRecord(writer)).toThrow(expect.objectContaining({ code: 'JOURNAL_CLOSED' }));
    await closing;
    await writer.close();

    expect(states.map(({ state }) => state)).toEqual(['closed']);
    expect(writer.durableMark).toBe(10);
    expect(readAll(disk.crash({ powerLoss: true })).records).toEqual(expectedRecords(10));
  });
});

function readWritten(disk: MemoryDisk): number {
  // What was flushed at the time is the last sequence of the last but one block.
  const sequences = readAll(disk).records.map(({ sequence }) => sequence);
  expect(sequences.at(-1)).toBe(100);
  return lastBlockStart(disk) - 1;
}

function lastBlockStart(disk: MemoryDisk): number {
  const appends = disk.operations.filter(({ name }) => name === 'append');
  const bytes = disk.read(FIRST);
  const at = appends.at(-2)?.length ?? 0;
  return new DataView(bytes.buffer).getFloat64(at + 16, true);
}
