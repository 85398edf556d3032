import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../src/core/time.ts';
import { verifySession } from '../../../src/compose/verify-session.ts';
import { MemoryDisk } from '../../faulty-disk.ts';
import { factsOf, recordsOf } from '../../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import { goldenFile, openGolden, runGolden } from '../../golden/golden-session.ts';

const HOUR_US = GOLDEN_OPEN_US + HOUR;
const tuning = { snapshotEveryRecords: 500, blockBytesMax: 1 << 20 } as const;

describe('VirtualSession', () => {
  it('ends its journal with a turn, so that the last input counts as taken', async () => {
    for (const seconds of [0, 7, 31, 59]) {
      const { disk, opened } = await runGolden({ untilUs: HOUR_US + seconds * 1_000_000 });
      const { sequence } = opened.session.sequencer;

      expect(recordsOf(disk).at(-1)?.sequence).toBe(sequence);
      expect(verifySession(disk, goldenFile())).toMatchObject({ result: { records: sequence } });
    }
  });

  it('keeps the two newest snapshots, whatever the durability', async () => {
    for (const durability of ['none', 'os', 'fsync'] as const) {
      const { disk } = await runGolden({ untilUs: HOUR_US, tuning: { ...tuning, durability } });

      expect(disk.list('sessions/golden/snapshots')).toHaveLength(2);
    }
  });

  it('opens nothing more where the disk refuses a snapshot, and goes on', async () => {
    const disk = new MemoryDisk();
    disk.plan({ operation: 'replace', nth: 1, code: 'DISK_FULL' });
    const { opened } = await runGolden({ disk, untilUs: GOLDEN_OPEN_US + 2 * HOUR, tuning });

    expect(opened.session.sequencer.failure).toBeUndefined();
    const facts = factsOf(disk).map(({ fact }) => fact);
    expect(facts.some((fact) => fact.kind === 'refused' && fact.code === 'REDUCE_ONLY')).toBe(true);
    expect(facts.filter((fact) => fact.kind === 'intended')).toEqual([]);
  });

  it('stops with the reason where the disk refuses what comes before a snapshot', async () => {
    const disk = new MemoryDisk();
    const { session } = openGolden({ disk, tuning });
    disk.plan({ operation: 'append', nth: 1, code: 'DISK_FAILED' });

    const ended: unknown = await session.advance(HOUR_US).catch((error: unknown) => error);

    expect(ended).toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(session.sequencer.failure).toBe(ended);
    await session.close();
  });
});
