import type { RowBatch } from '../../ports/time-series.ts';

/**
 * Whether a zero with a sign is in a column of doubles, or of lists of them. DuckDB's dictionary of
 * a Parquet file takes both zeros for one value: such rows need a file without, which is a third
 * larger where prices repeat, and slower to search.
 */
export function hasNegativeZero({ table, columns }: RowBatch, kind: 'double' | 'doubles'): boolean {
  return table.columns.some((column, place) => {
    if (column.kind !== kind) return false;
    const values = columns[place];
    if (values instanceof Float64Array) return isAmong(values);
    return values?.some((list: unknown) => list instanceof Float64Array && isAmong(list)) === true;
  });
}

/** For Parquet's options: what keeps zeros apart. */
export const KEEPING_SIGNS = ', DICTIONARY_SIZE_LIMIT 0';

function isAmong(values: Float64Array): boolean {
  for (const value of values) if (value === 0 && 1 / value < 0) return true;
  return false;
}
