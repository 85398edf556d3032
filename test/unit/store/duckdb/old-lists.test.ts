import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import {
  answersOf,
  batchOf,
  everyKind,
  everything,
  readBatches,
  row,
  rowsOf,
} from '../../../contract/time-series-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LISTS = [
  [],
  [1.5, -0, 0, Number.NaN, Infinity, -Infinity, 5e-324, -1 / 3, 1.797_693_134_862_315_7e308],
  Array.from({ length: 300 }, (_, at) => Math.sqrt(at)),
];
const ROWS = LISTS.map((state, number) => row({ number, state }));
const table = { ...everyKind(), name: 'kinds' };

/** Makes of the table what a build of before had made. */
async function keepAsNumbers(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const lists = LISTS.map(
    (list, number) => `WHEN ${number} THEN [${list.map((one) => `'${text(one)}'::DOUBLE`).join()}]`,
  );
  await connection.run(
    `ALTER TABLE kinds ALTER COLUMN state TYPE DOUBLE[] USING CASE number ${lists.join(' ')} END`,
  );
  connection.closeSync();
  instance.closeSync();
}

function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

describe('a file of a build that kept lists as numbers', () => {
  it('takes and gives no row before it was migrated, and then every bit of before', async () => {
    const file = join(folder, 'strata.duckdb');
    const made = await openDuckDbStore({ file });
    await made.migrate([table]);
    await made.append(batchOf(table, ROWS));
    await made.close();
    await keepAsNumbers(file);

    const store = await openDuckDbStore({ file });
    const refused = { code: 'STORE_SCHEMA', message: expect.stringContaining('migrate') };
    await expect(store.append(batchOf(table, ROWS))).rejects.toMatchObject(refused);
    await expect(readBatches(store, everything(table))).rejects.toMatchObject(refused);
    const change = { table: 'kinds', what: 'keep lists of state as bytes' };
    expect(await store.migrate([table], { isDryRun: true })).toEqual([change]);
    expect(await store.migrate([table])).toEqual([change]);
    expect(await store.migrate([table])).toEqual([]);

    const added = row({ number: 9, state: [-0] });
    await store.append(batchOf(table, [added]));
    const batches = await readBatches(store, everything(table));
    const comment = "SELECT comment FROM duckdb_columns() WHERE column_name = 'state'";
    const comments = await answersOf(store, comment);
    await store.close();

    expect(batches.flatMap(rowsOf)).toEqual([...ROWS, added]);
    expect(comments.rows).toEqual([['a list']]);
  });
});

describe('bytes in the answer to a question', () => {
  it('are doubles as they were, and what cannot be doubles in hex digits', async () => {
    const file = join(folder, 'asked.duckdb');
    const store = await openDuckDbStore({ file });
    await store.migrate([table]);
    await store.append(batchOf(table, ROWS));
    const answer = await answersOf(store, 'SELECT state FROM kinds ORDER BY number');
    const other = await answersOf(store, String.raw`SELECT '\xFF\x00\x1A'::BLOB`);
    await store.close();

    expect(answer.rows).toEqual(LISTS.map((list) => [list]));
    expect(other.rows).toEqual([['ff001a']]);
  });

  it('that somebody else wrote and that are no doubles are an error with the column', async () => {
    const file = join(folder, 'torn.duckdb');
    const made = await openDuckDbStore({ file });
    await made.migrate([table]);
    await made.append(batchOf(table, ROWS));
    await made.close();
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run(String.raw`UPDATE kinds SET state = '\x00\x01\x02'::BLOB`);
    connection.closeSync();
    instance.closeSync();
    const store = await openDuckDbStore({ file });
    const read = readBatches(store, everything(table));

    await expect(read).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(read).rejects.toThrow(/column state: .* 3 bytes/);
    await store.close();
  });
});
