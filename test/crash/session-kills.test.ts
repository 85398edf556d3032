import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { FAULT_POINTS, type FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import { compareSessions } from '../../src/cli/parity.ts';
import type { RecoveryNote } from '../../src/compose/session-life.ts';
import type { SessionTuning } from '../../src/compose/open-session.ts';
import { sessionReader, writeSessionFile } from '../../src/compose/session-files.ts';
import { verifySession } from '../../src/compose/verify-session.ts';
import { isSegmentName, journalFolder } from '../../src/store/journal/segment-names.ts';
import type { MemoryDisk } from '../faulty-disk.ts';
import { decisionsOf, factsOf, firstDifference } from '../golden/golden-decisions.ts';
import { breaches } from './audit.ts';
import {
  type Death,
  GOLDEN_MORNING_US,
  goldenFile,
  type KilledRun,
  runGolden,
  runKilled,
  SESSION_ID,
} from '../golden/golden-session.ts';

/** Small blocks, so that a death loses half a turn as often as a whole one, and work goes on. */
const SMALL_BLOCKS: SessionTuning = { blockBytesMax: 2_048 };
const untilUs = GOLDEN_MORNING_US;
const TIMEOUT_MS = 120_000;

describe('a session that is killed and recovered (ARCHITECTURE 2, B1)', () => {
  let plainDisk: MemoryDisk;
  let plain: readonly string[];

  beforeAll(async () => {
    plainDisk = (await runGolden({ untilUs })).disk;
    plain = decisionsOf(plainDisk);
  });

  function expectSame({ disk, opened }: KilledRun): void {
    expect(firstDifference(plain, decisionsOf(disk))).toBeUndefined();
    const facts = factsOf(disk).map(({ fact }) => fact);
    expect(breaches(facts, opened.broker, opened.session.kernel)).toEqual([]);
    const verification = verifySession(disk, goldenFile());
    expect(verification).toMatchObject({ kind: 'verified', result: { divergence: undefined } });
  }

  // Points that are passed only by what leaves come less often, so they kill more often.
  const seldom = new Map<FaultPoint, number>([
    ['effectDispatched', 31],
    ['turnAppended', 23],
    ['blockFlushed', 1],
  ]);

  for (const point of FAULT_POINTS) {
    const step = seldom.get(point) ?? 61;
    it(
      `decides the same when it dies at every ${step}. ${point}`,
      async () => {
        const killed = await runKilled((at, nth) => at === point && nth % step === 0, {
          untilUs,
          tuning: SMALL_BLOCKS,
        });

        expect(killed.kills.get(point)).toBeGreaterThanOrEqual(25);
        expectSame(killed);
      },
      TIMEOUT_MS,
    );
  }

  it(
    'decides the same when it dies at every point in turn, with snapshots on the way',
    async () => {
      const random = new Random(11);
      const tuning = { ...SMALL_BLOCKS, snapshotEveryRecords: 150 };
      const killed = await runKilled(eachInTurn(random), { untilUs, tuning });

      expect(killed.lives).toBeGreaterThan(35);
      expect([...killed.kills.keys()].toSorted()).toEqual([...FAULT_POINTS].toSorted());
      expectSame(killed);
    },
    TIMEOUT_MS,
  );

  it(
    'decides the same when it dies with every single order just sent',
    async () => {
      let isExposed = false;
      const killed = await runKilled(
        (at) => {
          const isFatal = isExposed && at === 'effectDispatched';
          isExposed = at === 'blockFlushed';
          return isFatal;
        },
        { untilUs, tuning: SMALL_BLOCKS },
      );

      expect(killed.lives).toBeGreaterThan(25);
      expectSame(killed);
    },
    TIMEOUT_MS,
  );

  it(
    'decides the same when the write that its last orders waited for is torn',
    async () => {
      const random = new Random(12);
      const killed = await runKilled((at, nth) => at === 'blockFlushed' && nth % 2 === 1, {
        untilUs,
        death: tornWrite(random),
        tuning: SMALL_BLOCKS,
      });

      expect(killed.lives).toBeGreaterThan(25);
      expectSame(killed);
    },
    TIMEOUT_MS,
  );

  it(
    'decides the same when the power goes, and with it what no sync covered',
    async () => {
      const random = new Random(13);
      const tuning = { ...SMALL_BLOCKS, durability: 'fsync', snapshotEveryRecords: 400 } as const;
      let left = Number.POSITIVE_INFINITY;
      const notes: RecoveryNote[] = [];
      // What ends two lives in a row is skipped, so each life gets as far as a sync.
      const isFatal = (at: FaultPoint) => {
        if (at === 'blockFlushed') left = Math.min(left, 10 + random.below(200));
        left -= 1;
        if (left > 0) return false;
        left = Number.POSITIVE_INFINITY;
        return true;
      };
      const killed = await runKilled(isFatal, {
        untilUs,
        told: (note) => notes.push(note),
        death: (disk) => disk.crash({ powerLoss: true, seed: random.below(1_000_000) }),
        tuning,
      });

      expect(killed.lives).toBeGreaterThan(12);
      expect(notes.filter(({ untaken }) => untaken === 'skipped')).toEqual([]);
      expect(notes.some(({ droppedBytes }) => droppedBytes > 0)).toBe(true);
      expectSame(killed);
    },
    TIMEOUT_MS,
  );

  it('decides the same when it dies again while it is being opened', async () => {
    // At every 13. one input would end two lives in a row, and what does that is skipped.
    for (const nth of [1, 2, 3, 5, 8, 10, 21, 34]) {
      let deaths = 0;
      const killed = await runKilled(
        (_at, passed) => {
          const isFatal = deaths < 3 && passed === nth * (deaths + 1);
          if (isFatal) deaths += 1;
          return isFatal;
        },
        { untilUs, tuning: SMALL_BLOCKS },
      );

      expect(killed.lives).toBe(4);
      expectSame(killed);
    }
  });

  it('shows parity no difference but the recovery itself', async () => {
    const killed = await runKilled((at, nth) => at === 'blockFlushed' && nth % 3 === 0, {
      untilUs,
      tuning: SMALL_BLOCKS,
    });
    const disk = killed.disk.crash();
    writeSessionFile(disk, goldenFile());
    const folder = journalFolder(SESSION_ID);
    for (const name of plainDisk.list(folder).filter(isSegmentName)) {
      disk.put(`${journalFolder('plain')}/${name}`, plainDisk.read(`${folder}/${name}`));
    }
    writeSessionFile(disk, { ...goldenFile(), sessionId: 'plain' });
    const reader = sessionReader(disk);
    const [left, right] = [reader.find('plain'), reader.find(SESSION_ID)];

    const parity = compareSessions(reader, present(left, 'plain'), present(right, 'killed'), {
      isStrict: false,
    });

    expect(parity.counts.intents.equal).toBeGreaterThan(20);
    expect(parity.counted).toBe(0);
    expect(parity.differences.length).toBeGreaterThan(0);
  });
});

/** One point after another; each life passes its point a few times before it dies there. */
function eachInTurn(random: Random): (at: FaultPoint) => boolean {
  let target = 0;
  let left = 3;
  return (at) => {
    if (at !== FAULT_POINTS[target]) return false;
    left -= 1;
    if (left > 0) return false;
    target = (target + 1) % FAULT_POINTS.length;
    left = FAULT_POINTS[target] === 'blockFlushed' ? 1 : 20 + random.below(30);
    return true;
  };
}

/** A death in the middle of the last `write(2)`: part of it is there. */
function tornWrite(random: Random): Death {
  return (disk) => {
    const appends = disk.operations.filter(({ name }) => name === 'append');
    const last = present(appends.at(-1), 'something was written');
    const before = appends.findLast(
      ({ path, length }) => path === last.path && length < last.length,
    );
    const survivor = disk.crash();
    const kept = before?.length ?? 0;
    survivor.truncate(last.path, kept + random.below(last.length - kept));
    return survivor;
  };
}
