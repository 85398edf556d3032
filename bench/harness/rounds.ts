import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Suite, Figures, Outcome } from './suite.ts';

/** All runs of one variant. */
export interface Row {
  readonly variant: string;
  readonly runs: readonly Figures[];
  readonly notes: readonly string[];
}

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const OUTPUT_BYTES_MAX = 1 << 20;

/**
 * Runs every variant `rounds` times, each time in a fresh process, one round of all variants after
 * the other: what disturbs the machine for a while then disturbs all of them alike.
 */
export function runRounds(bench: Suite, rounds: number, progress: (text: string) => void) {
  const outcomes = new Map<string, Outcome[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name } of bench.variants) {
      progress(`${bench.name}: round ${round} of ${rounds}, ${name}`);
      const outcome = runOnce(bench.name, name);
      outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
    }
  }
  return [...outcomes].map(([variant, all]): Row => {
    const notes = new Set(all.flatMap(({ note }) => note ?? []));
    return { variant, runs: all.map(({ figures }) => figures), notes: [...notes] };
  });
}

function runOnce(bench: string, variant: string): Outcome {
  const args = ['--expose-gc', MAIN, '--run', bench, variant];
  const child = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`${bench}, ${variant}: exit ${child.status}`);
  const outcome: Outcome = JSON.parse(child.stdout);
  return outcome;
}
