import { describe, expect, it } from 'vitest';
import type { TableDeclaration, TablePart } from '../../../../src/ports/time-series.ts';
import { StoreArranger } from '../../../../src/compose/store-feed/store-arranger.ts';
import { ManualTime } from '../../../manual-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Parts of bars that are due, each arranged when `done` is called. */
class FakeStore {
  readonly begun: number[] = [];
  rounds = 0;
  parts: TablePart[];
  #done: ((rows: number) => void) | undefined;

  constructor(rows: readonly number[]) {
    this.parts = rows.map((count, place) => ({
      fromUs: place,
      untilUs: place + 1,
      rows: count,
      bytes: count,
    }));
  }

  unarranged(table: TableDeclaration): Promise<readonly TablePart[]> {
    if (table.name !== 'bars') return Promise.resolve([]);
    this.rounds += 1;
    return Promise.resolve([...this.parts]);
  }

  arrange(_: TableDeclaration, fromUs: number): Promise<number> {
    this.begun.push(fromUs);
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  done(): void {
    this.parts = this.parts.filter(({ fromUs }) => fromUs !== this.begun.at(-1));
    this.#done?.(1);
  }
}

function scene(rows: readonly number[], freeBytes = Infinity) {
  const time = new ManualTime();
  const store = new FakeStore(rows);
  const logged: string[] = [];
  const arranger = new StoreArranger({
    store,
    reserve: async (bytes) => {
      if (bytes > freeBytes) throw new Error('LAKE_FULL');
    },
    clock: time,
    timers: time,
    log: (level, event) => logged.push(`${level} ${event}`),
  });
  return { time, store, logged, arranger, beganMs: time.wallMs() };
}

/** Promises that wait for nothing but each other. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe('the order of a session’s store', () => {
  it('is made when no row came for a minute, a part at a time, once in an hour', async () => {
    const { time, store, arranger, beganMs, logged } = scene([200_000, 1_000, 300_000]);
    time.advance(MINUTE_MS - 1);
    arranger.look(beganMs);
    await settled();
    expect(store.begun).toEqual([]);
    time.advance(1);
    arranger.look(beganMs);
    arranger.look(beganMs);
    await settled();
    expect(store.begun).toEqual([0]);
    store.done();
    await settled();

    // Of a few thousand rows the order does not matter.
    expect(store.begun).toEqual([0, 2]);
    store.done();
    await settled();
    arranger.look(beganMs);
    expect(store.rounds).toBe(1);
    time.advance(HOUR_MS);
    arranger.look(beganMs);
    await settled();
    expect(store.rounds).toBe(2);
    expect(logged).toEqual(['info storeArranged', 'info storeArranged']);
  });

  it('waits with the next part when rows come again', async () => {
    const { time, store, arranger, beganMs } = scene([200_000, 300_000]);
    time.advance(MINUTE_MS);
    arranger.look(beganMs);
    await settled();
    arranger.look(time.wallMs());
    store.done();
    await settled();

    expect(store.begun).toEqual([0]);
  });

  it('takes at the end what will be done in time, and waits no longer than that', async () => {
    const { time, store, arranger, beganMs } = scene([4_000_000, 500_000]);
    let isOver = false;
    const finishing = arranger.finish(beganMs + 3_000).then(() => {
      isOver = true;
    });
    await settled();
    expect(store.begun).toEqual([1]);
    time.advance(2_999);
    await settled();
    expect(isOver).toBe(false);
    time.advance(1);
    await finishing;
    expect(isOver).toBe(true);
  });

  it('is left for another time where the disk has no room or none is left of the end', async () => {
    const { store, arranger, beganMs, logged } = scene([200_000], 100);
    await arranger.finish(beganMs);
    expect(store.rounds).toBe(0);
    await arranger.finish(beganMs + 1_000);

    expect(store.begun).toEqual([]);
    expect(logged).toEqual(['warn storeNotArranged']);
  });
});
