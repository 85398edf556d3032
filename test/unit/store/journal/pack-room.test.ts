import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { packFile } from '../../../../src/store/journal/pack-file.ts';

const disk: { free: number | undefined } = { free: undefined };
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    statfsSync: (place: string) => {
      const told = real.statfsSync(place);
      return disk.free === undefined ? told : { ...told, bsize: 1, bavail: disk.free };
    },
  };
});

const roots: string[] = [];
afterEach(() => {
  disk.free = undefined;
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

it('I5 a segment is not compressed on the last of a disk, which is for the journal', () => {
  const root = mkdtempSync(join(tmpdir(), 'strata-room-'));
  roots.push(root);
  const place = join(root, '000001.seg');
  writeFileSync(place, new Uint8Array(10_000));
  const quiet = { at: () => undefined, rest: () => undefined };

  disk.free = 19_999;
  expect(() => packFile(place, quiet)).toThrow('19999 bytes are free');
  disk.free = 20_000;
  packFile(place, quiet);
  expect(readdirSync(root)).toEqual(['000001.seg.gz']);
});
