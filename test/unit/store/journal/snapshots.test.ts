import { describe, expect, it } from 'vitest';
import { DiskError } from '../../../../src/ports/disk.ts';
import { latestSnapshot, writeSnapshot } from '../../../../src/store/journal/snapshots.ts';
import { snapshotFolder } from '../../../../src/store/journal/segment-names.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';

const FOLDER = snapshotFolder('s-1');

describe('snapshots', () => {
  it('answers none where none was written', () => {
    expect(latestSnapshot(new MemoryDisk(), FOLDER)).toEqual({ snapshot: undefined, damaged: [] });
  });

  it('gives back the newest, an empty one too', () => {
    const disk = new MemoryDisk();
    writeSnapshot(disk, FOLDER, 9, Uint8Array.of(9, 9));
    writeSnapshot(disk, FOLDER, 10, new Uint8Array(0));

    expect(latestSnapshot(disk, FOLDER)).toEqual({
      snapshot: { sequence: 10, bytes: new Uint8Array(0) },
      damaged: [],
    });
  });

  it('keeps the newest two', () => {
    const disk = new MemoryDisk();
    for (const sequence of [5, 80, 900, 1_000]) writeSnapshot(disk, FOLDER, sequence, content);

    expect(disk.list(FOLDER)).toEqual(['0000000000000900.snap', '0000000000001000.snap']);
  });

  it('passes over damaged ones, reports them, and falls back to the older one', () => {
    const disk = twoSnapshots();
    const { length } = disk.read(`${FOLDER}/0000000000000020.snap`);
    for (let bit = 0; bit < length * 8; bit += 1) {
      disk.flipBit(`${FOLDER}/0000000000000020.snap`, bit);
      const { snapshot, damaged } = latestSnapshot(disk, FOLDER);
      disk.flipBit(`${FOLDER}/0000000000000020.snap`, bit);
      expect(snapshot?.sequence, `bit ${bit}`).toBe(10);
      expect(damaged.map(({ name }) => name)).toEqual(['0000000000000020.snap']);
    }
  });

  it('passes over one that is cut at any byte', () => {
    const bytes = twoSnapshots().read(`${FOLDER}/0000000000000020.snap`);
    for (let length = 0; length < bytes.length; length += 1) {
      const disk = twoSnapshots();
      disk.put(`${FOLDER}/0000000000000020.snap`, bytes.slice(0, length));
      expect(latestSnapshot(disk, FOLDER).snapshot?.sequence, `cut at ${length}`).toBe(10);
    }
  });

  it('passes over one that cannot be read or bears the name of another', () => {
    const disk = twoSnapshots();
    disk.put(`${FOLDER}/0000000000000030.snap`, disk.read(`${FOLDER}/0000000000000020.snap`));
    disk.plan({ operation: 'read', nth: 2, code: 'DISK_FAILED' });

    const { snapshot, damaged } = latestSnapshot(disk, FOLDER);

    expect(snapshot?.sequence).toBe(10);
    expect(damaged.map(({ name }) => name)).toEqual([
      '0000000000000030.snap',
      '0000000000000020.snap',
    ]);
  });

  it('answers the newest at or before a sequence, for a journal that ends earlier', () => {
    expect(latestSnapshot(twoSnapshots(), FOLDER, 19).snapshot?.sequence).toBe(10);
    expect(latestSnapshot(twoSnapshots(), FOLDER, 9).snapshot).toBeUndefined();
  });

  it('B6: leaves the older ones alone where writing fails', () => {
    const disk = twoSnapshots();
    disk.plan({ operation: 'replace', nth: 1, code: 'DISK_FULL' });

    expect(() => writeSnapshot(disk, FOLDER, 30, content)).toThrow(DiskError);

    expect(disk.list(FOLDER)).toHaveLength(2);
    expect(latestSnapshot(disk, FOLDER).snapshot?.sequence).toBe(20);
  });
});

const content = Uint8Array.of(1, 2, 3);

function twoSnapshots(): MemoryDisk {
  const disk = new MemoryDisk();
  writeSnapshot(disk, FOLDER, 10, content);
  writeSnapshot(disk, FOLDER, 20, content);
  return disk;
}
