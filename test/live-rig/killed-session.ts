import { setTimeout as wait } from 'node:timers/promises';
import type { EngineStatus } from '../../src/cli/status.ts';
import { askEngine } from '../../src/store/journal/session-lock.ts';
import { ChildEngine } from '../crash/child-engine.ts';
import { breachesAlways, breachesWhenQuiet, inFlight } from './compare-books.ts';
import { type EngineBooks, readBooks } from './engine-books.ts';
import { isOpen, type VenueBooks } from '../venue-books.ts';
import type { LiveVenue } from './live-venue.ts';

const QUIET_MS_MAX = 60_000;
const READY_MS_MAX = 60_000;
const LOOK_MS = 20;
const ORDERS_MAX = 1_000_000;

export interface Books {
  readonly engine: EngineBooks;
  readonly venue: VenueBooks;
}

/** One session in many lives: its data directory, its venue, and what its kills left behind. */
export class KilledSession {
  readonly venue: LiveVenue;
  readonly dataDir: string;
  readonly args: readonly string[];
  /** Of each kill: how many orders were on their way. */
  readonly kills: number[] = [];
  /** How often all was laid side by side and equal. */
  quiet = 0;

  constructor(venue: LiveVenue, dataDir: string, config: string) {
    this.venue = venue;
    this.dataDir = dataDir;
    this.args = ['trade', '--mode', 'sim', '--venue', venue.adminUrl, '--config', config];
  }

  /** Answers to orders come so much later from now on: they are there, and nobody knows. */
  async delayAnswers(ms: number): Promise<void> {
    const all = { method: 'POST', path: '/v2/orders', count: ORDERS_MAX };
    await this.venue.admin.chaos('delayAnswer', { ...all, ms });
  }

  get killsInFlight(): number {
    return this.kills.filter((orders) => orders > 0).length;
  }

  launch(environment: Readonly<Record<string, string>> = {}): ChildEngine {
    return ChildEngine.launch(this.dataDir, [...this.args, '--json'], environment);
  }

  /** A life that has reconciled. */
  async start(): Promise<ChildEngine> {
    const engine = this.launch();
    try {
      await reconciled(engine);
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  async command(verb: string): Promise<void> {
    const answer = await askEngine(this.dataDir, { verb, reason: 'a test' });
    if (answer['isOk'] !== true) throw new Error(`${verb}: ${JSON.stringify(answer)}`);
  }

  /** Halts, and waits until the halt is said. */
  async halt(engine: ChildEngine): Promise<void> {
    await this.command('halt');
    await engine.until('a halt', ({ halt }) => halt !== '');
  }

  async resume(engine: ChildEngine): Promise<void> {
    await this.command('resume');
    await engine.until('trading again', ({ halt }) => halt === '');
  }

  /**
   * Halts, lays all books side by side once nothing is on its way, and trades on until another
   * order is open at the venue.
   */
  async checkAndTrade(engine: ChildEngine): Promise<void> {
    const { halt } = await engine.until('a status', () => true);
    if (halt === '') await this.halt(engine);
    await this.quieten(engine);
    await this.resume(engine);
    const deadline = performance.now() + QUIET_MS_MAX;
    while (!(await this.venue.books()).orders.some(isOpen)) {
      if (performance.now() > deadline) throw new Error('it does not trade any more');
      await wait(LOOK_MS);
    }
  }

  /** Counts what a process that died left at the venue, and demands what always holds. */
  async died(): Promise<Books> {
    const books = await this.books();
    this.kills.push(inFlight(books.engine, books.venue));
    demandNone(breachesAlways(books.engine, books.venue));
    return books;
  }

  /** Of a halted engine: waits until nothing is on its way, and demands equal books. */
  async quieten(engine: ChildEngine): Promise<Books> {
    const deadline = performance.now() + QUIET_MS_MAX;
    for (;;) {
      const status = await reconciled(engine);
      const isCalm = status.openOrders === 0 && !(await this.venue.books()).orders.some(isOpen);
      const isLate = performance.now() > deadline;
      if (isCalm || isLate) {
        const books = await this.books();
        const found = breachesWhenQuiet(books.engine, books.venue);
        demandNone(breachesAlways(books.engine, books.venue));
        if (isLate) demandNone([...found, 'it does not come to rest']);
        if (found.length === 0) {
          this.quiet += 1;
          return books;
        }
      }
      await wait(LOOK_MS);
    }
  }

  /** The venue first: what it holds must be in a journal that is read later. */
  async books(): Promise<Books> {
    const venue = await this.venue.books();
    return { venue, engine: readBooks(this.dataDir) };
  }
}

export function reconciled(engine: ChildEngine): Promise<EngineStatus> {
  const isReady = ({ reconciliation }: EngineStatus): boolean => reconciliation === 'books agree';
  return engine.until('reconciliation', isReady, READY_MS_MAX);
}

export function demandNone(breaches: readonly string[]): void {
  if (breaches.length === 0) return;
  throw new Error(`${breaches.length} breaches:\n${breaches.slice(0, 20).join('\n')}`);
}
