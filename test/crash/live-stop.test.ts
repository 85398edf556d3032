import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { VenueOptions } from '../../src/venue/process/venue-options.ts';
import { DENSE_VENUE, denseConfig } from '../live-rig/dense-orders.ts';
import { KilledSession } from '../live-rig/killed-session.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { isOpen, type VenueOrder } from '../venue-books.ts';
import type { ChildEngine } from './child-engine.ts';
import { dataDirectory } from './data-directory.ts';
import { type Ended, strata } from './strata.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const MINUTE_US = 60_000_000;
/** Cancels and acknowledgements that outlast every patience: twenty seconds of ours. */
const SLOW: VenueOptions = {
  ...DENSE_VENUE,
  rules: { ...DENSE_VENUE.rules, acknowledgeUs: 20 * MINUTE_US, cancelUs: 20 * MINUTE_US },
};

it('(H2) `strata stop` cancels, keeps positions, says so and verifies', async () => {
  await withSession(DENSE_VENUE, async ({ session, engine, at }) => {
    await trading(session, engine);
    expect((await strata(['stop', ...at])).code).toBe(0);
    const ended = await engine.end();
    const { orders, positions } = await session.venue.books();

    expect(ended.code, ended.stderr).toBe(0);
    expect(orders.filter(isOpen)).toEqual([]);
    const { reason, notes } = summaryOf(ended);
    expect(reason).toBe('stopped by a person');
    const left = notes.filter((note) => note.startsWith('left open at the broker'));
    expect(left).toEqual(
      positions.size === 0 ? [] : [expect.stringContaining(`${positions.size}`)],
    );
    expect((await strata(['verify', ...at])).code).toBe(0);
  });
});

it('`strata stop --flatten` leaves nothing open at the venue', async () => {
  await withSession(DENSE_VENUE, async ({ session, engine, at }) => {
    await trading(session, engine);
    await engine.until('a position', ({ positions }) => positions > 0);
    expect((await strata(['stop', '--flatten', ...at])).code).toBe(0);
    const ended = await engine.end();
    const { orders, positions } = await session.venue.books();

    expect(ended.code, ended.stderr).toBe(0);
    expect([...positions]).toEqual([]);
    expect(orders.filter(isOpen)).toEqual([]);
    expect(summaryOf(ended).notes.filter((note) => note.startsWith('left open'))).toEqual([]);
    expect((await strata(['verify', ...at])).code).toBe(0);
  });
});

it('`strata stop --keep-orders` leaves orders working, and says how many', async () => {
  await withSession(SLOW, async ({ session, engine, at }) => {
    await trading(session, engine);
    expect((await strata(['stop', '--keep-orders', ...at])).code).toBe(0);
    const ended = await engine.end();
    const open = (await session.venue.books()).orders.filter(isOpen);

    expect(ended.code, ended.stderr).toBe(0);
    expect(open.length).toBeGreaterThan(0);
    expect(summaryOf(ended).notes.join()).toMatch(/left open at the broker: .* \d+ orders?/);
  });
});

it('Ctrl-C ends in order, with a report', async () => {
  await withSession(DENSE_VENUE, async ({ session, engine, at }) => {
    await trading(session, engine);
    engine.signal('SIGINT');
    const ended = await engine.end();

    expect(ended.code, ended.stderr).toBe(0);
    expect(summaryOf(ended).reason).toBe('stopped by a person');
    expect((await session.venue.books()).orders.filter(isOpen)).toEqual([]);
    expect((await strata(['verify', ...at])).code).toBe(0);
  });
});

for (const pauseMs of [0, 300]) {
  it(`a second Ctrl-C ${pauseMs} ms later ends at once, and says what is left open`, async () => {
    await withSession(SLOW, async ({ session, engine }) => {
      await trading(session, engine);
      const beganMs = performance.now();
      engine.signal('SIGINT');
      await wait(pauseMs);
      // Two signals that wait for one look at them are one signal.
      while (!engine.isOver && performance.now() < beganMs + 5_000) {
        engine.signal('SIGINT');
        await wait(20);
      }
      const ended = await engine.end(10_000);

      expect(ended.code, ended.stderr).toBe(1);
      expect(ended.stderr).toMatch(/ended at once; \d+ positions? and \d+ orders? left open/);
      expect((await session.venue.books()).orders.filter(isOpen).length).toBeGreaterThan(0);
    });
  });
}

interface Running {
  readonly session: KilledSession;
  readonly engine: ChildEngine;
  readonly at: readonly string[];
}

async function withSession(
  options: VenueOptions,
  run: (running: Running) => Promise<void>,
): Promise<void> {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(options);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  await using engine = await session.start();
  await run({ session, engine, at: ['--data-dir', data.path] });
}

/** Until an entry of ours is open at the venue. */
async function trading({ venue }: KilledSession, engine: ChildEngine): Promise<void> {
  await engine.until('orders', ({ orders }) => orders > 3);
  const isEntry = (order: VenueOrder): boolean => isOpen(order) && order.side === 'buy';
  while (!(await venue.books()).orders.some(isEntry)) await wait(5);
}

interface Summary {
  readonly reason: string;
  readonly notes: readonly string[];
}

function summaryOf({ stdout }: Ended): Summary {
  const summary: unknown = JSON.parse(stdout);
  if (isSummary(summary)) return summary;
  throw new Error(`no summary: ${stdout}`);
}

function isSummary(value: unknown): value is Summary {
  return typeof value === 'object' && value !== null && 'reason' in value && 'notes' in value;
}
