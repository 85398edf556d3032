import type { RefusedRow, RowBatch } from '../../ports/time-series.ts';

/** Longer lists are told by their length: they are in the journal. */
const LIST_MAX = 64;

/** A refused row with all that it said: `{"table":...,"reason":...,"row":{"symbol":...}}`. */
export function noteOf({ table, columns }: RowBatch, { row, reason }: RefusedRow): unknown {
  const values = table.columns.map(({ name }, place) => [name, shown(columns[place]?.[row])]);
  return { table: table.name, reason, row: Object.fromEntries(values) };
}

/** JSON has no word for these numbers. */
function shown(value: number | string | Float64Array | undefined): unknown {
  if (value instanceof Float64Array) {
    return value.length > LIST_MAX ? `${value.length} doubles` : Array.from(value, shownNumber);
  }
  return typeof value === 'number' ? shownNumber(value) : value;
}

function shownNumber(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}
