import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll } from 'vitest';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { describeTimeSeriesStore } from './time-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-duckdb-'));
const file = join(folder, 'store', 'strata.duckdb');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeTimeSeriesStore({
  name: 'DuckDB',
  open: () => openDuckDbStore({ file }),
  settled: () => Promise.resolve(),
  alter: async (statement) => {
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
  },
  alterations: [
    {
      what: 'whose price became a text',
      statement: (table) => `ALTER TABLE ${table} ALTER COLUMN price TYPE VARCHAR`,
      names: ['price', 'VARCHAR', 'DOUBLE'],
    },
    {
      what: 'whose time was dropped',
      statement: (table) => `ALTER TABLE ${table} DROP COLUMN at_us`,
      names: ['at_us'],
    },
    {
      what: 'that became a view',
      statement: (table) => `DROP TABLE ${table}; CREATE VIEW ${table} AS SELECT 1 AS at_us`,
      names: ['at_us', 'INTEGER', 'TIMESTAMP'],
    },
  ],
  runs: 60,
});
