import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';
import { DENSE_VENUE, denseConfig } from '../live-rig/dense-orders.ts';
import { KilledSession } from '../live-rig/killed-session.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { isOpen, type VenueOrder, wallMsOf } from '../venue-books.ts';
import type { ChildEngine } from './child-engine.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

/** RELIABILITY H2, in wall time. */
const ORDER_MS_MAX = 100;
const CANCEL_MS_MAX = 2_000;
/** Of the venue: ten market seconds from the request to the end of an order. */
const CANCELLING_MS = 10_000 / 60;
/** The venue's clock and ours meet in a whole millisecond of `Date.now`, at x60. */
const CLOCK_MS = 5;
const TRIES_MAX = 4;
/** How long a halt is watched. */
const WATCH_MS = 2_500;
const BUSY_LOOP = join(import.meta.dirname, '..', 'live-rig', 'busy-loop.mjs');

for (const isBusy of [false, true]) {
  const loop = isBusy ? ', its event loop busy 95 % of the time' : '';
  it(`(H2) is halted by the CLI, by a file and by a signal${loop}`, async () => {
    using data = dataDirectory();
    const busy = join(data.path, 'busy');
    const haltFile = join(data.path, 'HALT');
    await using venue = await LiveVenue.start(DENSE_VENUE);
    const session = new KilledSession(venue, data.path, denseConfig(data.path));
    const preload = `--import ${pathToFileURL(BUSY_LOOP).href}`;
    await using engine = session.launch({ NODE_OPTIONS: preload, STRATA_BUSY_FILE: busy });
    await engine.until('reconciliation', ({ reconciliation }) => reconciliation === 'books agree');
    if (isBusy) writeFileSync(busy, '');
    const halts: readonly (readonly [string, () => Promise<void>])[] = [
      ['the control channel', () => session.command('halt')],
      ['a file', async () => writeFileSync(haltFile, '')],
      ['SIGUSR2', async () => engine.signal('SIGUSR2')],
    ];
    for (const [by, halt] of halts) {
      const tries: Try[] = [];
      // A machine that does other things makes one try late, a slow halt makes every one.
      while (tries.length < TRIES_MAX && !tries.some(isInTime)) {
        await trading(session, engine);
        const machine = new Stalls();
        const beganMs = Date.now();
        await halt();
        const seen = await watched(venue, beganMs);
        // The venue is a busy process, too: what waits at its door has left the engine.
        const stallMs = Math.max(machine.stop(), seen.venueMs);
        const { lastEntryUs } = (await session.books()).engine;
        const decidedMs = Math.round(wallMsOf(await venue.state(), lastEntryUs) - beganMs);
        tries.push({ ...seen, decidedMs, stallMs });
        const { lateMs, cancelledMs, entries } = seen;
        process.stdout.write(
          `halted by ${by}${loop}: last entry decided ${decidedMs} ms, at the venue ${lateMs} ms ` +
            `after, ${entries} open entries gone ${cancelledMs} ms after; the machine or the ` +
            `venue stood still for ${stallMs} ms\n`,
        );
        expect(cancelledMs, `${by}: all entries are cancelled`).not.toBeNaN();
        expect((await engine.until('a halt', () => true)).halt).toContain('noEntries');
        rmSync(haltFile, { force: true });
        await session.resume(engine);
      }
      expect(tries.some(isInTime), `${by}: ${JSON.stringify(tries)}`).toBe(true);
    }
  });
}

it('(H2, H5) is halted by `strata halt`, and still is after kill -9 at once', async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  {
    await using engine = await session.start();
    await trading(session, engine);
    expect((await strata(['halt', '--data-dir', data.path])).code).toBe(0);
    await engine.until('a halt', ({ halt }) => halt !== '');
    await engine.kill();
  }
  await using engine = await session.start();
  const status = await strata(['status', '--data-dir', data.path]);

  expect(status.code).toBe(6);
  expect(status.stdout).toContain('HALTED');
  await session.quieten(engine);
});

it('(H2, H5) does not begin to trade where the file HALT is there before it', async () => {
  using data = dataDirectory();
  writeFileSync(join(data.path, 'HALT'), '');
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  await using engine = await session.start();
  await engine.until('a refused signal', ({ refusals }) => refusals > 5);

  expect((await venue.books()).orders).toEqual([]);
  rmSync(join(data.path, 'HALT'));
  await wait(WATCH_MS / 5);
  // That the file is gone lifts nothing: a person has to resume.
  expect((await venue.books()).orders).toEqual([]);
  await session.resume(engine);
  await engine.until('an order', ({ orders }) => orders > 0);
});

/** Until entries of ours are open at the venue. */
async function trading(session: KilledSession, engine: ChildEngine): Promise<void> {
  const { orders } = await engine.until('a status', () => true);
  await engine.until('more orders', (status) => status.orders > orders + 3);
  for (;;) {
    if ((await session.venue.books()).orders.some(isOpenEntry)) return;
    await wait(5);
  }
}

/**
 * How long this machine lets an idle process wait at worst: what it does to others at the same time
 * is no fault of the engine's.
 */
class Stalls {
  #worstMs = 0;
  #lastMs = performance.now();
  readonly #timer = setInterval(() => this.#look(), STALL_LOOK_MS);

  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return Math.round(this.#worstMs);
  }

  #look(): void {
    const nowMs = performance.now();
    this.#worstMs = Math.max(this.#worstMs, nowMs - this.#lastMs - STALL_LOOK_MS);
    this.#lastMs = nowMs;
  }
}

const STALL_LOOK_MS = 5;

interface Try extends Watched {
  readonly decidedMs: number;
  readonly stallMs: number;
}

function isInTime({ decidedMs, lateMs, cancelledMs, stallMs }: Try): boolean {
  const orderMsMax = ORDER_MS_MAX + CLOCK_MS + stallMs;
  const cancelMsMax = CANCEL_MS_MAX + CANCELLING_MS + stallMs;
  return decidedMs <= orderMsMax && lateMs <= orderMsMax && cancelledMs <= cancelMsMax;
}

interface Watched {
  /** When the last entry came, after the halt was asked for; negative: before it. */
  readonly lateMs: number;
  readonly cancelledMs: number;
  readonly entries: number;
  /** What the venue took at worst to answer at all. */
  readonly venueMs: number;
}

async function watched(venue: LiveVenue, beganMs: number): Promise<Watched> {
  const entries = (await venue.books()).orders.filter(isOpenEntry).length;
  let cancelledMs = Number.NaN;
  let venueMs = 0;
  while (Date.now() < beganMs + WATCH_MS) {
    const askedMs = performance.now();
    const { orders } = await venue.books();
    venueMs = Math.max(venueMs, performance.now() - askedMs);
    const isGone = !orders.some(isOpenEntry);
    if (!isGone) cancelledMs = Number.NaN;
    else if (Number.isNaN(cancelledMs)) cancelledMs = Date.now() - beganMs;
    await wait(10);
  }
  const { orders } = await venue.books();
  const last = Math.max(...orders.filter(isEntry).map(({ cameMs }) => cameMs));
  const lateMs = Math.round(last - beganMs);
  return { lateMs, cancelledMs, entries, venueMs: Math.round(venueMs) };
}

/** No strategy sells short, so what buys is an entry. */
function isEntry({ side }: VenueOrder): boolean {
  return side === 'buy';
}

function isOpenEntry(order: VenueOrder): boolean {
  return isOpen(order) && isEntry(order);
}
