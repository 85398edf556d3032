import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { writeParquetFile } from '../../../../src/store/duckdb/parquet-file.ts';
import { batchOf, everyKind, row } from '../../../contract/time-series-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = everyKind();

async function* twice(batch: RowBatch) {
  yield await Promise.resolve(batch);
  yield batch;
}

async function askElsewhere(text: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await (await connection.run(text)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('a Parquet file for others', () => {
  it.each(['states', 'prices'])(
    'has lists as lists, with the signs of all zeros in %s',
    async (which) => {
      const path = join(folder, `${which}.parquet`);
      const zero = (number: number) => (number % 3 === 0 ? -0 : 0);
      const rows = Array.from({ length: 3_000 }, (_, number) =>
        which === 'states'
          ? row({ number, state: [1.5, zero(number)] })
          : row({ number, price: zero(number), state: [] }),
      );
      const batches = twice(batchOf(table, rows));
      const scratch = join(folder, 'scratch');
      const given = { path, scratch, memoryBytesMax: 64 * 1_048_576, table, batches };

      expect(await writeParquetFile({ ...given, progress: () => undefined })).toBe(6_000);
      const value = which === 'states' ? 'state[2]' : 'price';
      const [answer] = await askElsewhere(
        `SELECT any_value(typeof(state)), sum(signbit(${value})::INTEGER)::INTEGER,
           sum(len(state))::INTEGER FROM read_parquet('${path}')`,
      );
      expect(answer).toEqual(['DOUBLE[]', 2_000, which === 'states' ? 12_000 : 0]);
    },
  );
});
