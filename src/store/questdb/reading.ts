import { StoreError } from '../../ports/store-error.ts';
import type { RowBatch, SeriesQuery, TableDeclaration } from '../../ports/time-series.ts';
import { answerPlace, batchOf, keyOrder, selectList } from './answer-columns.ts';
import { type Questions, quoted } from './question.ts';
import { named } from './table-shape.ts';

const BATCH_ROWS = 8_192;
/** The server takes 64 KB of a request's head; longer lists are looked through here. */
const LIST_CHARACTERS_MAX = 16_384;

type Row = readonly unknown[];

/** By time as the server has them; rows of one moment are brought in the order of their keys. */
export async function* readRows(
  questions: Questions,
  query: SeriesQuery,
): AsyncGenerator<RowBatch> {
  const { table, batchRows = BATCH_ROWS } = query;
  if (query.fromUs >= query.untilUs || Object.values(query.only ?? {}).some(isEmpty)) return;
  const isWanted = leftToCheck(query);
  let held: Row[] = [];
  let until = 0;
  for await (const { rows } of questions.pages(sqlOf(query))) {
    for (const row of rows) if (isWanted(row)) held.push(row);
    // The last moment may go on in the next page.
    until = sortedUntil(table, held, until);
    let from = 0;
    for (; until - from >= batchRows; from += batchRows) {
      yield batchOf(table, held.slice(from, from + batchRows));
    }
    if (from === 0) continue;
    held = held.slice(from);
    until -= from;
  }
  sortMoment(table, held, until, held.length);
  for (let from = 0; from < held.length; from += batchRows) {
    yield batchOf(table, held.slice(from, from + batchRows));
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
    `SELECT ${selectList(table)} FROM ${named(table.name)} ` +
    `WHERE ${conditions.join(' AND ')} ORDER BY ${time}`
  );
}

/** What is not known is NULL there and empty here. */
function oneOf(column: string, texts: readonly string[]): string {
  const known = texts.filter((text) => text !== '').map(quoted);
  const conditions = known.length === 0 ? [] : [`${column} IN (${known.join(', ')})`];
  if (texts.includes('')) conditions.push(`${column} IS NULL`);
  return `(${conditions.join(' OR ')})`;
}

function leftToCheck({ table, only }: SeriesQuery): (row: Row) => boolean {
  const checks = Object.entries(only ?? {})
    .filter(([, texts]) => !isShort(texts))
    .map(([column, texts]) => [answerPlace(table, column), new Set(texts)] as const);
  return (row) => checks.every(([place, texts]) => texts.has(textOf(row[place])));
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

/** Answers where the last moment begins; everything before it is in order. */
function sortedUntil(table: TableDeclaration, rows: Row[], from: number): number {
  const time = answerPlace(table, table.time);
  let start = from;
  for (let at = from + 1; at < rows.length; at += 1) {
    if (rows[at]?.[time] === rows[start]?.[time]) continue;
    sortMoment(table, rows, start, at);
    start = at;
  }
  return start;
}

function sortMoment(table: TableDeclaration, rows: Row[], from: number, until: number): void {
  if (until - from < 2) return;
  const ordered = rows.slice(from, until).toSorted(keyOrder(table));
  for (const [place, row] of ordered.entries()) rows[from + place] = row;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
