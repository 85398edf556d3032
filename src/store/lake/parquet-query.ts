import type { ColumnKind, TableDeclaration } from '../../ports/time-series.ts';
import type { FileColumn } from './manifest.ts';

/** What is wanted of files that lie on this machine. */
export interface ParquetQuery {
  readonly table: TableDeclaration;
  /** Paths. Their own names sort as they came: a row of a later one replaces an earlier's. */
  readonly files: readonly string[];
  /** Columns that at least one of the files has. */
  readonly there: readonly FileColumn[];
  /** Whether two of the files can have a row of the same keys. */
  readonly isOverlapping: boolean;
  readonly fromUs: number;
  readonly untilUs: number;
  readonly only?: Readonly<Record<string, readonly string[]>>;
  readonly batchRows: number;
}

/** The SELECT that answers it, each column as `parquet-columns.ts` reads it. */
export function parquetQuery(query: ParquetQuery): string {
  const { table, files, there, isOverlapping } = query;
  const names = new Set(there.map(({ name }) => name));
  const columns = table.columns.map(({ name, kind }) => {
    const isThere = names.has(name);
    return `${isThere ? FROM_FILE[kind](quoted(name)) : UNKNOWN[kind]} AS ${quoted(`_${name}`)}`;
  });
  const keys = [table.time, ...table.keys].map(quoted).join(', ');
  const list = files.map(text).join(', ');
  const source = `read_parquet([${list}], union_by_name = true, filename = '_file')`;
  const newest = `row_number() OVER (PARTITION BY ${keys} ORDER BY ${FILE_NAME} DESC) = 1`;
  return [
    `SELECT ${columns.join(', ')} FROM ${source}`,
    `WHERE ${conditions(query).join(' AND ')}`,
    ...(isOverlapping ? [`QUALIFY ${newest}`] : []),
    `ORDER BY ${keys}`,
  ].join(' ');
}

/** As an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const FILE_NAME = `regexp_extract(_file, '[^/]+$')`;

function conditions({ table, fromUs, untilUs, only }: ParquetQuery): readonly string[] {
  const time = quoted(table.time);
  const within = [`epoch_us(${time}) >= ${bound(fromUs)}`, `epoch_us(${time}) < ${bound(untilUs)}`];
  const chosen = Object.entries(only ?? {}).map(([name, values]) =>
    values.length === 0 ? 'false' : `${quoted(name)} IN (${values.map(text).join(', ')})`,
  );
  return [...within, ...chosen];
}

/** A range may be open: DuckDB's whole numbers end here. */
function bound(us: number): string {
  const most = Number.MAX_SAFE_INTEGER;
  return String(Math.max(-most, Math.min(most, Math.ceil(us))));
}

const FROM_FILE: Readonly<Record<ColumnKind, (name: string) => string>> = {
  symbol: (name) => `coalesce(${name}, '')`,
  text: (name) => `coalesce(${name}, '')`,
  time: (name) => `CAST(epoch_us(${name}) AS DOUBLE)`,
  double: (name) => `coalesce(${name}, 'NaN'::DOUBLE)`,
  whole: (name) => `CAST(${name} AS DOUBLE)`,
  truth: (name) => `CAST(${name} AS UTINYINT)`,
  doubles: (name) => `coalesce(${name}, ''::BLOB)`,
};

/** Of a column that none of the files has. */
const UNKNOWN: Readonly<Record<ColumnKind, string>> = {
  symbol: `''`,
  text: `''`,
  time: '0::DOUBLE',
  double: `'NaN'::DOUBLE`,
  whole: '0::DOUBLE',
  truth: '0::UTINYINT',
  doubles: `''::BLOB`,
};

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
