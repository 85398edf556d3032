import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/core/time.ts';
import { openSession } from '../../../src/compose/open-session.ts';
import type { Disk } from '../../../src/ports/disk.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import { goldenFile, goldenMarket } from '../../golden/golden-session.ts';

const KIB = 1_024;
const DAYS = 3;

describe('memory of a session', () => {
  it('is flat in the length of the data: the third day leaves no more than the first', async () => {
    const { session } = openSession({
      disk: forgetfulDisk(),
      file: goldenFile(),
      market: goldenMarket({ days: DAYS }),
      observers: [],
      alert: () => undefined,
    });
    const usedKib: number[] = [];
    for (let day = 1; day <= DAYS; day += 1) {
      await session.advance(GOLDEN_OPEN_US + (day - 0.5) * DAY);
      usedKib.push(retainedBytes() / KIB);
    }
    const { events } = session.driver;
    const figures = `${events} events; KiB after each day: ${usedKib.map(Math.round).join(', ')}`;
    const [first = 0, , third = Number.NaN] = usedKib;
    expect(events).toBeGreaterThan(100_000);
    expect(third - first, figures).toBeLessThan(1_000);
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
