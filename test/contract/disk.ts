import { describe, expect, it } from 'vitest';
import { DiskError, type Disk } from '../../src/ports/disk.ts';

/** What every `Disk` does. `make` answers an empty one. */
export function describeDisk(name: string, make: () => Disk): void {
  describe(`${name} as a disk`, () => {
    it('appends in order and tells the size', () => {
      const disk = make();
      const file = disk.open('a/b/one');

      file.append(bytes(1, 2));
      file.append(bytes(3));

      expect(file.size).toBe(3);
      expect([...disk.read('a/b/one')]).toEqual([1, 2, 3]);
      file.close();
    });

    it('goes on at the end of a file that was there', () => {
      const disk = make();
      append(disk, 'log', bytes(1));
      const file = disk.open('log');

      expect(file.size).toBe(1);
      file.append(bytes(2));
      file.close();

      expect([...disk.read('log')]).toEqual([1, 2]);
    });

    it('settles a sync, also of a file without bytes and a second time', async () => {
      const file = make().open('folder/log');

      await file.sync();
      file.append(bytes(1));
      await file.sync();

      expect(file.size).toBe(1);
      file.close();
    });

    it('reads bytes whose slice is a copy', () => {
      const disk = make();
      append(disk, 'log', bytes(1, 2, 3));
      const content = disk.read('log');
      const copy = content.slice(0, 1);

      content[0] = 9;

      expect(copy[0]).toBe(1);
      expect([...disk.read('log')]).toEqual([1, 2, 3]);
    });

    it('lists the folders of one folder, sorted, without the files in it', () => {
      const disk = make();
      disk.replace('sessions/b/journal', new Uint8Array(1));
      disk.replace('sessions/a/journal', new Uint8Array(1));
      disk.replace('sessions/note', new Uint8Array(1));

      expect(disk.folders('sessions')).toEqual(['a', 'b']);
      expect(disk.folders('nowhere')).toEqual([]);
    });

    it('lists the files of one folder, sorted, without the folders in it', () => {
      const disk = make();
      for (const path of ['f/b', 'f/a', 'f/deeper/c', 'g/d']) append(disk, path, bytes(1));

      expect(disk.list('f')).toEqual(['a', 'b']);
      expect(disk.list('nowhere')).toEqual([]);
    });

    it('replaces a whole file and leaves no draft', () => {
      const disk = make();

      disk.replace('state/now', bytes(1, 2, 3));
      disk.replace('state/now', bytes(4));

      expect([...disk.read('state/now')]).toEqual([4]);
      expect(disk.list('state')).toEqual(['now']);
    });

    it('cuts a file, which then grows from there', () => {
      const disk = make();
      append(disk, 'log', bytes(1, 2, 3));

      disk.truncate('log', 1);
      append(disk, 'log', bytes(9));

      expect([...disk.read('log')]).toEqual([1, 9]);
    });

    it('removes a file', () => {
      const disk = make();
      append(disk, 'log', bytes(1));

      expect(disk.list('')).toEqual(['log']);
      expect(disk.exists('log')).toBe(true);
      disk.remove('log');

      expect(disk.exists('log')).toBe(false);
      expect(disk.list('')).toEqual([]);
    });

    it('says DISK_MISSING of what is not there', () => {
      const disk = make();

      expect(codeOf(() => disk.read('none'))).toBe('DISK_MISSING');
      expect(codeOf(() => disk.remove('none'))).toBe('DISK_MISSING');
      expect(codeOf(() => disk.truncate('none', 0))).toBe('DISK_MISSING');
    });

    it('tells the space there is', () => {
      const { freeBytes, totalBytes } = make().space();

      expect(freeBytes).toBeGreaterThan(0);
      expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
    });
  });
}

function append(disk: Disk, path: string, content: Uint8Array): void {
  const file = disk.open(path);
  file.append(content);
  file.close();
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DiskError) return error.code;
    throw error;
  }
  return 'no error';
}
