import type { ColumnValues, RowBatch } from '../../../../src/ports/time-series.ts';

export type Cell = number | string | readonly number[];
export type Row = Readonly<Record<string, Cell>>;

/** Takes batches as a store would, and tells the rows by table; nothing is joined by keys. */
export class RowTaker {
  readonly batches: RowBatch[] = [];

  readonly take = (batch: RowBatch): void => void this.batches.push(batch);

  get tables(): readonly string[] {
    return [...new Set(this.batches.map(({ table }) => table.name))].toSorted();
  }

  rows(name: string): readonly Row[] {
    return this.batches.filter(({ table }) => table.name === name).flatMap(rowsOf);
  }

  /** As a table would hold them: the last of those with equal keys, in order of time and keys. */
  kept(name: string): readonly Row[] {
    const found = this.batches.filter(({ table }) => table.name === name);
    const table = found[0]?.table;
    if (table === undefined) return [];
    const keyOf = (row: Row): string =>
      JSON.stringify([table.time, ...table.keys].map((column) => row[column]));
    const last = new Map(found.flatMap(rowsOf).map((row) => [keyOf(row), row]));
    return [...last].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  }
}

export function rowsOf({ table, rows, columns }: RowBatch): readonly Row[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(table.columns.map(({ name }, at) => [name, cellOf(columns[at], row)])),
  );
}

function cellOf(values: ColumnValues | undefined, row: number): Cell {
  const value = values?.[row];
  if (value instanceof Float64Array) return [...value];
  return value ?? 'missing';
}
