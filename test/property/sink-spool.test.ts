import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowBatch } from '../../src/ports/time-series.ts';
import { batchOfFrame, frameOf, readSegment, segmentHead } from '../../src/store/sink/segment.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import {
  BARS,
  FakeStore,
  FILLS,
  rowsFrom,
  sceneOf,
  type Scene,
} from '../unit/store/sink/sink-scene.ts';

const LIMITS = { segmentBytes: 3_000, queueBytesMax: 20_000, backoffMsMax: 1_000 };

/** Rows of a few keys, so that a later one replaces an earlier: `price` counts the versions. */
function version(number: number, key: number, table = BARS): RowBatch {
  const batch = rowsFrom(key, 1, table);
  return { ...batch, columns: batch.columns.with(2, Float64Array.of(number)) };
}

/** What a store holds that keeps the last row of a time and keys. */
function kept(store: FakeStore): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const { table, columns, rows: count } of store.batches) {
    const [times, , prices] = columns;
    if (!(times instanceof Float64Array) || !(prices instanceof Float64Array)) continue;
    for (let at = 0; at < count; at += 1) {
      rows.set(`${table.name} ${times[at] ?? -1}`, prices[at] ?? -1);
    }
  }
  return rows;
}

const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('offer'), key: fc.nat({ max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat({ max: 1_500 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('state'),
      state: fc.constantFrom('up', 'away', 'full', 'hangs'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tornWrite'), bytes: fc.nat({ max: 90 }) }) },
);

interface Fields {
  readonly do: string;
  readonly key?: number;
  readonly ms?: number;
  readonly state?: string;
  readonly bytes?: number;
}

/** Plays a life of sinks over one store, and knows what each of them had promised. */
class Play {
  readonly store = new FakeStore();
  scene: Scene;
  #offered: { readonly key: string; readonly number: number }[] = [];
  readonly promised = new Map<string, number>();
  readonly offeredAll = new Map<string, Set<number>>();
  #number = 0;

  constructor() {
    this.scene = sceneOf(LIMITS, { store: this.store });
  }

  async run(step: Fields): Promise<void> {
    switch (step.do) {
      case 'offer':
        return this.#offer(step.key ?? 0);
      case 'pass':
        return await this.scene.time.pass(step.ms ?? 0, 50);
      case 'state':
        this.#become(step.state ?? 'up');
        return;
      case 'tornWrite':
        return this.scene.disk.plan({
          operation: 'append',
          nth: 1,
          code: 'DISK_FULL',
          tornAfter: step.bytes ?? 0,
        });
      default:
        return await this.crash();
    }
  }

  /** What was promised until now holds for whoever comes after. */
  async crash(): Promise<void> {
    const { offersSafe } = this.scene.sink.counters();
    for (const { key, number } of this.#offered.slice(0, offersSafe)) {
      this.promised.set(key, number);
    }
    this.#offered = [];
    const disk = this.scene.disk.crash();
    // An answer to who died reaches nobody: the store took it, or it did not.
    this.store.release();
    await new Promise((resolve) => setImmediate(resolve));
    this.scene = sceneOf(LIMITS, { store: this.store, disk });
  }

  async end(): Promise<void> {
    this.#become('up');
    await this.scene.time.pass(8_000, 50);
    for (const { key, number } of this.#offered) this.promised.set(key, number);
  }

  #become(state: string): void {
    const known = (['up', 'away', 'full', 'hangs'] as const).find((one) => one === state);
    this.store.state = known ?? 'up';
    if (state !== 'hangs') this.store.release();
  }

  #offer(key: number): void {
    const table = key % 2 === 0 ? BARS : FILLS;
    this.#number += 1;
    this.scene.sink.offer(version(this.#number, key, table));
    const name = `${table.name} ${key}`;
    this.#offered.push({ key: name, number: this.#number });
    const all = this.offeredAll.get(name) ?? new Set();
    this.offeredAll.set(name, all.add(this.#number));
  }
}

describe('what a sink promised', () => {
  it('is kept over crashes, stores that come and go, and torn writes (J1, J2)', async () => {
    const plays = fc.array(action, { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(plays, async (steps) => {
        const play = new Play();
        for (const step of steps) await play.run(step);
        await play.end();
        const rows = kept(play.store);
        const { spooled, queued, damagedBytes, lost } = play.scene.sink.counters();

        expect({ spooled, queued, damagedBytes, lost }).toEqual({
          spooled: 0,
          queued: 0,
          damagedBytes: 0,
          lost: 0,
        });
        for (const [key, number] of play.promised) {
          // The newest that was promised, or one that came after it: never an older one.
          expect(rows.get(key)).toBeGreaterThanOrEqual(number);
        }
        for (const [key, number] of rows) expect(play.offeredAll.get(key)).toContain(number);
      }),
      { numRuns: 150, includeErrorInReport: true },
    );
  }, 60_000);

  it('is kept by what the device has when the power goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 40 }), { maxLength: 20 }),
        fc.nat(),
        async (sizes, seed) => {
          const store = new FakeStore();
          store.state = 'away';
          const scene = sceneOf(LIMITS, { store });
          let rows = 0;
          for (const size of sizes) {
            scene.sink.offer(rowsFrom(rows, size));
            rows += size;
            await scene.time.pass(150, 50);
          }
          await scene.time.pass(1_500, 50);
          scene.sink.offer(rowsFrom(rows, 3));
          store.state = 'up';
          const next = sceneOf(LIMITS, {
            store,
            disk: scene.disk.crash({ powerLoss: true, seed }),
          });
          await next.time.pass(2_000, 50);

          expect(store.times()).toEqual(Array.from({ length: rows }, (_, at) => at));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function segmentOf(sizes: readonly number[]): {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
} {
  const parts: Uint8Array[] = [segmentHead(BARS)];
  const ends: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [at, size] of sizes.entries()) {
    const frame = frameOf(rowsFrom(at * 100, size), at + 1);
    parts.push(frame);
    length += frame.length;
    ends.push(length);
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), ends };
}

const sizesOf = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });

describe('a segment of the spool', () => {
  it('gives back what was put in, but for the frame that a crash cut', () => {
    fc.assert(
      fc.property(sizesOf, fc.double({ min: 0, max: 1, noNaN: true }), (sizes, part) => {
        const { bytes, ends } = segmentOf(sizes);
        const length = Math.floor(bytes.length * part);
        const cut = bytes.slice(0, length);
        const whole = ends.filter((end) => end <= length).length;
        const segment = readSegment(cut);

        expect(segment?.frames.length ?? 0).toBe(whole);
        expect(segment?.damagedBytes ?? 0).toBe(0);
        for (const [at, frame] of (segment?.frames ?? []).entries()) {
          const batch = batchOfFrame(BARS, cut, frame);
          expect(batch).toEqual(rowsFrom(at * 100, sizes[at]));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never gives a row that is not the one put in, whichever bit flips, and tells of it', () => {
    fc.assert(
      fc.property(sizesOf, fc.nat(), (sizes, chance) => {
        const { bytes } = segmentOf(sizes);
        const disk = new MemoryDisk();
        disk.put('segment', bytes);
        disk.flipBit('segment', chance % (bytes.length * 8));
        const damaged = disk.read('segment');
        let segment: ReturnType<typeof readSegment>;
        try {
          segment = readSegment(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: 'DECODE' });
          return;
        }
        const frames = segment?.frames ?? [];

        expect(frames.length).toBe(sizes.length - 1);
        expect(segment?.damagedBytes).toBeGreaterThan(0);
        for (const frame of frames) {
          const place = frame.number - 1;
          expect(batchOfFrame(BARS, damaged, frame)).toEqual(rowsFrom(place * 100, sizes[place]));
        }
      }),
      { numRuns: 400 },
    );
  });
});
