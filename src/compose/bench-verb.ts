import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchArguments, type BenchOptions } from '../cli/bench-options.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';

/** The benches are not there, or do not compile. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly code: 'BENCH_MISSING' | 'BENCH_NOT_BUILT';

  constructor(code: BenchError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Beside `src` and `dist` alike. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

const BUILDER = 'scripts/build-bench.mjs';
const HARNESS = 'dist-bench/bench/harness/main.js';

/**
 * Builds the benches where they are older than their sources and hands over to them: they measure
 * the build that this verb is part of, in processes of their own.
 */
export async function benchVerb(
  options: BenchOptions,
  stop: AbortSignal,
  folder = PROJECT_FOLDER,
): Promise<ExitCode> {
  const builder = join(folder, BUILDER);
  if (!existsSync(builder)) {
    throw new BenchError('BENCH_MISSING', `there are no benches in ${folder}`);
  }
  const built = await runNode([builder], stop, 'errors');
  if (stop.aborted) return EXIT_CODES.stopped;
  if (built !== EXIT_CODES.ok)
    throw new BenchError('BENCH_NOT_BUILT', 'the benches do not compile');
  const code = await runNode([join(folder, HARNESS), ...benchArguments(options)], stop, 'results');
  return exitCodeOf(code);
}

/** Its output is ours; a builder's is no result. A signal we hear is handed on. */
function runNode(
  args: readonly string[],
  stop: AbortSignal,
  output: 'results' | 'errors',
): Promise<number> {
  const STDERR = 2;
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', output === 'results' ? 'inherit' : STDERR, 'inherit'],
  });
  const end = () => child.kill('SIGTERM');
  stop.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      stop.removeEventListener('abort', end);
      resolve(code ?? EXIT_CODES.error);
    });
  });
}

function exitCodeOf(code: number): ExitCode {
  return Object.values(EXIT_CODES).find((known) => known === code) ?? EXIT_CODES.error;
}
