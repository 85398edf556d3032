import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import { subPlace } from '../../src/store/lake/sub-place.ts';
import { describePlace } from './place.ts';

const root = mkdtempSync(join(tmpdir(), 'strata-place-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
function folder(): string {
  made += 1;
  return join(root, String(made));
}

describePlace({ name: 'a folder', make: () => Promise.resolve(directoryPlace(folder())) });
describePlace({
  name: 'a folder of a folder',
  make: () => Promise.resolve(subPlace(directoryPlace(folder()), 'below/')),
});

it('counts no draft that a dead process left', async () => {
  const path = folder();
  mkdirSync(join(path, 'a'), { recursive: true });
  writeFileSync(join(path, 'a', 'x.parquet.17.draft'), 'half');

  expect(await directoryPlace(path).list('')).toEqual([]);
});

it('refuses a place that is a file, and says where', async () => {
  const path = folder();
  writeFileSync(path, 'a file');
  const put = directoryPlace(path).put('a/b', Uint8Array.of(1));

  await expect(put).rejects.toThrow(path);
  await expect(put).rejects.toHaveProperty('name', 'LakeError');
});

it('leaves no way out of its folder', async () => {
  const place = directoryPlace(folder());

  await expect(place.get('../secret')).rejects.toMatchObject({ code: 'LAKE_REFUSED' });
  await expect(place.put('a/../../b', new Uint8Array())).rejects.toThrow('leaves');
});
