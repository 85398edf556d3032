import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';

const CI = fileURLToPath(new URL('../../.ci/run', import.meta.url));

/**
 * `.ci/run` where npm does as told: a command for `npm test`, one for `npm run test:services` and
 * one for `npm run bench:quick`.
 */
function ci(tests: string, services: string, bench = 'true'): Ended {
  using folder = dataDirectory();
  const npm = join(folder.path, 'npm');
  const text = [
    '#!/bin/sh',
    'case "$*" in',
    `  test) ${tests} ;;`,
    `  'run test:services') ${services} ;;`,
    `  'run --silent bench:quick') ${bench} ;;`,
    '  *) echo "npm $*: nobody told" >&2; exit 9 ;;',
    'esac',
    '',
  ].join('\n');
  writeFileSync(npm, text, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder.path}:${process.env['PATH']}` };
  const { status, stdout } = spawnSync('bash', [CI], { env, encoding: 'utf8' });
  return { code: status ?? undefined, last: stdout.trim().split('\n').at(-1) ?? '' };
}

interface Ended {
  readonly code: number | undefined;
  readonly last: string;
}

function tally(passed: number, failed: number, skipped: number): string {
  return `echo "${passed} passed, ${failed} failed, ${skipped} skipped" >> "$STRATA_TALLY"`;
}

describe('.ci/run', () => {
  it('closes with one line over the tests and the service tests', () => {
    const { code, last } = ci(tally(900, 0, 3), tally(20, 0, 4));
    expect([code, last]).toEqual([0, '920 passed, 0 failed, 7 skipped']);
  });

  it('runs the tests after a bench that threw, and fails', () => {
    const { code, last } = ci(tally(900, 0, 0), tally(20, 0, 0), 'exit 1');
    expect([code, last]).toEqual([1, '920 passed, 1 failed, 0 skipped']);
  });

  it('takes no line from what a bench prints', () => {
    const { code, last } = ci(tally(900, 0, 0), tally(20, 0, 0), 'echo "7 passed, 0 failed"');
    expect([code, last]).toEqual([0, '920 passed, 0 failed, 0 skipped']);
  });

  it('runs the service tests after tests that failed, and fails', () => {
    const { code, last } = ci(`${tally(898, 2, 0)}; exit 1`, tally(20, 0, 0));
    expect([code, last]).toEqual([1, '918 passed, 2 failed, 0 skipped']);
  });

  it('fails when service tests fail', () => {
    const { code, last } = ci(tally(900, 0, 0), `${tally(19, 1, 0)}; exit 1`);
    expect([code, last]).toEqual([1, '919 passed, 1 failed, 0 skipped']);
  });

  it('counts a run that ends without its line as a failure', () => {
    const { code, last } = ci(tally(900, 0, 0), 'kill -9 $$');
    expect([code, last]).toEqual([1, '900 passed, 1 failed, 0 skipped']);
  });

  it('counts a run that fails although none of its tests did', () => {
    const { code, last } = ci(`${tally(900, 0, 0)}; exit 1`, tally(20, 0, 0));
    expect([code, last]).toEqual([1, '920 passed, 1 failed, 0 skipped']);
  });
});
