import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/**
 * The compiler gives a class that has private members another name for itself, `_a`, and puts that
 * also in the place of a key of the same name in an object: `{ Bucket: name }` of a class `Bucket`
 * became `{ _a: name }`. The tests run the source, so only the build shows it.
 */
describe('the build', () => {
  it('has no key that the compiler has renamed', () => {
    const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
    const scripts = files.filter((path) => path.endsWith('.js'));
    const renamed = scripts.filter((path) =>
      /[{,]\s*_[a-z]:/.test(readFileSync(join(DIST, path), 'utf8')),
    );

    expect(scripts.length).toBeGreaterThan(100);
    expect(renamed).toEqual([]);
  });
});
