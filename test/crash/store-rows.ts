import type { RowBatch } from '../../src/ports/time-series.ts';
import { bars } from '../../src/store/tables/market.ts';

export const START_US = Date.UTC(2026, 0, 2) * 1_000;
const MINUTE_US = 60_000_000;

/** Bars of which every value follows from its number, so that what is there can be told right. */
export function barRows(first: number, rows: number, symbol = 'AAPL'): RowBatch {
  const times = Float64Array.from({ length: rows }, (_, at) => START_US + (first + at) * MINUTE_US);
  const prices = [0, 1, 2, 3, 4, 5, 6].map((column) =>
    Float64Array.from({ length: rows }, (_, at) => Math.sqrt((first + at) * 7 + column)),
  );
  return {
    table: bars,
    rows,
    columns: [
      times,
      repeated(rows, symbol),
      repeated(rows, 'seeded'),
      repeated(rows, '1m'),
      ...prices,
      times.map((us) => us + MINUTE_US),
    ],
  };
}

function repeated(rows: number, text: string): readonly string[] {
  return Array.from({ length: rows }, () => text);
}
