import { ScanColumns } from '../../src/domain/universe/scan-columns.ts';

/** A table of those rows, and of room for some more. */
export function scanTable(rows: readonly (readonly number[])[], width: number): ScanColumns {
  const table = new ScanColumns([...Array(width).keys()], rows.length + 3);
  rows.forEach((row, at) => table.set(at, Float64Array.from(row), 0));
  return table;
}
