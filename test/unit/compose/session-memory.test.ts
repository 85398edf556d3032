import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/core/time.ts';
import { openSession } from '../../../src/compose/open-session.ts';
import type { Disk } from '../../../src/ports/disk.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import { goldenFile, goldenMarket } from '../../golden/golden-session.ts';

const KIB = 1_024;
/** Nothing is traded on the last two: three readings of one state. */
const FIRST_WEEKEND = [5, 6, 7];
const THREE_DAYS_LATER = [10];
/**
 * Settled orders are kept, up to `SETTLED_ORDERS_MAX`: in the engine's books, in the strategy's and
 * in those of the venue, which is in this process here. About 1,700 bytes all together.
 */
const ORDER_BYTES = 2 * KIB;
/** One pointer that is kept for each event is eight. */
const EVENT_BYTES_MAX = 4;

describe('memory of a session', () => {
  it('is flat in the length of the data: what it keeps grows with its orders alone', async () => {
    const { session, broker } = openSession({
      disk: forgetfulDisk(),
      file: goldenFile(),
      market: goldenMarket({ days: 10 }),
      observers: [],
      alert: () => undefined,
    });
    /** The least of the readings after some days: compiled code comes and goes. */
    const leastAfter = async (days: readonly number[]) => {
      let bytes = Infinity;
      for (const day of days) {
        await session.advance(GOLDEN_OPEN_US + (day - 0.5) * DAY);
        bytes = Math.min(bytes, retainedBytes());
      }
      return { bytes, events: session.driver.events, orders: broker.allOrders().length };
    };
    // Before, the engine is compiled, and its rings and pools are filled.
    const first = await leastAfter(FIRST_WEEKEND);
    const last = await leastAfter(THREE_DAYS_LATER);
    const events = last.events - first.events;
    const orders = last.orders - first.orders;
    const bytes = last.bytes - first.bytes - orders * ORDER_BYTES;
    const figures = `${bytes} bytes beside ${orders} orders in ${events} events`;

    expect(events).toBeGreaterThan(100_000);
    expect(orders, figures).toBeGreaterThan(100);
    expect(bytes / events, figures).toBeLessThan(EVENT_BYTES_MAX);
  }, 60_000);
});

/** Bytes that a collection leaves, typed arrays included. */
function retainedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('there is a collector');
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Takes everything and keeps nothing: what is measured is the session. */
function forgetfulDisk(): Disk {
  return {
    open: () => ({
      size: 0,
      append: () => undefined,
      sync: () => Promise.resolve(),
      close: () => undefined,
    }),
    read: () => new Uint8Array(0),
    list: () => [],
    folders: () => [],
    exists: () => false,
    replace: () => undefined,
    truncate: () => undefined,
    remove: () => undefined,
    space: () => ({ freeBytes: 1e12, totalBytes: 1e12 }),
  };
}
