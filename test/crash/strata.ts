import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The built engine: what a user runs. `npm test` has just built it; STRATA_MAIN names another. */
export const MAIN =
  process.env['STRATA_MAIN'] ?? join(import.meta.dirname, '..', '..', 'dist', 'main.js');

export interface Ended {
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface StrataOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  /** Another build than the one under test. */
  readonly main?: string;
}

const DEADLINE_MS = 60_000;

/** The environment of a user: none of what a test runner adds to it. */
export function environmentWith(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '', ...added };
}

/** Runs one command line to its end. Rejects at the deadline, with what was said by then. */
export function strata(args: readonly string[], options: StrataOptions = {}): Promise<Ended> {
  const { environment = {}, deadlineMs = DEADLINE_MS, main = MAIN } = options;
  const began = performance.now();
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentWith(environment),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += String(text)));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += String(text)));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      const command = `strata ${args.join(' ')}`;
      reject(new Error(`${command} did not end in ${deadlineMs} ms\n${stdout}\n${stderr}`));
    }, deadlineMs);
    child.once('error', reject);
    child.once('close', (code: number | null) => {
      clearTimeout(late);
      resolve({ code: code ?? undefined, stdout, stderr, tookMs: performance.now() - began });
    });
  });
}
