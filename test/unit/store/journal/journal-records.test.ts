import { describe, expect, it } from 'vitest';
import { JournalDamage } from '../../../../src/store/journal/journal-error.ts';
import { journalRecords } from '../../../../src/store/journal/journal-reader.ts';
import { segmentName } from '../../../../src/store/journal/segment-names.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { appendRecords, FOLDER, readAll, startWriter } from './journal-fixture.ts';

async function written(records: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const writer = startWriter(disk, { segmentBytesMax: 4_096, blockBytesMax: 512 });
  appendRecords(writer, records);
  await writer.close();
  return disk;
}

describe('journalRecords', () => {
  it('gives what readJournal visits, a segment at a time', async () => {
    const disk = await written(200);
    const segments = disk.list(FOLDER).length;
    const records = [...journalRecords(disk, FOLDER)].map((record) => ({
      ...record,
      payload: record.payload.slice(),
    }));

    expect(segments).toBeGreaterThan(2);
    expect(records).toEqual(readAll(disk).records);
    expect([...journalRecords(new MemoryDisk(), FOLDER)]).toEqual([]);
  });

  it('reads no segment before it is asked for', async () => {
    const disk = await written(200);
    const records = journalRecords(disk, FOLDER);
    records.next();
    disk.plan({ operation: 'read', nth: 1, code: 'DISK_FAILED' });

    expect(() => [...records]).toThrow(/DISK_FAILED|000002/);
  });

  it('gives what is whole before damage, and then throws it', async () => {
    const disk = await written(200);
    const second = `${FOLDER}/${segmentName(2)}`;
    const bytes = disk.read(second).slice();
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    disk.replace(second, bytes);
    let given = 0;

    expect(() => {
      for (const { sequence } of journalRecords(disk, FOLDER)) given = sequence;
    }).toThrow(JournalDamage);
    expect(given).toBeGreaterThan(10);
    expect(given).toBeLessThan(190);
  });

  it('ends at a torn tail', async () => {
    const disk = await written(200);
    const last = `${FOLDER}/${disk.list(FOLDER).at(-1)}`;
    disk.truncate(last, disk.read(last).length - 3);
    const { records, contents } = readAll(disk);

    expect(contents.tail).not.toBe('clean');
    expect([...journalRecords(disk, FOLDER)]).toHaveLength(records.length);
  });
});
