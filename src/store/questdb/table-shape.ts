import type { ColumnDeclaration, ColumnKind, TableDeclaration } from '../../ports/time-series.ts';
import { type Questions, quoted } from './question.ts';

/** A table as the server has it. */
export interface TableShape {
  readonly time: string;
  readonly partition: string;
  readonly isWal: boolean;
  readonly isDedup: boolean;
  readonly ttl: Ttl;
  readonly columns: ReadonlyMap<string, ShapedColumn>;
}

export interface ShapedColumn {
  readonly type: string;
  readonly isKey: boolean;
}

/** `30 DAY`, `3 MONTH`. */
export interface Ttl {
  readonly value: number;
  readonly unit: string;
}

/** Undefined where there is no such table. */
export async function shapeOf(questions: Questions, name: string): Promise<TableShape | undefined> {
  const [row] = await questions.rows(
    'SELECT designatedTimestamp, partitionBy, walEnabled, dedup, ttlValue, ttlUnit ' +
      `FROM tables() WHERE table_name = ${quoted(name)}`,
  );
  if (row === undefined) return undefined;
  const columns = await questions.rows(
    `SELECT "column", "type", "upsertKey" FROM table_columns(${quoted(name)})`,
  );
  const [time, partition, isWal, isDedup, value, unit] = row;
  return {
    time: String(time),
    partition: String(partition),
    isWal: isWal === true,
    isDedup: isDedup === true,
    ttl: { value: Number(value), unit: String(unit) },
    columns: new Map(
      columns.map(([column, type, isKey]) => [
        String(column),
        { type: String(type), isKey: isKey === true },
      ]),
    ),
  };
}

/**
 * An ascii symbol or text that is not known is NULL there, as is a double; NULL keys are equal to
 * each other, so rows are kept apart as they are here.
 */
const TYPES: Readonly<Record<ColumnKind, string>> = {
  symbol: 'SYMBOL',
  text: 'VARCHAR',
  time: 'TIMESTAMP',
  double: 'DOUBLE',
  whole: 'LONG',
  truth: 'BOOLEAN',
  doubles: 'DOUBLE[]',
};

export function typeOf(kind: ColumnKind): string {
  return TYPES[kind];
}

/** Symbols of a column are few where nobody says otherwise. */
const CAPACITY = 256;

/** `symbol SYMBOL CAPACITY 16384`: the server takes powers of two only. */
export function columnSql({ name, kind, symbolCapacity }: ColumnDeclaration): string {
  const type = `${named(name)} ${TYPES[kind]}`;
  if (kind !== 'symbol') return type;
  let capacity = CAPACITY;
  while (capacity < (symbolCapacity ?? 0)) capacity *= 2;
  return `${type} CAPACITY ${capacity}`;
}

export function createSql(table: TableDeclaration): string {
  const columns = table.columns.map(columnSql).join(', ');
  const kept = ttlOf(table);
  const ttl = isForEver(kept) ? '' : ` TTL ${kept.value} ${kept.unit}S`;
  return (
    `CREATE TABLE IF NOT EXISTS ${named(table.name)} (${columns}) ` +
    `TIMESTAMP(${named(table.time)}) PARTITION BY ${partitionOf(table)}${ttl} WAL ` +
    `DEDUP UPSERT KEYS(${keysOf(table).map(named).join(', ')})`
  );
}

export function partitionOf({ partition }: TableDeclaration): string {
  return partition.toUpperCase();
}

export function keysOf({ time, keys }: TableDeclaration): readonly string[] {
  return [time, ...keys];
}

const DAYS_OF: Readonly<Record<TableDeclaration['partition'], number>> = {
  hour: 1,
  day: 1,
  month: 28,
  year: 365,
};

const FOR_EVER: Ttl = { value: 0, unit: 'DAY' };
/** Zero, once set otherwise, is no multiple of a month: the server refuses it. */
const LONG_FOR_EVER: Ttl = { value: 1_000, unit: 'YEAR' };
const EVER_YEARS = 100;

export function isForEver({ value, unit }: Ttl): boolean {
  return value === 0 || (unit === 'YEAR' && value >= EVER_YEARS);
}

/**
 * The server drops whole partitions only, so what it may keep is a whole number of them; rather one
 * too many. It reckons from the newest row, never from a clock that runs ahead of it.
 */
export function ttlOf({ keepDays, partition }: TableDeclaration): Ttl {
  const isLong = partition === 'month' || partition === 'year';
  if (keepDays === undefined) return isLong ? LONG_FOR_EVER : FOR_EVER;
  const unit = isLong ? partition.toUpperCase() : 'DAY';
  return { value: Math.ceil(keepDays / DAYS_OF[partition]), unit };
}

/** As the server tells it: 7 days may come back as a week or as 168 hours. */
export function isSameTtl(left: Ttl, right: Ttl): boolean {
  return spanOf(left) === spanOf(right);
}

const HOURS_OF: Readonly<Record<string, number>> = { HOUR: 1, DAY: 24, WEEK: 168 };
const MONTHS_OF: Readonly<Record<string, number>> = { MONTH: 1, YEAR: 12 };

function spanOf(ttl: Ttl): string {
  if (isForEver(ttl)) return 'ever';
  const { value, unit } = ttl;
  const hours = HOURS_OF[unit];
  return hours === undefined
    ? `${value * (MONTHS_OF[unit] ?? Number.NaN)} months`
    : `${value * hours} hours`;
}

export function named(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
