import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../../../src/store/tables/market.ts';
import { barRows, START_US } from '../../../crash/store-rows.ts';

const KEEP_DAYS = 3;
const MINUTES_A_DAY = 1_440;
const DAYS = 9;
const FORGETFUL = { ...bars, name: 'forgetful', partition: 'day', keepDays: KEEP_DAYS } as const;
const DAILY = { ...bars, name: 'daily', partition: 'day' } as const;

it('forgets what a table says when it is opened again, and nothing of another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-forgets-'));
  const file = join(folder, 'strata.duckdb');
  const days: number[][] = [];
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openDuckDbStore({ file });
    expect(await store.migrate([FORGETFUL, DAILY], { isDryRun: true })).toHaveLength(
      opening === 0 ? 2 : 0,
    );
    await store.migrate([FORGETFUL, DAILY]);
    for (const table of opening === 0 ? [FORGETFUL, DAILY] : []) {
      await store.append({ ...barRows(0, DAYS * MINUTES_A_DAY), table });
    }
    for (const table of [FORGETFUL, DAILY]) {
      const parts = await store.parts(table);
      days.push(parts.map(({ fromUs }) => (fromUs - START_US) / DAY));
    }
    await store.close();
  }
  rmSync(folder, { recursive: true, force: true });
  const all = Array.from({ length: DAYS }, (_, day) => day);

  expect(days).toEqual([all, all, all.slice(-1 - KEEP_DAYS), all]);
});
