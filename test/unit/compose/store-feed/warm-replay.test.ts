import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenedMarket } from '../../../../src/compose/market.ts';
import { readWarmRows, type RowWarmed } from '../../../../src/compose/store-feed/warm-rows.ts';
import { verifySession } from '../../../../src/compose/verify-session.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { symbolStates } from '../../../../src/store/tables/rows.ts';
import { journalRecords } from '../../../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../../../src/store/journal/segment-names.ts';
import { JournalMarket } from '../../../../src/streams/recorded/journal-market.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { factsOf } from '../../../golden/golden-decisions.ts';
import {
  goldenFile,
  goldenMarket,
  type GoldenRun,
  openGolden,
  runGolden,
  SESSION_ID,
} from '../../../golden/golden-session.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { questionOf, secondDay, SECOND_OPEN_US, statesOf } from './two-days.ts';

const UNTIL_US = SECOND_OPEN_US + 90 * MINUTE;
const services = (): readonly [] => [];
let warmed: readonly RowWarmed[];
let recorded: GoldenRun;

beforeAll(async () => {
  const first = await statesOf(goldenMarket());
  const store = new MemorySeries();
  await store.migrate([symbolStates]);
  for (const batch of first.batches) await store.append(batch);
  warmed = (await readWarmRows(questionOf(store))).rows;
  recorded = await runGolden({ market: secondDay(warmed), services, untilUs: UNTIL_US });
}, 60_000);

describe('a session whose rows were warmed from the store', () => {
  it('shows in its journal who was carried, and whence', () => {
    const carried = factsOf(recorded.disk).filter(
      ({ fact }) => fact.kind === 'layerMoved' && fact.reason === `carried from ${SESSION_ID}`,
    );

    expect(carried.length).toBeGreaterThan(10);
    expect(Math.max(...carried.map(({ nowUs }) => nowUs))).toBeLessThan(SECOND_OPEN_US);
  });

  it('verifies to its last record, without the store', () => {
    const verification = verifySession(recorded.disk, goldenFile());

    expect(verification).toMatchObject({
      kind: 'verified',
      result: { decisionHash: recorded.hash, divergence: undefined },
    });
  });

  it('is replayed from its journal to the same decisions', async () => {
    const records = () => journalRecords(recorded.disk, journalFolder(SESSION_ID));
    const market: OpenedMarket = {
      source: new JournalMarket({ name: 'warmed', records }),
      isHistoryGiven: true,
      historyFaults: { count: 0, first: [] },
    };
    const { hash } = await runGolden({ market, services, untilUs: UNTIL_US });

    expect(hash).toBe(recorded.hash);
  });

  it('goes on after a crash as if there had been none', async () => {
    const disk = new MemoryDisk();
    const { session } = openGolden({ disk, market: secondDay(warmed), services });
    await session.advance(SECOND_OPEN_US + 30 * MINUTE);
    const left = disk.crash();
    const again = await runGolden({
      disk: left,
      market: secondDay(warmed),
      services,
      untilUs: UNTIL_US,
    });

    const layersOf = (of: MemoryDisk): readonly string[] =>
      factsOf(of).flatMap(({ fact }) => (fact.kind === 'layerMoved' ? JSON.stringify(fact) : []));
    expect(layersOf(again.disk)).toEqual(layersOf(recorded.disk));
  });
});
