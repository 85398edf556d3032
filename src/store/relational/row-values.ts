import { StoreError } from '../../ports/store-error.ts';
import type { SqlRow } from './database.ts';

/** What a row must have: who altered the table so that it has not is told which column. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (value === undefined) throw unreadable(column, 'nothing', 'a value');
  return value;
}

export function whole(row: SqlRow, column: string): number {
  const value = text(row, column);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw unreadable(column, value, 'a whole number');
  return number;
}

export function double(row: SqlRow, column: string): number {
  return Number(text(row, column));
}

export function truth(row: SqlRow, column: string): boolean {
  return text(row, column) === 't';
}

export function oneOf<T extends string>(row: SqlRow, column: string, known: readonly T[]): T {
  const value = text(row, column);
  const found = known.find((one) => one === value);
  if (found === undefined) throw unreadable(column, value, `one of ${known.join(', ')}`);
  return found;
}

/** An absent field is left out: `...maybe(row, 'until_us', whole, 'untilUs')`. */
export function maybe<K extends string, V>(
  row: SqlRow,
  column: string,
  read: (row: SqlRow, column: string) => V,
  field: K,
): { readonly [P in K]?: V };
export function maybe<V>(
  row: SqlRow,
  column: string,
  read: (row: SqlRow, column: string) => V,
  field: string,
): Readonly<Record<string, V>> {
  return row[column] === undefined ? {} : { [field]: read(row, column) };
}

/** At most so many rows where nobody says how many: an answer fits in memory. */
export const LIST_MAX = 1_000;

function unreadable(column: string, found: string, expected: string): StoreError {
  const message = `column ${column} holds ${found.slice(0, 100)}, not ${expected}`;
  return new StoreError('STORE_SCHEMA', message);
}
