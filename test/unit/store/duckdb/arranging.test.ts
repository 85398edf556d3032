import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import type { RowBatch, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../../../src/store/tables/market.ts';

const MINUTES = 390;
const SYMBOLS = 320;
/** More than a row group of the database. */
const DAY_ROWS = MINUTES * SYMBOLS;
/** 2026-03-02, a Monday. */
const MONTH_US = 1_772_323_200_000_000;
const MONDAY_US = MONTH_US + DAY;

const folder = mkdtempSync(join(tmpdir(), 'strata-arranging-'));
const file = join(folder, 'strata.duckdb');
let store: TimeSeriesStore;

beforeAll(async () => {
  store = await openDuckDbStore({ file });
  await store.migrate([bars]);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A day's minutes, all symbols of each, as a session writes them. */
function minutesOf(fromUs: number): RowBatch {
  const startUs = Float64Array.from(
    { length: DAY_ROWS },
    (_, row) => fromUs + Math.floor(row / SYMBOLS) * MINUTE,
  );
  const symbols = Array.from({ length: DAY_ROWS }, (_, row) => `S${row % SYMBOLS}`);
  const prices = Float64Array.from({ length: DAY_ROWS }, (_, row) => 100 + (row % 977) / 100);
  const same = (text: string) => Array.from({ length: DAY_ROWS }, () => text);
  const unknown = new Float64Array(DAY_ROWS).fill(Number.NaN);
  const columns = [startUs, symbols, same('test'), same('1m'), prices, prices, prices, prices];
  return { table: bars, rows: DAY_ROWS, columns: [...columns, prices, unknown, unknown, startUs] };
}

/** Of all rows and all their values, in whatever order they lie. */
async function sum(): Promise<unknown> {
  const text = 'SELECT count(*), CAST(sum(hash(b)) AS VARCHAR) FROM bars AS b';
  for await (const { rows } of store.sql(text)) return rows[0];
  return undefined;
}

async function due(beforeUs: number): Promise<readonly (readonly number[])[]> {
  const parts = await store.unarranged(bars, beforeUs);
  return parts.map(({ fromUs, untilUs, rows }) => [
    (fromUs - MONTH_US) / DAY,
    (untilUs - MONTH_US) / DAY,
    rows,
  ]);
}

/** How many blocks of rows have to be looked into for one symbol. */
async function groupsOf(symbol: string): Promise<number> {
  const counts: unknown[] = [];
  const text =
    "SELECT stats FROM pragma_storage_info('bars') WHERE column_name = 'symbol' AND " +
    "segment_type = 'VARCHAR' AND count > 0";
  for await (const { rows } of store.sql(text)) counts.push(...rows.map(([stats]) => stats));
  return counts.filter((stats) => {
    const [, least = '', most = ''] = /Min: (\S*), Max: (\S*?)[\],]/.exec(String(stats)) ?? [];
    return least <= symbol && symbol <= most;
  }).length;
}

describe('days of a month that goes on', () => {
  it('are put in order when they are over, each few times, and read as before', async () => {
    const found: unknown[] = [];
    for (let day = 0; day < 4; day += 1) {
      const fromUs = MONDAY_US + day * DAY;
      await store.append(minutesOf(fromUs));
      expect(await due(fromUs + DAY - 1)).toEqual([]);
      found.push(await due(fromUs + DAY));
      const before = await sum();
      for (const part of await store.unarranged(bars, fromUs + DAY)) {
        expect(await store.arrange(bars, part.fromUs, part.untilUs)).toBe(part.rows);
      }
      expect(await sum()).toEqual(before);
      expect(await due(fromUs + DAY)).toEqual([]);
    }

    expect(found).toEqual([[[0, 2, DAY_ROWS]], [[0, 3, 2 * DAY_ROWS]], [], [[0, 5, 4 * DAY_ROWS]]]);
    expect(await groupsOf('S200')).toBeLessThan(4);
    // The month is over, and its days are one run already.
    expect(await due(MONTH_US + 60 * DAY)).toEqual([]);
  }, 60_000);

  it('are left as they were where the store is closed in the middle (J1)', async () => {
    await store.append(minutesOf(MONDAY_US + 30 * DAY));
    const before = await sum();
    const wanted = await due(MONTH_US + 90 * DAY);
    expect(wanted).not.toEqual([]);
    const [part] = await store.unarranged(bars, MONTH_US + 90 * DAY);
    const arranging = store.arrange(bars, part?.fromUs ?? 0, part?.untilUs ?? 0);
    const ended = arranging.then(
      () => 'arranged',
      (error: unknown) => String(error),
    );
    await store.close();

    expect(await ended).toMatch(/arranging bars/);
    store = await openDuckDbStore({ file });
    expect(await sum()).toEqual(before);
    expect(await due(MONTH_US + 90 * DAY)).toEqual(wanted);
  });

  it('keep no reader waiting who opens while they are put in order', async () => {
    const [part] = await store.unarranged(bars, MONTH_US + 90 * DAY);
    let isArranged = false;
    const arranging = store.arrange(bars, part?.fromUs ?? 0, part?.untilUs ?? 0).then(() => {
      isArranged = true;
    });
    const query = { table: bars, fromUs: MONDAY_US, untilUs: MONDAY_US + MINUTE };
    let rows = 0;
    for await (const batch of store.read(query)) rows += batch.rows;
    const wasArranged = isArranged;
    await arranging;

    expect([rows, wasArranged]).toEqual([SYMBOLS, false]);
  });
});
