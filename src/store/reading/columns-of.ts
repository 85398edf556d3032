import { assert } from '../../core/assert.ts';
import type { ColumnValues, RowBatch } from '../../ports/time-series.ts';

export function numbersOf(batch: RowBatch, name: string): Float64Array {
  const values = valuesOf(batch, name);
  assert(values instanceof Float64Array, `${name} is a column of numbers`);
  return values;
}

export function textsOf(batch: RowBatch, name: string): readonly string[] {
  const values = valuesOf(batch, name);
  const isNumbers = values instanceof Float64Array || values instanceof Uint8Array;
  assert(!isNumbers && areTexts(values), `${name} is a column of texts`);
  return values;
}

function areTexts(
  values: readonly string[] | readonly Float64Array[],
): values is readonly string[] {
  return values.length === 0 || typeof values[0] === 'string';
}

function valuesOf({ table, columns }: RowBatch, name: string): ColumnValues {
  const values = columns[table.columns.findIndex((column) => column.name === name)];
  assert(values !== undefined, `${table.name} has a column ${name}`);
  return values;
}
