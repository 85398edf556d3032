import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TableDeclaration } from '../../src/ports/time-series.ts';
import { EVER } from '../../src/store/lake/lake.ts';
import { archivePart, dueParts } from '../../src/store/lifecycle/archive.ts';
import { sumOf } from '../../src/store/lifecycle/lifecycle-tools.ts';
import type { Tier } from '../../src/store/lifecycle/policy.ts';
import { restorableDays, restoreDay } from '../../src/store/lifecycle/restore.ts';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import { bars } from '../../src/store/tables/market.ts';
import { lakeSum, lifecycleRig } from '../lifecycle-rig.ts';
import { seededMinutes, symbolName } from '../seeded-minutes.ts';
import { describeWith } from './describe-with.ts';
import { type QuestDbServer, startQuestDb } from './questdb.ts';

const POLICY = { recentDays: 30, daysInStore: { hot: 9_999, warm: 60, cold: 45 } };
const TIERS: ReadonlyMap<string, Tier> = new Map([[symbolName(1), 'hot']]);
const NOW_US = Date.UTC(2026, 0, 1) * 1_000;

let server: QuestDbServer | undefined;

await describeWith(['questdb'], 'the lifecycle over a real QuestDB', () => {
  beforeAll(async () => {
    server = await startQuestDb();
  }, 120_000);
  afterAll(() => server?.stop());

  it('archives, keeps rows of symbols that stay, and restores, with equal checksums', async () => {
    const table: TableDeclaration = { ...bars, name: 'bars_of_lifecycle' };
    const store = openQuestDb({ url: `http://127.0.0.1:${server?.httpPort ?? 0}` });
    await store.migrate([table]);
    const minutes = seededMinutes({ seed: 5, symbols: 4, days: 6, minutes: 20, step: 7 });
    for (const batch of minutes) await store.append({ ...batch, table });
    const whole = await sumOf(store, table, EVER);
    const hot = await sumOf(store, table, EVER, [symbolName(1)]);
    const rig = lifecycleRig(store);
    for (const due of await dueParts(store, [table], TIERS, POLICY, NOW_US)) {
      await archivePart(rig.tools, due);
    }
    expect((await lakeSum(rig.lake, table)).hex).toBe(whole.hex);
    expect((await sumOf(store, table, EVER)).hex).toBe(hot.hex);
    expect(hot.rows).toBe(whole.rows / 4);
    expect(await dueParts(store, [table], TIERS, POLICY, NOW_US)).toEqual([]);
    for (const day of await restorableDays(rig.lake, table, EVER)) await restoreDay(rig.tools, day);
    expect((await sumOf(store, table, EVER)).hex).toBe(whole.hex);
    await store.close();
    await rig.close();
  }, 120_000);
});
