import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VenueOptions } from '../../src/venue/process/venue-options.ts';
import { environmentWith, MAIN } from '../crash/strata.ts';
import { booksOf, type VenueBooks } from '../venue-books.ts';
import { VenueAdmin, type VenueState } from '../venue-client.ts';

const READY_MS_MAX = 60_000;
const TEST_FOLDER = join(import.meta.dirname, '..');

/**
 * A venue in a process of its own: what kills an engine leaves it, its clock and its account alone.
 * `await using` ends it.
 */
export class LiveVenue implements AsyncDisposable {
  readonly adminUrl: string;
  readonly tradingUrl: string;
  readonly streamUrl: string;
  readonly admin: VenueAdmin;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { adminUrl, tradingUrl, streamUrl }: Ready) {
    this.#child = child;
    this.adminUrl = adminUrl;
    this.tradingUrl = tradingUrl;
    this.streamUrl = streamUrl;
    this.admin = new VenueAdmin(adminUrl);
  }

  static async start(options: VenueOptions): Promise<LiveVenue> {
    const program = join(TEST_FOLDER, 'live-rig', 'venue-process.ts');
    const loader = join(TEST_FOLDER, 'typescript-threads.mjs');
    const argv = ['--import', loader, program, MAIN, JSON.stringify(options)];
    const child = spawn(process.execPath, argv, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environmentWith(),
    });
    return new LiveVenue(child, await ready(child));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asked again where a connection that was kept open was closed in the same moment. */
  async state(): Promise<VenueState> {
    try {
      return await this.admin.state();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.admin.state();
    }
  }

  async books(): Promise<VenueBooks> {
    return booksOf(await this.state());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await gone;
  }
}

interface Ready {
  readonly adminUrl: string;
  readonly tradingUrl: string;
  readonly streamUrl: string;
}

async function ready(child: ChildProcess): Promise<Ready> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the venue has no output');
  const line = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the venue said nothing')), READY_MS_MAX);
    const settle = (run: () => void): void => {
      clearTimeout(late);
      run();
    };
    createInterface({ input: stdout }).once('line', (said) => settle(() => resolve(said)));
    child.once('exit', (code) => settle(() => reject(new Error(`the venue ended: ${code}`))));
  });
  const word: unknown = JSON.parse(line);
  if (isReady(word)) return word;
  throw new Error(`the venue said ${line}`);
}

function isReady(word: unknown): word is Ready {
  return typeof word === 'object' && word !== null && 'adminUrl' in word && 'streamUrl' in word;
}
