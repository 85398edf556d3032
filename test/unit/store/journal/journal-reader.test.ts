import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../../../src/core/hash.ts';
import { JournalDamage, JournalError } from '../../../../src/store/journal/journal-error.ts';
import { readJournal, repairTail } from '../../../../src/store/journal/journal-reader.ts';
import { checksum } from '../../../../src/store/journal/checksum.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import {
  appendRecord,
  appendRecords,
  expectedRecords,
  FOLDER,
  readAll,
  startWriter,
} from './journal-fixture.ts';

const FIRST = `${FOLDER}/000001.seg`;
const SECOND = `${FOLDER}/000002.seg`;
/** Without it one bit of each byte is flipped instead of all eight. */
const isLong = process.env['STRATA_LONG'] === '1';

describe('readJournal', () => {
  it('answers an empty journal where there is no folder', () => {
    expect(readAll(new MemoryDisk()).contents).toEqual({
      records: 0,
      lastSequence: 0,
      durableSequence: 0,
      tail: 'clean',
      segments: [],
      life: 0,
      chain: 0,
      bytes: 0,
    });
  });

  it('names for each record the life, build and config that wrote it', async () => {
    const disk = new MemoryDisk();
    const first = startWriter(disk, { durability: 'fsync' });
    appendRecords(first, 3);
    await first.close();
    const second = startWriter(disk, { durability: 'os' }, [], 'build-b');
    appendRecords(second, 2);
    await second.close();

    const authors: string[] = [];
    const contents = readJournal(disk, FOLDER, ({ sequence }, header) => {
      authors.push(`${sequence} life ${header.life} ${header.buildId} ${header.durability}`);
    });

    expect([first.life, second.life, contents.life]).toEqual([1, 2, 2]);
    expect(authors).toEqual([
      '1 life 1 build-a fsync',
      '2 life 1 build-a fsync',
      '3 life 1 build-a fsync',
      '4 life 2 build-b os',
      '5 life 2 build-b os',
    ]);
    expect(contents.segments.map(({ configHash }) => configHash)).toEqual([
      '0123456789abcdef',
      '0123456789abcdef',
    ]);
    expect(contents.bytes).toBe(disk.usedBytes);
  });

  it('keeps payloads that changed hands apart from the buffer they came from', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk);
    const payload = Uint8Array.of(1, 2, 3);
    writer.append(1, 1, 0, new Hash64(), payload);
    payload.fill(9);
    writer.flush();

    expect([...(readAll(disk).records[0]?.payload ?? [])]).toEqual([1, 2, 3]);
  });

  it('checks what a snapshot covers but does not visit it', () => {
    const disk = writtenDisk(500, 1_000);

    expect(readAll(disk, { fromSequence: 321 }).records).toEqual(expectedRecords(500, 321));
    disk.flipBit(FIRST, 8 * 2_000);
    expect(() => readAll(disk, { fromSequence: 321 })).toThrow(JournalDamage);
  });

  it('refuses another version of the format, which is no damage', () => {
    const disk = writtenDisk(1);
    const bytes = disk.read(FIRST);
    bytes[8] = 2;
    new DataView(bytes.buffer).setUint32(504, checksum(bytes, 0, 504), true);
    disk.put(FIRST, bytes);

    expect(() => readAll(disk)).toThrow(JournalError);
    expect(() => readAll(disk)).toThrow(/version 2/);
  });

  it('B3: reads 200,000 records', () => {
    const disk = new MemoryDisk();
    const writer = startWriter(disk);
    const hash = new Hash64();
    const payload = new Uint8Array(64);
    for (let sequence = 1; sequence <= 200_000; sequence += 1) {
      writer.append(1, sequence, sequence, hash, payload);
    }
    writer.flush();
    let sum = 0;
    const start = performance.now();
    const { records } = readJournal(disk, FOLDER, ({ sequence }) => (sum += sequence));
    const ms = performance.now() - start;
    process.stdout.write(`B3 note: 200,000 records of 64 bytes read in ${ms.toFixed(0)} ms\n`);

    expect(records).toBe(200_000);
    expect(sum).toBe((200_000 * 200_001) / 2);
  });
});

describe('a torn tail', () => {
  it('B4: cut at every byte of the last three records comes back to the last whole block', () => {
    const whole = new MemoryDisk();
    const writer = startWriter(whole);
    const ends: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      appendRecord(writer);
      writer.flush();
      ends.push(whole.read(FIRST).length);
    }
    const bytes = whole.read(FIRST);
    const from = ends.at(-4) ?? 0;
    for (let length = from; length <= bytes.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(FIRST, bytes.slice(0, length));
      const kept = ends.filter((end) => end <= length);
      const { contents, records } = readAll(disk);

      expect(records, `cut at ${length}`).toEqual(expectedRecords(kept.length));
      const offset = kept.at(-1) ?? 0;
      if (length === offset) expect(contents.tail).toBe('clean');
      else {
        expect(contents.tail, `cut at ${length}`).toMatchObject({
          segment: '000001.seg',
          offset,
          droppedBytes: length - offset,
        });
      }
      repairTail(disk, FOLDER, contents);
      expect(readAll(disk).contents, `cut at ${length}`).toEqual({ ...contents, tail: 'clean' });
    }
  });

  it('B4: cut at every byte of a block of three records, none of the three is invented', () => {
    const whole = new MemoryDisk();
    const writer = startWriter(whole);
    appendRecords(writer, 4);
    writer.flush();
    const from = whole.read(FIRST).length;
    appendRecords(writer, 3);
    writer.flush();
    const bytes = whole.read(FIRST);
    for (let length = from; length < bytes.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(FIRST, bytes.slice(0, length));
      expect(readAll(disk).contents.lastSequence, `cut at ${length}`).toBe(4);
    }
  });

  it('B4: cut at every byte of the first header, the journal begins anew', async () => {
    const bytes = writtenDisk(1).read(FIRST).slice(0, 512);
    for (let length = 0; length < bytes.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(FIRST, bytes.slice(0, length));
      const { contents } = readAll(disk);
      expect(contents).toMatchObject({ lastSequence: 0, life: 0, tail: { offset: 0 } });
      repairTail(disk, FOLDER, contents);
      expect(disk.exists(FIRST)).toBe(false);
    }
  });

  it('is also an end that was never written and reads as zeros', () => {
    const whole = writtenDisk(6, 64);
    const bytes = whole.read(FIRST);
    const lastBlock = blockStarts(bytes).at(-1) ?? 0;
    for (let zeroFrom = lastBlock; zeroFrom < bytes.length - 4; zeroFrom += 1) {
      const disk = new MemoryDisk();
      const torn = new Uint8Array(bytes.length + 4_096);
      torn.set(bytes.subarray(0, zeroFrom));
      disk.put(FIRST, torn);

      expect(readAll(disk).contents, `zeros from ${zeroFrom}`).toMatchObject({
        lastSequence: 5,
        tail: { offset: lastBlock, droppedBytes: torn.length - lastBlock },
      });
    }
  });

  it('is continued by the next life once repaired', async () => {
    const disk = writtenDisk(10, 64);
    disk.truncate(FIRST, disk.read(FIRST).length - 3);
    const { contents } = readAll(disk);
    expect(() => startWriter(disk)).toThrow(/repaired/);

    repairTail(disk, FOLDER, contents);
    const writer = startWriter(disk);
    appendRecords(writer, 4);
    await writer.close();

    expect(readAll(disk).records).toEqual(expectedRecords(13));
    expect(readAll(disk).contents.segments.map(({ life }) => life)).toEqual([1, 2]);
  });

  it('spans segments where nothing in the later one was ever claimed as durable', async () => {
    const { disk, at } = await twoSegmentsOneSynced();
    disk.truncate(FIRST, at);
    const { contents } = readAll(disk);

    expect(contents.lastSequence).toBe(1);
    expect(contents.tail).toMatchObject({ segment: '000001.seg', laterSegments: ['000002.seg'] });
    const repaired = repairTail(disk, FOLDER, contents);
    expect(disk.list(FOLDER)).toEqual(['000001.seg']);
    expect(readAll(disk).contents).toEqual(repaired);
  });

  it('spans segments also where the first is cut inside a block', async () => {
    const { disk, at } = await twoSegmentsOneSynced();
    disk.truncate(FIRST, at + 10);

    const { contents } = readAll(disk);

    expect(contents.tail).toMatchObject({ offset: at, laterSegments: ['000002.seg'] });
  });

  it('is damage where a later segment claims what is missing', async () => {
    const { disk, at, writer } = await twoSegmentsOneSynced();
    await writer.syncIfNeeded();
    appendRecord(writer);
    writer.flush();
    for (const length of [at, at + 10]) {
      disk.truncate(FIRST, Math.min(length, disk.read(FIRST).length));
      expect(() => readAll(disk)).toThrow(JournalDamage);
    }
  });
});

describe('damage', () => {
  it('B5: every single-bit flip over the last 64 KiB is detected and placed', () => {
    const disk = writtenDisk(760, 4_096);
    const { length } = disk.read(FIRST);
    const starts = [0, ...blockStarts(disk.read(FIRST))];
    const from = length - 65_536;
    expect(from).toBeGreaterThan(0);
    const bits = isLong ? [0, 1, 2, 3, 4, 5, 6, 7] : [undefined];
    const wrong: string[] = [];
    for (let at = from; at < length; at += 1) {
      const block = starts.findLast((start) => start <= at);
      for (const chosen of bits) {
        const bit = at * 8 + (chosen ?? at % 8);
        disk.flipBit(FIRST, bit);
        const found = damageOf(disk);
        disk.flipBit(FIRST, bit);
        if (found?.offset !== block) wrong.push(`bit ${bit}: ${JSON.stringify(found)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('B5: every bit of headers and ends of a small journal', () => {
    const disk = writtenDisk(6, 64);
    const { length } = disk.read(FIRST);
    for (let bit = 0; bit < length * 8; bit += 1) {
      disk.flipBit(FIRST, bit);
      expect(damageOf(disk), `bit ${bit}`).toBeDefined();
      disk.flipBit(FIRST, bit);
    }
    expect(damageOf(disk)).toBeUndefined();
  });

  it('B5: in the middle of a session names segment and byte, and visits nothing of it', () => {
    const disk = writtenDisk(300, 512, 4_000);
    const bytes = disk.read(SECOND);
    const block = blockStarts(bytes)[2] ?? 0;
    disk.flipBit(SECOND, (block + 60) * 8);
    const seen: number[] = [];

    expect(() => readJournal(disk, FOLDER, ({ sequence }) => seen.push(sequence))).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_DAMAGED',
        segment: '000002.seg',
        offset: block,
        expected: 'a block that matches its checksum',
      }),
    );
    const untouched = new DataView(bytes.buffer).getFloat64(block + 16, true);
    expect(seen.at(-1)).toBe(untouched - 1);
  });

  it('is a segment that is cut while another follows it', () => {
    const disk = writtenDisk(300, 512, 4_000);
    disk.truncate(FIRST, disk.read(FIRST).length - 1);

    expect(damageOf(disk)?.segment).toBe('000001.seg');
  });

  it('is a segment that is missing', () => {
    const disk = writtenDisk(300, 512, 4_000);
    disk.remove(SECOND);

    expect(damageOf(disk)).toEqual({ segment: '000002.seg', offset: 0 });
  });

  it('is a block that is taken out, repeated or put elsewhere', () => {
    const bytes = writtenDisk(8, 64).read(FIRST);
    const [first = 0, second = 0, third = 0] = blockStarts(bytes);
    const head = bytes.slice(0, first);
    const [one, two] = [bytes.slice(first, second), bytes.slice(second, third)];
    const rest = bytes.slice(third);
    for (const parts of [
      [head, two, rest],
      [head, one, rest],
      [head, one, one, two, rest],
      [head, two, one, rest],
    ]) {
      const disk = new MemoryDisk();
      disk.put(FIRST, Buffer.concat(parts));
      expect(damageOf(disk)?.segment).toBe('000001.seg');
    }
  });

  it('is a segment of another journal in the place of ours', () => {
    const ours = writtenDisk(300, 512, 4_000);
    const theirs = new MemoryDisk();
    const writer = startWriter(theirs, { blockBytesMax: 512, segmentBytesMax: 4_000 }, [], 'other');
    appendRecords(writer, 300);
    writer.flush();
    // Everything fits: name, length, sequences, checksums. Only the chain tells.
    expect(theirs.read(SECOND)).toHaveLength(ours.read(SECOND).length);
    ours.put(SECOND, theirs.read(SECOND));

    expect(damageOf(ours)).toEqual({ segment: '000002.seg', offset: 0 });
  });
});

/** Blocks of about that many bytes, all in order from sequence 1. */
function writtenDisk(records: number, blockBytesMax = 1_024, segmentBytesMax = 1e9): MemoryDisk {
  const disk = new MemoryDisk();
  const writer = startWriter(disk, { blockBytesMax, segmentBytesMax });
  appendRecords(writer, records);
  writer.flush();
  return disk;
}

/** Record 1 is durable; the first segment is as long as `at` there; two segments exist. */
async function twoSegmentsOneSynced() {
  const disk = new MemoryDisk();
  const writer = startWriter(disk, { durability: 'fsync', segmentBytesMax: 2_000 });
  appendRecord(writer);
  writer.flush();
  await writer.syncIfNeeded();
  const at = disk.read(FIRST).length;
  while (disk.list(FOLDER).length === 1) {
    appendRecord(writer);
    writer.flush();
  }
  return { disk, writer, at };
}

function damageOf(disk: MemoryDisk): { segment: string; offset: number } | undefined {
  try {
    readJournal(disk, FOLDER, () => undefined, { fromSequence: Number.MAX_SAFE_INTEGER });
  } catch (error) {
    if (!(error instanceof JournalDamage)) throw error;
    return { segment: error.segment, offset: error.offset };
  }
  return undefined;
}

/** Where blocks begin, by their lengths alone. */
function blockStarts(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  const starts: number[] = [];
  for (let at = 512; at < bytes.length; at += 44 + view.getUint32(at + 4, true)) starts.push(at);
  return starts;
}
