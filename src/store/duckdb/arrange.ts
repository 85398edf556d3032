import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { TableDeclaration, TablePart } from '../../ports/time-series.ts';
import { checkColumns } from './append-rows.ts';
import { arrangedParts, markArranged } from './arranged-parts.ts';
import { type Database, rowsOf } from './database.ts';
import { nextPartStart, wholeParts } from './part-bounds.ts';
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

/** Parts before a moment whose rows lie as they came, and what arranging takes on the disk. */
export async function unarrangedParts(
  database: Database,
  table: TableDeclaration,
  beforeUs: number,
): Promise<readonly TablePart[]> {
  await checked(database, table);
  if (arrangedOrder(table) === undefined) return [];
  const done = new Map(
    (await arrangedParts(database, table)).map(({ fromUs, rows }) => [fromUs, rows]),
  );
  const listBytes = table.columns
    .filter(({ kind }) => kind === 'doubles')
    .map(({ name }) => ` + coalesce(sum(octet_length(${quoted(name)})), 0)`);
  const rows = await rowsOf(
    database.writer,
    `SELECT epoch_us(date_trunc('${table.partition}', ${quoted(table.time)})) AS part,
     count(*), count(*) * ${rowBytes(table)}${listBytes.join('')}
     FROM ${quoted(table.name)} GROUP BY part ORDER BY part`,
  );
  return rows
    .map(([part, count, bytes]) => {
      const fromUs = Number(part);
      const untilUs = nextPartStart(table.partition, fromUs);
      // Once sorted, and once as new rows beside the old ones.
      return { fromUs, untilUs, rows: Number(count), bytes: 2 * Number(bytes) };
    })
    .filter((part) => part.untilUs <= beforeUs && done.get(part.fromUs) !== part.rows);
}

/**
 * Writes the rows of a part anew in their order and removes the old ones, in one transaction:
 * whoever dies in the middle finds the old ones. Answers how many rows there are.
 */
export async function arrangePart(
  database: Database,
  table: TableDeclaration,
  { fromUs, untilUs }: { readonly fromUs: number; readonly untilUs: number },
): Promise<number> {
  const order = arrangedOrder(table);
  const columns = await checked(database, table);
  const [from, until] = wholeParts(table.partition, fromUs, untilUs);
  if (order === undefined || from === until) return 0;
  assert(until === nextPartStart(table.partition, from), 'a part is arranged at a time');
  const rows = await database.transaction(`arranging ${table.name}`, async () => {
    const moved = await rewrite(database, { table, columns, order, from, until });
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
}

/** Old and new rows are told apart by their number: those written later have higher ones. */
async function rewrite(database: Database, rewriting: Rewriting): Promise<number> {
  const { table, columns, order, from, until } = rewriting;
  const { writer } = database;
  const name = quoted(table.name);
  const time = quoted(table.time);
  const part = `${time} >= ${timeLiteral(from)} AND ${time} < ${timeLiteral(until)}`;
  const [[last] = []] = await rowsOf(writer, `SELECT max(rowid) FROM ${name} WHERE ${part}`);
  if (typeof last !== 'bigint') return 0;
  await writer.run(
    `INSERT INTO ${name} SELECT * FROM ${name} WHERE ${part}
     ORDER BY ${order.map(quoted).join(', ')}`,
  );
  const sums = await rowsOf(
    writer,
    `SELECT rowid > ${last} AS is_new, count(*), CAST(sum(hash(${columns.join(', ')})) AS VARCHAR)
     FROM ${name} WHERE ${part} GROUP BY is_new ORDER BY is_new`,
  );
  const [[, oldRows, oldSum] = [], [, newRows, newSum] = []] = sums;
  const isSame = sums.length === 2 && oldRows === newRows && oldSum === newSum;
  if (!isSame) throw differs(table, from, `${oldRows} rows became ${newRows}, of another checksum`);
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
