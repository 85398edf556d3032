import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { TableDeclaration, TablePart } from '../../ports/time-series.ts';
import { checkColumns } from './append-rows.ts';
import { arrangedParts, markArranged } from './arranged-parts.ts';
import { spansDue, type Unit } from './arranging-plan.ts';
import { type Database, rowsOf } from './database.ts';
import { nextPartStart, partStart, wholeParts } from './part-bounds.ts';
import { quoted, timeLiteral } from './schema.ts';

/** Bytes of a value while it is sorted: a text is a length, a start and a pointer. */
const TEXT_BYTES = 16;
const VALUE_BYTES = 8;

/**
 * The order in which the past is read: a symbol's rows beside each other, so that one symbol is a
 * few blocks of a column and not all. Undefined for a table without symbols.
 */
export function arrangedOrder({ columns, time, keys }: TableDeclaration): string[] | undefined {
  const isSymbol = (name: string): boolean =>
    columns.some((column) => column.name === name && column.kind === 'symbol');
  if (!keys.includes('symbol')) return undefined;
  const symbols = keys.filter(isSymbol);
  const others = keys.filter((name) => !isSymbol(name));
  return [...symbols, time, ...others];
}

/** What before a moment lies as it came and is worth the work, and what that takes on the disk. */
export async function unarrangedParts(
  database: Database,
  table: TableDeclaration,
  beforeUs: number,
): Promise<readonly TablePart[]> {
  await checked(database, table);
  if (arrangedOrder(table) === undefined) return [];
  const marks = await arrangedParts(database, table);
  const units = (await unitsOf(database, table)).filter(({ untilUs }) => untilUs <= beforeUs);
  const parts = new Map<number, Unit[]>();
  for (const unit of units) {
    const start = partStart(table.partition, unit.fromUs);
    parts.set(start, [...(parts.get(start) ?? []), unit]);
  }
  return [...parts].flatMap(([start, ofPart]) => {
    const untilUs = nextPartStart(table.partition, start);
    const isOver = untilUs <= beforeUs;
    return spansDue(ofPart, marks, isOver).map((span) => ({
      ...span,
      // Days without rows, before the first and after the last, go with them.
      fromUs: span.fromUs === ofPart[0]?.fromUs ? start : span.fromUs,
      untilUs: isOver && span.untilUs === ofPart.at(-1)?.untilUs ? untilUs : span.untilUs,
    }));
  });
}

/** The days of a table, or its parts where they are no longer than one. */
async function unitsOf(database: Database, table: TableDeclaration): Promise<readonly Unit[]> {
  const unit = unitOf(table);
  const listBytes = table.columns
    .filter(({ kind }) => kind === 'doubles')
    .map(({ name }) => ` + coalesce(sum(octet_length(${quoted(name)})), 0)`);
  const rows = await rowsOf(
    database.writer,
    `SELECT epoch_us(date_trunc('${unit}', ${quoted(table.time)})) AS unit,
     count(*), count(*) * ${rowBytes(table)}${listBytes.join('')}
     FROM ${quoted(table.name)} GROUP BY unit ORDER BY unit`,
  );
  return rows.map(([start, count, bytes]) => {
    const fromUs = Number(start);
    const untilUs = nextPartStart(unit, fromUs);
    // Once sorted, and once as new rows beside the old ones.
    return { fromUs, untilUs, rows: Number(count), bytes: 2 * Number(bytes) };
  });
}

function unitOf({ partition }: TableDeclaration): TableDeclaration['partition'] {
  return partition === 'hour' ? 'hour' : 'day';
}

/** A part, or some days of it. */
export interface Arranging {
  readonly table: TableDeclaration;
  readonly fromUs: number;
  readonly untilUs: number;
  /** Asked before each step: whether somebody has no time for the rest. */
  readonly isOver: () => boolean;
}

/**
 * Writes the rows of a part anew in their order and removes the old ones, in one transaction:
 * whoever dies in the middle finds the old ones. Answers how many rows there are.
 */
export async function arrangePart(
  database: Database,
  { table, fromUs, untilUs, isOver }: Arranging,
): Promise<number> {
  const order = arrangedOrder(table);
  const columns = await checked(database, table);
  const [from, until] = wholeParts(unitOf(table), fromUs, untilUs);
  if (order === undefined || from === until) return 0;
  assert(until <= nextPartStart(table.partition, from), 'what is arranged is of one part');
  const rows = await database.transaction(`arranging ${table.name}`, async () => {
    const moved = await rewrite(database, { table, columns, order, from, until, isOver });
    if (moved > 0) {
      await markArranged(database, table, { fromUs: from, untilUs: until, rows: moved });
    }
    return moved;
  });
  await database.checkpoint();
  return rows;
}

interface Rewriting {
  readonly table: TableDeclaration;
  /** All that the table has, also those of a newer build. */
  readonly columns: readonly string[];
  readonly order: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly isOver: () => boolean;
}

/** Old and new rows are told apart by their number: those written later have higher ones. */
async function rewrite(database: Database, rewriting: Rewriting): Promise<number> {
  const { table, columns, order, from, until, isOver } = rewriting;
  const { writer } = database;
  const name = quoted(table.name);
  const time = quoted(table.time);
  const part = `${time} >= ${timeLiteral(from)} AND ${time} < ${timeLiteral(until)}`;
  const [[last] = []] = await rowsOf(writer, `SELECT max(rowid) FROM ${name} WHERE ${part}`);
  if (typeof last !== 'bigint') return 0;
  const goOn = (): void => {
    if (isOver()) throw new StoreError('STORE_AWAY', `arranging ${table.name} was cut off`);
  };
  goOn();
  await writer.run(
    `INSERT INTO ${name} SELECT * FROM ${name} WHERE ${part}
     ORDER BY ${order.map(quoted).join(', ')}`,
  );
  goOn();
  const sums = await rowsOf(
    writer,
    `SELECT rowid > ${last} AS is_new, count(*), CAST(sum(hash(${columns.join(', ')})) AS VARCHAR)
     FROM ${name} WHERE ${part} GROUP BY is_new ORDER BY is_new`,
  );
  const [[, oldRows, oldSum] = [], [, newRows, newSum] = []] = sums;
  const isSame = sums.length === 2 && oldRows === newRows && oldSum === newSum;
  if (!isSame) throw differs(table, from, `${oldRows} rows became ${newRows}, of another checksum`);
  goOn();
  const gone = await writer.run(`DELETE FROM ${name} WHERE ${part} AND rowid <= ${last}`);
  if (gone.rowsChanged !== Number(oldRows)) {
    throw differs(table, from, `${gone.rowsChanged} of ${oldRows} old rows went`);
  }
  return gone.rowsChanged;
}

function differs({ name }: TableDeclaration, fromUs: number, what: string): StoreError {
  const part = new Date(fromUs / 1_000).toISOString().slice(0, 13);
  const message = `table ${name}, part ${part}: ${what}; its rows were left as they are`;
  return new StoreError('STORE_DAMAGED', message);
}

/** Names of the columns that are there, for a question. */
async function checked(database: Database, table: TableDeclaration): Promise<readonly string[]> {
  const found = (await database.columnsOf([table.name])).get(table.name);
  checkColumns(table, found);
  return [...(found?.keys() ?? [])].map((name) => `"${name.replaceAll('"', '""')}"`);
}

function rowBytes({ columns }: TableDeclaration): number {
  const isText = (kind: string): boolean => kind === 'symbol' || kind === 'text';
  return columns.reduce((sum, { kind }) => sum + (isText(kind) ? TEXT_BYTES : VALUE_BYTES), 0);
}
