import type { TableDeclaration } from '../../ports/time-series.ts';
import { type Database, rowsOf } from './database.ts';
import { literal } from './schema.ts';

/** In a schema of its own: the tables of the main one are the store's. */
const SCHEMA = 'arranging';
const MARKS = `${SCHEMA}.arranged_parts`;

export interface ArrangedPart {
  readonly fromUs: number;
  readonly untilUs: number;
  /**
   * When it was arranged. Another number now says that a build wrote there that knows nothing of
   * marks.
   */
  readonly rows: number;
}

/** Parts that lie in order. It is remembered for speed alone: an answer never leans on it. */
export async function arrangedParts(
  database: Database,
  table: TableDeclaration,
): Promise<readonly ArrangedPart[]> {
  if (!(await hasMarks(database))) return [];
  const rows = await rowsOf(
    database.writer,
    `SELECT from_us, until_us, row_count FROM ${MARKS}
     WHERE table_name = ${literal(table.name)} ORDER BY from_us`,
  );
  return rows.map(([fromUs, untilUs, count]) => ({
    fromUs: Number(fromUs),
    untilUs: Number(untilUs),
    rows: Number(count),
  }));
}

/** Within the transaction that arranges. */
export async function markArranged(
  database: Database,
  table: TableDeclaration,
  { fromUs, untilUs, rows }: ArrangedPart,
): Promise<void> {
  const { writer } = database;
  await writer.run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
  await writer.run(
    `CREATE TABLE IF NOT EXISTS ${MARKS}
     (table_name VARCHAR, from_us BIGINT, until_us BIGINT, row_count BIGINT)`,
  );
  await forgetArranged(database, table, { fromUs, lastUs: untilUs - 1 });
  await writer.run(
    `INSERT INTO ${MARKS} VALUES (${literal(table.name)}, ${fromUs}, ${untilUs}, ${rows})`,
  );
}

/** Within the transaction that writes there, or drops. Both moments are of it. */
export async function forgetArranged(
  { writer }: Database,
  table: TableDeclaration,
  { fromUs, lastUs }: { readonly fromUs: number; readonly lastUs: number },
): Promise<void> {
  await writer.run(
    `DELETE FROM ${MARKS} WHERE table_name = ${literal(table.name)}
     AND from_us <= ${Math.trunc(lastUs)} AND until_us > ${Math.trunc(fromUs)}`,
  );
}

async function hasMarks(database: Database): Promise<boolean> {
  const found = await rowsOf(
    database.writer,
    `SELECT 1 FROM duckdb_tables()
     WHERE database_name = current_database() AND schema_name = '${SCHEMA}'`,
  );
  return found.length > 0;
}
