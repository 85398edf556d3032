import { StoreError } from '../../ports/store-error.ts';
import type {
  ColumnDeclaration,
  RowBatch,
  SeriesQuery,
  TableDeclaration,
} from '../../ports/time-series.ts';
import { CellReader, isCellsEnd } from './answer-cells.ts';
import { type Questions, quoted } from './question.ts';
import { SeriesColumns } from './series-columns.ts';
import { named } from './table-shape.ts';

const BATCH_ROWS = 8_192;
/** The server takes 64 KB of a request's head; longer lists are looked through here. */
const LIST_CHARACTERS_MAX = 16_384;

/** By time as the server has them; rows of one moment are brought in the order of their keys. */
export async function* readRows(
  questions: Questions,
  query: SeriesQuery,
): AsyncGenerator<RowBatch> {
  const { table, batchRows = BATCH_ROWS } = query;
  if (query.fromUs >= query.untilUs || Object.values(query.only ?? {}).some(isEmpty)) return;
  const columns = new SeriesColumns(table);
  const isWanted = leftToCheck(query, columns);
  const cells = new CellReader();
  let ordered = 0;
  let isWhole = false;
  for await (const chunk of questions.dataset(sqlOf(query))) {
    cells.feed(chunk);
    isWhole = questions.readable(() => takeRows(cells, columns, isWanted));
    // The last moment may go on in the next chunk.
    ordered = columns.order(ordered);
    let from = 0;
    for (; ordered - from >= batchRows; from += batchRows) {
      yield columns.batch(from, from + batchRows);
    }
    if (from === 0) continue;
    columns.drop(from);
    ordered -= from;
  }
  if (!isWhole) questions.requireEnd('');
  questions.requireEnd(cells.rest);
  columns.orderMoment(ordered, columns.rows);
  for (let from = 0; from < columns.rows; from += batchRows) {
    yield columns.batch(from, Math.min(from + batchRows, columns.rows));
  }
}

/** The whole rows of what has come; true when there are no more. */
function takeRows(cells: CellReader, columns: SeriesColumns, isWanted: () => boolean): boolean {
  for (;;) {
    const { at } = cells;
    try {
      if (!cells.beginRow()) return true;
      columns.take(cells);
    } catch (error) {
      if (!isCellsEnd(error)) throw error;
      cells.at = at;
      return false;
    }
    if (!isWanted()) columns.untake();
  }
}

function sqlOf({ table, fromUs, untilUs, only }: SeriesQuery): string {
  const time = named(table.time);
  const conditions = [`${time} >= ${fromUs}`, `${time} < ${untilUs}`];
  for (const [column, texts] of Object.entries(only ?? {})) {
    requireText(table, column);
    if (isShort(texts)) conditions.push(oneOf(named(column), texts));
  }
  return (
    `SELECT ${table.columns.map(selectOf).join(', ')} FROM ${named(table.name)} ` +
    `WHERE ${conditions.join(' AND ')} ORDER BY ${time}`
  );
}

/**
 * A number comes as the shortest text that is the same double. What comes as null in a list is NaN
 * or an infinity; a list with infinities is followed by one over each of its values, in which they
 * are zeros and keep their sign.
 */
function selectOf({ name, kind }: ColumnDeclaration): string {
  const column = named(name);
  switch (kind) {
    case 'time':
      return `cast(${column} AS LONG) ${column}`;
    case 'doubles':
      return (
        `${column}, CASE WHEN array_count(${column}) <> array_count(${column} * 0.0) ` +
        `THEN 1.0 / ${column} ELSE NULL END`
      );
    case 'symbol':
    case 'text':
    case 'double':
    case 'whole':
    case 'truth':
      return column;
  }
}

/** What is not known is NULL there and empty here. */
function oneOf(column: string, texts: readonly string[]): string {
  const known = texts.filter((text) => text !== '').map(quoted);
  const conditions = known.length === 0 ? [] : [`${column} IN (${known.join(', ')})`];
  if (texts.includes('')) conditions.push(`${column} IS NULL`);
  return `(${conditions.join(' OR ')})`;
}

/** Of the row that was taken last. */
function leftToCheck({ table, only }: SeriesQuery, columns: SeriesColumns): () => boolean {
  const checks = Object.entries(only ?? {})
    .filter(([, texts]) => !isShort(texts))
    .map(([name, texts]) => {
      const place = table.columns.findIndex((column) => column.name === name);
      return [place, new Set(texts)] as const;
    });
  return () => checks.every(([place, texts]) => texts.has(columns.text(place)));
}

function isShort(texts: readonly string[]): boolean {
  let characters = 0;
  for (const text of texts) characters += encodeURIComponent(text).length + 8;
  return characters <= LIST_CHARACTERS_MAX;
}

function isEmpty(texts: readonly string[]): boolean {
  return texts.length === 0;
}

function requireText(table: TableDeclaration, name: string): void {
  const kind = table.columns.find((column) => column.name === name)?.kind;
  if (kind === 'symbol' || kind === 'text') return;
  const message = `table ${table.name} has no column ${name} of texts to choose by`;
  throw new StoreError('STORE_REFUSED', message);
}
