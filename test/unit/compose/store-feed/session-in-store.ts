import { setImmediate as breathe } from 'node:timers/promises';
import { expect } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { retellSession } from '../../../../src/compose/store-feed/refill.ts';
import { layoutTables, sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { readWarmRows } from '../../../../src/compose/store-feed/warm-rows.ts';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import type { TableDeclaration, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { TABLES } from '../../../../src/store/tables/tables.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { GOLDEN_OPEN_US, operator } from '../../../golden/golden-operator.ts';
import { goldenFile, goldenMarket, openGolden } from '../../../golden/golden-session.ts';
import { RowTaker } from './row-taker.ts';
import { runInto } from './rows-into.ts';
import { learnedOf, questionOf, secondDay, statesOf } from './two-days.ts';

const file = goldenFile();
const config = Config.parse(file.config);
const TABLES_FED = [...TABLES, ...layoutTables(config)];

/** A whole session goes into a real store, and is found there as its journal tells it. */
export async function expectSessionKept(store: TimeSeriesStore): Promise<void> {
  await store.migrate(TABLES_FED);
  const disk = new MemoryDisk();
  expect(await runDay(store, disk)).toBeUndefined();
  const told = new RowTaker();
  retellSession(disk, file, sessionFeed(file, config, { taken: told.take }));
  const found = new RowTaker();
  for (const table of TABLES_FED) await readInto(found, store, table);

  expect(told.tables.length).toBeGreaterThanOrEqual(10);
  expect(found.tables).toEqual(told.tables);
  for (const table of told.tables) expect(found.kept(table), table).toEqual(told.kept(table));
}

/** Another session of the next day goes on from it, to the bits of one that never stopped. */
export async function expectWarmed(store: TimeSeriesStore): Promise<void> {
  const { rows, reason } = await readWarmRows(questionOf(store));
  const never = learnedOf(await statesOf(goldenMarket({ days: 2 })));

  expect(reason).toBeUndefined();
  expect(rows).toHaveLength(3 * 18);
  expect(learnedOf(await statesOf(secondDay(rows)))).toEqual(never);
}

async function runDay(store: TimeSeriesStore, disk: MemoryDisk): Promise<string | undefined> {
  return runInto(store, file, async (series) => {
    const services = (): ReturnType<typeof operator>[] => [operator()];
    const { session } = openGolden({ disk, feed: series.feed, services });
    for (let untilUs = GOLDEN_OPEN_US - HOUR, isMore = true; isMore; untilUs += 10 * MINUTE) {
      isMore = await session.advance(untilUs);
      series.look(() => session.writeOut());
      await breathe();
    }
    await session.close();
  });
}

async function readInto(
  taker: RowTaker,
  store: TimeSeriesStore,
  table: TableDeclaration,
): Promise<void> {
  const query = { table, fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER };
  for await (const batch of store.read(query)) taker.take(batch);
}
