import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { SafeMark } from '../../../../src/compose/store-feed/safe-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-mark-'));
let files = 0;

function pathOf(content?: string): string {
  files += 1;
  const path = join(folder, `mark-${files}.json`);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

const written = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').trim() : 'none';

describe('the mark up to which all rows are safe', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is where the last life left it', async () => {
    const path = pathOf();
    const mark = new SafeMark(path);
    expect(mark.sequence).toBe(0);
    mark.move(120, 0);
    await vi.waitFor(() => expect(written(path)).toBe('{"sequence":120}'));

    expect(new SafeMark(path).sequence).toBe(120);
  });

  it('never goes back, and is not written more often than every two seconds', async () => {
    const path = pathOf();
    const mark = new SafeMark(path);
    mark.move(10, 0);
    await vi.waitFor(() => expect(written(path)).toBe('{"sequence":10}'));
    mark.move(20, 500);
    mark.move(15, 1_000);
    expect(mark.sequence).toBe(20);
    expect(written(path)).toBe('{"sequence":10}');
    mark.move(20, 2_000);

    await vi.waitFor(() => expect(written(path)).toBe('{"sequence":20}'));
  });

  it.each(['', '{"seq', '{"sequence":-4}', '{"sequence":"9"}', '[]', '{"sequence":1.5}'])(
    'is at the beginning where the file says %j: then all is told again',
    (content) => {
      expect(new SafeMark(pathOf(content)).sequence).toBe(0);
    },
  );
});
