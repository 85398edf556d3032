import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VenueOptions } from '../../src/venue/process/venue-options.ts';
import { environmentWith, MAIN } from '../crash/strata.ts';
import { VenueAdmin, type VenueState } from '../venue-client.ts';

const READY_MS_MAX = 60_000;
const TEST_FOLDER = join(import.meta.dirname, '..');

/** An order as the venue's own books tell it. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly filledQuantity: number;
  /** When it came, by the clock on the wall: milliseconds since 1970. */
  readonly cameMs: number;
}

/** What the venue holds to be true, in ten-thousandths and by name. */
export interface VenueBooks {
  readonly cash: number;
  readonly positions: ReadonlyMap<string, number>;
  readonly orders: readonly VenueOrder[];
  readonly fills: number;
}

const OVER: ReadonlySet<string> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'done_for_day',
]);

export function isOpen({ status }: VenueOrder): boolean {
  return !OVER.has(status);
}

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

/** When a market time was, by the clock on the wall: milliseconds since 1970. */
export function wallMsOf({ clock }: Pick<VenueState, 'clock'>, marketUs: number): number {
  return clock.wallMs + (marketUs - clock.marketUs) / 1_000 / clock.speed;
}

export function booksOf(state: VenueState): VenueBooks {
  const { account } = state;
  return {
    cash: ticks(account.cash),
    positions: new Map(
      account.positions.map((position) => [text(position['symbol']), Number(position['qty'])]),
    ),
    orders: account.orders.map((order) => ({
      clientOrderId: text(order['client_order_id']),
      symbol: text(order['symbol']),
      side: text(order['side']),
      status: text(order['status']),
      filledQuantity: Number(order['filled_qty']),
      cameMs: wallMsOf(state, Date.parse(text(order['submitted_at'])) * 1_000),
    })),
    fills: account.fills.length,
  };
}

/** Dollars of the wire in ten-thousandths; what is finer would not be equal to anything of ours. */
function ticks(dollars: string): number {
  const scaled = Number(dollars) * 10_000;
  const whole = Math.round(scaled);
  if (Math.abs(scaled - whole) > 0.01) throw new Error(`${dollars} is finer than $0.0001`);
  return whole;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`the venue said ${String(value)} where a text belongs`);
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
