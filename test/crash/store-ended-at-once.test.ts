import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';

const CHILD = fileURLToPath(new URL('store-ended-at-once.ts', import.meta.url));
const LOADER = fileURLToPath(new URL('../typescript-threads.mjs', import.meta.url));
const SEED = Number(process.env['STRATA_SEED'] ?? 91);
const ENDS = 12;

/** Native code that works in a thread of a process that exits has aborted it, one time in eight. */
it(`ends with its exit code while the store's thread is at work, STRATA_SEED=${SEED}`, async () => {
  const random = new Random(SEED);
  for (let end = 0; end < ENDS; end += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'strata-ended-'));
    const ms = random.below(150);
    const child = spawn(process.execPath, ['--import', LOADER, CHILD, folder, String(ms)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const [code, signal]: unknown[] = await once(child, 'close');
    rmSync(folder, { recursive: true, force: true });

    expect([ms, code, signal, said]).toEqual([ms, 1, null, '']);
  }
}, 120_000);
