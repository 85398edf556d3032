import { present } from '../../core/assert.ts';
import type {
  ColumnDeclaration,
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../ports/time-series.ts';
import { named } from './table-shape.ts';

type Row = readonly unknown[];

/**
 * Every column in the order of its declaration. Numbers come as the shortest text that is the same
 * double. What comes as null in a list is NaN or an infinity; where a list has infinities, one over
 * each of its values follows it, in which they are zeros and keep their sign.
 */
export function selectList(table: TableDeclaration): string {
  return table.columns.map(selectOf).join(', ');
}

/** Where a column is in a row of the answer. */
export function answerPlace({ columns }: TableDeclaration, name: string): number {
  let place = 0;
  for (const column of columns) {
    if (column.name === name) return place;
    place += widthOf(column);
  }
  return -1;
}

/** Rows of one moment as every store has them: by the keys, texts by their code units. */
export function keyOrder(table: TableDeclaration): (left: Row, right: Row) => number {
  const places = table.keys.map((key) => answerPlace(table, key));
  return (left, right) => {
    for (const place of places) {
      const order = compare(left[place] ?? '', right[place] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  };
}

export function batchOf(table: TableDeclaration, rows: readonly Row[]): RowBatch {
  const columns = table.columns.map((column) =>
    valuesOf(column, answerPlace(table, column.name), rows),
  );
  return { table, rows: rows.length, columns };
}

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

function widthOf({ kind }: ColumnDeclaration): number {
  return kind === 'doubles' ? 2 : 1;
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [one, other] = [String(left), String(right)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function valuesOf({ kind }: ColumnDeclaration, place: number, rows: readonly Row[]): ColumnValues {
  switch (kind) {
    case 'symbol':
    case 'text':
      return rows.map((row) => {
        const value = row[place];
        return typeof value === 'string' ? value : '';
      });
    case 'truth':
      return Uint8Array.from(rows, (row) => (row[place] === true ? 1 : 0));
    case 'doubles':
      return rows.map((row) => listOf(row[place], row[place + 1]));
    case 'time':
    case 'double':
    case 'whole':
      return doublesOf(place, rows);
  }
}

function doublesOf(place: number, rows: readonly Row[]): Float64Array {
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const value = present(rows[at], 'a row of an answer')[place];
    values[at] = typeof value === 'number' ? value : Number.NaN;
  }
  return values;
}

function listOf(list: unknown, reciprocals: unknown): Float64Array {
  if (!Array.isArray(list)) return new Float64Array(0);
  const values = Float64Array.from(list, (value: unknown) =>
    typeof value === 'number' ? value : Number.NaN,
  );
  if (!Array.isArray(reciprocals)) return values;
  for (let at = 0; at < values.length; at += 1) {
    const value: unknown = reciprocals[at];
    if (values[at] === values[at] || value !== 0) continue;
    values[at] = Object.is(value, -0) ? -Infinity : Infinity;
  }
  return values;
}
