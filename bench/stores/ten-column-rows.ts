import type { ColumnValues, RowBatch, TableDeclaration } from '../../src/ports/time-series.ts';

/** Ten columns, as a bar has them: one time, one symbol, one count and seven doubles. */
export const TEN_COLUMNS: TableDeclaration = {
  name: 'bench_rows',
  tells: 'A row of the bench.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'a microsecond' },
    { name: 'symbol', kind: 'symbol', tells: 'one of 500', symbolCapacity: 1_024 },
    { name: 'place', kind: 'whole', tells: 'counts all rows' },
    ...['open', 'high', 'low', 'close', 'volume', 'vwap', 'spread'].map((name) => ({
      name,
      kind: 'double' as const,
      tells: 'a double',
    })),
  ],
  time: 'at_us',
  partition: 'day',
  keys: ['symbol', 'place'],
};

const SYMBOLS = Array.from({ length: 500 }, (_, place) => `S${place}`);
/** 2026-11-02 14:30 UTC. */
const BEGIN_US = 1_793_629_800_000_000;
const STEP_US = 100;

/** So many rows from a place on; the same place has the same row. */
export function tenColumnRows(from: number, rows: number): RowBatch {
  const atUs = new Float64Array(rows);
  const places = new Float64Array(rows);
  const symbols: string[] = [];
  const doubles = Array.from({ length: 7 }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row += 1) {
    const place = from + row;
    atUs[row] = BEGIN_US + place * STEP_US;
    places[row] = place;
    symbols.push(SYMBOLS[place % SYMBOLS.length] ?? '');
    let value = 100 + (place % 997) / 7;
    for (const column of doubles) {
      column[row] = value;
      value += 0.013;
    }
  }
  const columns: readonly ColumnValues[] = [atUs, symbols, places, ...doubles];
  return { table: TEN_COLUMNS, rows, columns };
}
