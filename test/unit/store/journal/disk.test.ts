import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DiskError } from '../../../../src/ports/disk.ts';
import { nodeDisk } from '../../../../src/store/journal/node-disk.ts';
import { describeDisk } from '../../../contract/disk.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'strata-disk-'));
let made = 0;

afterAll(() => rmSync(root, { recursive: true }));

describeDisk('nodeDisk', () => nodeDisk(freshFolder()));
describeDisk('MemoryDisk', () => new MemoryDisk());

describe('nodeDisk', () => {
  it('never leaves its root', () => {
    expect(() => nodeDisk(freshFolder()).read('../secret')).toThrow(/stays inside/);
  });

  it('says DISK_FULL where the device is full (/dev/full)', () => {
    const folder = freshFolder();
    const disk = nodeDisk(folder);
    symlinkSync('/dev/full', join(folder, 'log'));
    const file = disk.open('log');

    expect(() => file.append(Uint8Array.of(1))).toThrow(
      expect.objectContaining({ name: 'DiskError', code: 'DISK_FULL', path: 'log' }),
    );
    file.close();
  });

  it('says DISK_SYNC_FAILED where the device cannot sync', async () => {
    const folder = freshFolder();
    const disk = nodeDisk(folder);
    symlinkSync('/dev/full', join(folder, 'log'));
    const file = disk.open('log');

    const failure = await file.sync().then(
      () => undefined,
      (error: unknown) => error,
    );

    expect(failure).toBeInstanceOf(DiskError);
    expect(failure).toMatchObject({ code: 'DISK_SYNC_FAILED' });
    file.close();
  });

  it('keeps the old content where a replacement fails', () => {
    const folder = freshFolder();
    const disk = nodeDisk(folder);
    disk.replace('now', Uint8Array.of(1));
    symlinkSync('/dev/full', join(folder, 'now.tmp'));

    expect(() => disk.replace('now', new Uint8Array(10))).toThrow(DiskError);

    expect([...readFileSync(join(folder, 'now'))]).toEqual([1]);
  });
});

describe('MemoryDisk', () => {
  it('keeps in a crash what was written, in a loss of power at least what was synced', async () => {
    const disk = new MemoryDisk();
    const file = disk.open('log');
    file.append(new Uint8Array(10));
    await file.sync();
    file.append(new Uint8Array(90));

    expect(disk.crash().read('log')).toHaveLength(100);
    const lengths = Array.from({ length: 200 }, (_, seed) => {
      return disk.crash({ powerLoss: true, seed }).read('log').length;
    });
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(10);
    expect(new Set(lengths).size).toBeGreaterThan(20);
  });

  it('does not make durable by a later sync what a failed one dropped', async () => {
    const disk = new MemoryDisk();
    const file = disk.open('log');
    file.append(new Uint8Array(10));
    disk.plan({ operation: 'sync', nth: 1, code: 'DISK_SYNC_FAILED' });

    await expect(file.sync()).rejects.toThrow(DiskError);
    await file.sync();

    const kept = Array.from({ length: 50 }, (_, seed) => {
      return disk.crash({ powerLoss: true, seed }).read('log').length;
    });
    expect(Math.min(...kept)).toBeLessThan(10);
  });

  it('takes what fits, then says DISK_FULL', () => {
    const disk = new MemoryDisk(5);

    expect(() => disk.open('log').append(new Uint8Array(8))).toThrow(/no space/);
    expect(disk.read('log')).toHaveLength(5);
  });
});

function freshFolder(): string {
  made += 1;
  return join(root, String(made));
}
