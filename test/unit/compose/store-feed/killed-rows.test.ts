import { describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../../../src/actors/runtime/fault-points.ts';
import { Config } from '../../../../src/cli/config-schema.ts';
import { retellSession } from '../../../../src/compose/store-feed/refill.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { SessionSeries } from '../../../../src/compose/store-feed/session-series.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { goldenFile, GOLDEN_MORNING_US, openGolden } from '../../../golden/golden-session.ts';
import { GOLDEN_OPEN_US, operator } from '../../../golden/golden-operator.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { FakeSink } from './fake-sink.ts';
import { RowTaker } from './row-taker.ts';

const file = goldenFile();
const config = Config.parse(file.config);
const SLICE_US = 5 * MINUTE;

class Killed extends Error {
  override readonly name = 'Killed';
}

/** What outlives a process: the disk, the store and the mark. */
interface Remains {
  disk: MemoryDisk;
  readonly store: RowTaker;
  safe: number;
}

/** One life; answers the hash where it was the last. Rows that wait in it die with it. */
async function live(
  remains: Remains,
  isFatal: (at: FaultPoint) => boolean,
  snapshotEveryRecords: number,
): Promise<string | undefined> {
  let wallMs = 0;
  let left: MemoryDisk | undefined;
  const { disk, store } = remains;
  const series = new SessionSeries({
    place: 'memory',
    makeFeed: (taken, safe) => sessionFeed(file, config, { taken, safe }),
    sink: new FakeSink(store.take),
    mark: {
      sequence: remains.safe,
      move: (sequence) => {
        if (left === undefined) remains.safe = sequence;
      },
    },
    flushMs: 1,
    drainMsMax: 0,
    queueBytesMax: 1_000_000,
    wallMs: () => wallMs,
    store: new MemorySeries(),
  });
  const fault = (point: FaultPoint): void => {
    if (!isFatal(point)) return;
    left = disk.crash();
    throw new Killed(point);
  };
  try {
    const services = (): ReturnType<typeof operator>[] => [operator()];
    const tuning = { snapshotEveryRecords };
    const { session } = openGolden({ disk, feed: series.feed, fault, services, tuning });
    for (let untilUs = GOLDEN_OPEN_US; untilUs < GOLDEN_MORNING_US; untilUs += SLICE_US) {
      await session.advance(untilUs);
      wallMs += 1;
      series.look(() => session.writeOut());
    }
    const hash = session.sequencer.hash.hex();
    await session.close();
    await series.close(true);
    return hash;
  } catch (error) {
    if (!(error instanceof Killed) || left === undefined) throw error;
    remains.disk = left;
    return undefined;
  }
}

describe('the rows of a session that is killed', () => {
  it.each([
    ['all that it learned', 200_000],
    ['snapshots that are newer than what is safe', 150],
  ])(
    'are those of its journal in the end, with %s (J1, J2)',
    async (_, everyRecords) => {
      const remains: Remains = { disk: new MemoryDisk(), store: new RowTaker(), safe: 0 };
      let turns = 0;
      let lives = 0;
      let hash: string | undefined;
      const marks: number[] = [];
      while (hash === undefined && lives < 20) {
        lives += 1;
        marks.push(remains.safe);
        // In the middle of turns, six hundred apart.
        const diesAt = turns + 601;
        const isFatal = (point: FaultPoint): boolean => {
          if (point === 'turnDelivered') turns += 1;
          return lives < 4 && turns === diesAt && point === 'turnDelivered';
        };
        hash = await live(remains, isFatal, everyRecords);
      }
      const told = new RowTaker();
      retellSession(remains.disk, file, sessionFeed(file, config, { taken: told.take }));

      expect(lives).toBe(4);
      expect(marks.at(-1)).toBeGreaterThan(500);
      expect(marks).toEqual(marks.toSorted((left, right) => left - right));
      expect(remains.store.tables).toEqual(told.tables);
      for (const table of told.tables) {
        expect(remains.store.kept(table), table).toEqual(told.kept(table));
      }
    },
    60_000,
  );
});
