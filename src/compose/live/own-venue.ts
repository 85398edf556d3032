import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRecord, parseJson } from '../../core/json.ts';
import { LiveError } from './live-error.ts';

export interface OwnVenueOptions {
  /** The program as it was built: what `strata` runs. */
  readonly program: string;
  readonly seed: number;
  readonly symbols: number;
  readonly speed: number;
  /** `2024-06-03` */
  readonly date: string;
  readonly dataDir: string;
  /** Trades and quotes of 30 symbols, which is the default, or of all. */
  readonly plan?: 'basic' | 'plus';
}

export interface OwnVenue {
  readonly adminUrl: string;
  /** Ends it, and waits until it is gone. */
  close(): Promise<void>;
}

const READY_MS_MAX = 30_000;

/**
 * A venue in a process of its own, so that what kills the engine leaves the account alone. It ends
 * by itself a while after nobody is connected to it any more. Rejects with a `LiveError` where it
 * does not say that it is ready; what it says otherwise is in `venue.log` of the data directory.
 */
export async function startOwnVenue(options: OwnVenueOptions): Promise<OwnVenue> {
  const { program, seed, symbols, speed, date, dataDir, plan = 'basic' } = options;
  const log = openSync(join(dataDir, 'venue.log'), 'a');
  const words = ['--seed', seed, '--symbols', symbols, '--speed', speed, '--date', date];
  words.push('--plan', plan);
  const argv = [program, 'venue', '--json', '--idle-exit', '30', ...words.map(String)];
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve()); // It never began.
  });
  const { stdout } = child;
  const line = stdout ? await firstLine(stdout, gone) : '';
  const adminUrl = adminOf(line);
  if (adminUrl === undefined) {
    child.kill('SIGKILL');
    throw new LiveError('VENUE_NOT_STARTED', `the venue did not start: see ${dataDir}/venue.log`);
  }
  stdout?.destroy();
  child.unref();
  return {
    adminUrl,
    async close() {
      child.ref(); // From here on it is waited for, if by nothing else.
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Empty where it ended, or said nothing, first. */
async function firstLine(output: NodeJS.ReadableStream, gone: Promise<void>): Promise<string> {
  const lines = createInterface({ input: output });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(''), READY_MS_MAX);
  });
  const first = new Promise<string>((resolve) => lines.once('line', resolve));
  const line = await Promise.race([first, late, gone.then(() => '')]);
  clearTimeout(timer);
  lines.close();
  return line;
}

/** What a venue says of itself when it is ready, and what is kept of it. */
export function adminOf(line: string): string | undefined {
  const word = parseJson(line);
  const url = isRecord(word) ? word['adminUrl'] : undefined;
  return typeof url === 'string' ? url : undefined;
}
