import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPath } from '../harness/peer-library.ts';
import type { Walk } from './ten-bars.ts';

export interface Spent {
  readonly cpuNs: number;
  readonly wallNs: number;
}

/** `bench/peers/ten.c`, compiled by the system's compiler. */
export interface CReference {
  /** A run from the first bar, of which the last minutes are timed: nanoseconds a symbol-bar. */
  run(symbols: number, warm: number, measured: number): Spent;
  /** All rows as the last run left them, laid out as ours. */
  rows(): Float64Array;
  remove(): void;
}

/** Undefined where there is no compiler that takes the program. */
export function compileReference(walk: Walk): CReference | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'strata-ten-'));
  const [program, bars, out] = ['ten', 'bars', 'rows'].map((name) => join(folder, name));
  if (program === undefined || bars === undefined || out === undefined) return undefined;
  const options = ['-O3', '-march=native', '-o', program, peerPath('ten.c'), '-lm'];
  const compiled = spawnSync('cc', options, { stdio: 'ignore' });
  if (compiled.status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  writeFileSync(bars, new Uint8Array(walk.table.buffer));
  return {
    run(symbols, warm, measured) {
      const args = [bars, `${symbols}`, `${warm}`, `${measured}`, out];
      const done = spawnSync(program, args, { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`ten.c: exit ${done.status}`);
      const spent: Spent = JSON.parse(done.stdout);
      return spent;
    },
    rows: () => new Float64Array(new Uint8Array(readFileSync(out)).buffer),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
