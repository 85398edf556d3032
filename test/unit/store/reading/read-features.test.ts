import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { readFeatureRows, readFeatures } from '../../../../src/store/reading/read-features.ts';
import { layoutTable } from '../../../../src/store/tables/rows.ts';

const MINUTE_US = 60_000_000;
const START_US = Date.UTC(2026, 0, 5, 15) * 1_000;
const layout = { hash: '0badcafe', names: ['return5', 'macd12-26-9.histogram'] };
const table = layoutTable('features', layout.hash, layout.names);
const folder = mkdtempSync(join(tmpdir(), 'strata-features-'));
let store: TimeSeriesStore;

interface Given {
  readonly minute: number;
  readonly symbol: string;
  readonly session?: string;
  readonly values: readonly [number, number];
}

beforeAll(async () => {
  store = await openDuckDbStore({ file: join(folder, 'strata.duckdb') });
  await store.migrate([table]);
  await append(
    { minute: 0, symbol: 'AAPL', values: [1, 10] },
    { minute: 1, symbol: 'AAPL', values: [2, Number.NaN] },
    { minute: 2, symbol: 'AAPL', values: [3, 30] },
    { minute: 2, symbol: 'AAPL', session: 's2', values: [-3, -30] },
    { minute: -60 * 24 * 3, symbol: 'MSFT', values: [4, 40] },
    { minute: -60 * 24 * 9, symbol: 'OLD', values: [5, 50] },
  );
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function at(minute: number): number {
  return START_US + minute * MINUTE_US;
}

async function append(...rows: readonly Given[]): Promise<void> {
  await store.append({
    table,
    rows: rows.length,
    columns: [
      Float64Array.from(rows, ({ minute }) => at(minute)),
      rows.map(({ symbol }) => symbol),
      rows.map(() => 'sip'),
      rows.map(({ session = 's1' }) => session),
      Float64Array.from(rows, (_, row) => row),
      Float64Array.from(rows, ({ values }) => values[0]),
      Float64Array.from(rows, ({ values }) => values[1]),
    ],
  });
}

describe('rows of features of the past', () => {
  it('are the last that a moment had, and never one of later', async () => {
    const asOf = (us: number) =>
      readFeatures(store, ['AAPL', 'MSFT', 'OLD', 'GONE'], us, { layout, feed: 'sip' });

    const later = await asOf(at(1) + MINUTE_US - 1);
    expect([...later.keys()]).toEqual(['AAPL', 'MSFT']);
    expect(later.get('AAPL')).toEqual({
      symbol: 'AAPL',
      atUs: at(1),
      session: 's1',
      values: Float64Array.of(2, Number.NaN),
    });
    expect(later.get('MSFT')?.values).toEqual(Float64Array.of(4, 40));
    expect((await asOf(at(1))).get('AAPL')?.atUs).toBe(at(1));
    expect((await asOf(at(1) - 1)).get('AAPL')?.atUs).toBe(at(0));
    expect((await asOf(at(0) - 1)).has('AAPL')).toBe(false);
  });

  it('are of the session that is named, and as old as is asked for', async () => {
    const read = async (parts: { session?: string; ageUsMax?: number }) =>
      [
        ...(await readFeatures(store, ['AAPL', 'OLD'], at(9), { layout, feed: 'sip', ...parts })),
      ].map(([symbol, { values }]) => [symbol, values[0]]);

    expect(await read({})).toEqual([['AAPL', -3]]);
    expect(await read({ session: 's1' })).toEqual([['AAPL', 3]]);
    expect(await read({ ageUsMax: 20 * 24 * 60 * MINUTE_US })).toEqual([
      ['AAPL', -3],
      ['OLD', 5],
    ]);
    expect(await read({ ageUsMax: MINUTE_US })).toEqual([]);
  });

  it('stream over a span by time, then symbol', async () => {
    const found: number[][] = [];
    const span = { fromUs: at(0), untilUs: at(2), batchRows: 1 };
    for await (const rows of readFeatureRows(store, { layout, feed: 'sip', ...span })) {
      expect(rows).toHaveLength(1);
      found.push(...rows.map(({ atUs, values }) => [atUs, values[0] ?? 0]));
    }

    expect(found).toEqual([
      [at(0), 1],
      [at(1), 2],
    ]);
  });

  it('of two names that are one column are refused', async () => {
    const twins = { hash: 'feedbeef', names: ['sma-5', 'sma.5'] };

    await expect(
      readFeatures(store, ['AAPL'], at(0), { layout: twins, feed: 'sip' }),
    ).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
  });
});
