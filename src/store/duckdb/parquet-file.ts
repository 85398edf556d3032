import { present } from '../../core/assert.ts';
import type { RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { hasNegativeZero, KEEPING_SIGNS } from '../tables/zero-signs.ts';
import { appendChunks } from './chunk-writer.ts';
import { rowsOf } from './database.ts';
import { loadNative } from './native.ts';
import { packBatch } from './packed-batch.ts';
import { literal, plainTypeOf, quoted } from './schema.ts';
import { storeErrorOf } from './store-errors.ts';

export interface ParquetRows {
  /** Written anew; not safe before the caller has made it so. */
  readonly path: string;
  /** For rows that do not fit in memory; removed in the end. */
  readonly scratch: string;
  readonly memoryBytesMax: number;
  readonly table: TableDeclaration;
  readonly batches: AsyncIterable<RowBatch>;
  readonly progress: (rows: number) => void;
}

const ROWS = 'stage';

/**
 * A Parquet file (zstd) of rows as they come; answers how many rows a reader of the file finds.
 * What is not known is NULL in it, a list of doubles is a list.
 */
export async function writeParquetFile(given: ParquetRows): Promise<number> {
  const { path, scratch, memoryBytesMax, table, batches, progress } = given;
  const native = await loadNative();
  const instance = await native.api.DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytesMax / 1_048_576)}MiB`,
    temp_directory: scratch,
    threads: '2',
  });
  const connection = await instance.connect();
  try {
    const columns = table.columns.map(({ name, kind }) => `${quoted(name)} ${plainTypeOf(kind)}`);
    await connection.run(`CREATE TEMP TABLE ${ROWS} (${columns.join(', ')})`);
    const places = table.columns.map((_, place) => place);
    const target = { table: ROWS, isTemporary: true, lists: 'doubles' } as const;
    const to = { native, connection, ...target, places, rows: undefined };
    let isSigned = false;
    for await (const batch of batches) {
      isSigned ||= hasNegativeZero(batch, 'double') || hasNegativeZero(batch, 'doubles');
      await appendChunks({ ...to, batch: packBatch(batch) });
      progress(batch.rows);
    }
    const options = `FORMAT parquet, COMPRESSION zstd${isSigned ? KEEPING_SIGNS : ''}`;
    await connection.run(`COPY (FROM ${ROWS}) TO ${literal(path)} (${options})`);
    const [row] = await rowsOf(connection, `SELECT count(*) FROM read_parquet(${literal(path)})`);
    return Number(present(row?.[0], 'a count'));
  } catch (error) {
    throw storeErrorOf(error, `writing ${path}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
