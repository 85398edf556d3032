import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { assert } from '../../core/assert.ts';
import type { ColumnKind, ColumnValues } from '../../ports/time-series.ts';

/** One column of chunks that follow each other, as a batch has it. */
export function readColumn(
  kind: ColumnKind,
  chunks: readonly DuckDBDataChunk[],
  index: number,
  rows: number,
): ColumnValues {
  switch (kind) {
    case 'time':
    case 'double':
    case 'whole':
      return fill(new Float64Array(rows), chunks, index);
    case 'truth':
      return fill(new Uint8Array(rows), chunks, index);
    case 'symbol':
    case 'text':
      return each(chunks, index, textOf);
    case 'doubles':
      return each(chunks, index, doublesOf);
  }
}

function fill<Values extends Float64Array | Uint8Array>(
  into: Values,
  chunks: readonly DuckDBDataChunk[],
  index: number,
): Values {
  let at = 0;
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(index);
    for (let row = 0; row < vector.itemCount; row += 1, at += 1) {
      const value = vector.getItem(row);
      assert(typeof value === 'number', 'the query answers numbers');
      into[at] = value;
    }
  }
  return into;
}

function each<Value>(
  chunks: readonly DuckDBDataChunk[],
  index: number,
  valueOf: (vector: DuckDBVector, row: number) => Value,
): Value[] {
  const values: Value[] = [];
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(index);
    for (let row = 0; row < vector.itemCount; row += 1) values.push(valueOf(vector, row));
  }
  return values;
}

function textOf(vector: DuckDBVector, row: number): string {
  const value = vector.getItem(row);
  assert(typeof value === 'string', 'the query answers texts');
  return value;
}

/** Copied: DuckDB's bytes go with its chunk, and need not lie where doubles may. */
function doublesOf(vector: DuckDBVector, row: number): Float64Array {
  const value = vector.getItem(row);
  assert(
    typeof value === 'object' && value !== null && 'bytes' in value,
    'the query answers bytes',
  );
  const { bytes } = value;
  assert(bytes instanceof Uint8Array && bytes.length % 8 === 0, 'a list of doubles is whole');
  return new Float64Array(new Uint8Array(bytes).buffer);
}
