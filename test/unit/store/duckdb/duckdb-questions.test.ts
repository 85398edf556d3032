import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlValue, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../../../src/store/tables/market.ts';
import { barRows } from '../../../crash/store-rows.ts';

const MEMORY_BYTES_MAX = 96 * 1_048_576;
const folder = mkdtempSync(join(tmpdir(), 'strata-questions-'));
const secret = join(folder, 'secret.csv');
let store: TimeSeriesStore;

beforeAll(async () => {
  writeFileSync(secret, 'a,b\n1,2\n');
  const file = join(folder, 'strata.duckdb');
  store = await openDuckDbStore({ file, memoryBytesMax: MEMORY_BYTES_MAX });
  await store.migrate([bars]);
  await store.append(barRows(0, 100));
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(text: string): Promise<readonly (readonly SqlValue[])[]> {
  const rows: (readonly SqlValue[])[] = [];
  for await (const page of store.sql(text)) rows.push(...page.rows);
  return rows;
}

describe('a question to the embedded store', () => {
  it.each([
    `SELECT * FROM read_csv('${secret}')`,
    `SELECT * FROM '${secret}'`,
    `SELECT * FROM read_text('${secret}')`,
    `SELECT * FROM glob('${folder}/*')`,
    `COPY bars TO '${join(folder, 'out.csv')}'`,
    `COPY bars FROM '${secret}'`,
    `EXPORT DATABASE '${join(folder, 'out')}'`,
    `ATTACH '${join(folder, 'other.duckdb')}'`,
    'INSTALL httpfs',
    'LOAD httpfs',
  ])('reaches no file and no extension: %s', async (text) => {
    await expect(ask(text)).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(existsSync(join(folder, 'other.duckdb'))).toBe(false);
  });

  it.each([
    "SET memory_limit = '10GB'",
    'SET enable_external_access = true',
    'PRAGMA threads = 64',
    'CREATE TEMP TABLE mine (a INTEGER)',
    'EXPLAIN ANALYZE DELETE FROM bars',
    'SELECT 1; DROP TABLE bars',
    'BEGIN',
    'VACUUM',
    'CHECKPOINT',
  ])('changes nothing: %s', async (text) => {
    await expect(ask(text)).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    expect(await ask('SELECT count(*) FROM bars')).toEqual([[100]]);
  });

  it('that needs more memory than there is fails alone: the next one is answered', async () => {
    const greedy = ask('SELECT list(x) FROM range(60000000) AS big(x)');

    await expect(greedy).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(greedy).rejects.toThrow(/Out of Memory/);
    expect((await store.append(barRows(100, 1))).accepted).toBe(1);
    expect(await ask('SELECT count(*) FROM bars')).toEqual([[101]]);
  });

  it('that would never end is left by who asked', async () => {
    for await (const { rows } of store.sql('SELECT x FROM range(1000000000000) AS endless(x)')) {
      expect(rows[0]).toEqual([0]);
      break;
    }
    expect(await ask('SELECT 1')).toEqual([[1]]);
  });

  it('is answered in plain values: what is too large for a number as a text', async () => {
    const [row] = await ask(`SELECT 9007199254740993, 9007199254740991, 1.25::DECIMAL(9,2),
      DATE '2026-01-02', [1, NULL, 3], NULL, true, TIMESTAMP '1969-12-31 23:59:59.000001',
      sum(x)::HUGEINT, 'text', TIMESTAMPTZ '2026-01-02 00:00:00+00' FROM range(10) AS ten(x)`);

    expect(row).toEqual([
      '9007199254740993',
      9_007_199_254_740_991,
      1.25,
      '2026-01-02',
      [1, undefined, 3],
      undefined,
      true,
      '1969-12-31T23:59:59.000001Z',
      45,
      'text',
      '2026-01-02T00:00:00.000000Z',
    ]);
  });

  it('asks about what is there in the ways that people know', async () => {
    expect(await ask('SHOW TABLES')).toEqual([['bars']]);
    expect((await ask('DESCRIBE bars')).map(([name]) => name)).toEqual(
      bars.columns.map(({ name }) => name),
    );
    const [tells] = await ask("SELECT comment FROM duckdb_tables() WHERE table_name = 'bars'");
    expect(tells).toEqual([bars.tells]);
  });
});
