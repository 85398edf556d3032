import type { SenderBuffer } from '@questdb/nodejs-client';
import { assert, present } from '../../core/assert.ts';
import type { ColumnDeclaration, ColumnValues, RowBatch } from '../../ports/time-series.ts';

type PutValue = (buffer: SenderBuffer, row: number) => void;

/**
 * Writes rows of a batch into the client's buffer, whose rules are: symbols first, then the other
 * columns, the time last; a value that is not known is left out. A row that throws half-way would
 * poison the buffer, so only rows that `refusedRows` let through may come here.
 */
export function rowWriter(batch: RowBatch): (buffer: SenderBuffer, row: number) => void {
  const { table, columns } = batch;
  const puts: PutValue[] = [];
  let times: Float64Array | undefined;
  const ordered = [...table.columns.entries()].toSorted(
    ([, left], [, right]) => Number(right.kind === 'symbol') - Number(left.kind === 'symbol'),
  );
  for (const [place, column] of ordered) {
    const values = present(columns[place], 'the values of a column');
    if (column.name === table.time) times = numbers(values);
    else puts.push(putOf(column, values));
  }
  const at = present(times, 'the time of a table');
  return (buffer, row) => {
    buffer.table(table.name);
    for (const put of puts) put(buffer, row);
    buffer.at(at[row] ?? 0, 'us');
  };
}

function putOf({ name, kind }: ColumnDeclaration, values: ColumnValues): PutValue {
  switch (kind) {
    case 'symbol':
      return (buffer, row) => {
        const value = textAt(values, row);
        if (value !== '') buffer.symbol(name, value);
      };
    case 'text':
      return (buffer, row) => {
        const value = textAt(values, row);
        if (value !== '') buffer.stringColumn(name, value);
      };
    case 'time':
    case 'whole':
    case 'double':
      return putNumber(name, kind, numbers(values));
    case 'truth':
      return (buffer, row) => {
        buffer.booleanColumn(name, values[row] === 1);
      };
    case 'doubles':
      return (buffer, row) => {
        const list = values[row];
        assert(list instanceof Float64Array, 'a list of doubles is one');
        // The client takes plain arrays only.
        if (list.length > 0) buffer.arrayColumn(name, [...list]);
      };
  }
}

function putNumber(
  name: string,
  kind: 'time' | 'whole' | 'double',
  values: Float64Array,
): PutValue {
  switch (kind) {
    case 'time':
      return (buffer, row) => {
        buffer.timestampColumn(name, values[row] ?? 0, 'us');
      };
    case 'whole':
      return (buffer, row) => {
        buffer.intColumn(name, values[row] ?? 0);
      };
    case 'double':
      return (buffer, row) => {
        const value = values[row] ?? Number.NaN;
        if (value === value) buffer.floatColumn(name, value);
      };
  }
}

function textAt(values: ColumnValues, row: number): string {
  const value = values[row];
  return typeof value === 'string' ? value : '';
}

function numbers(values: ColumnValues): Float64Array {
  assert(values instanceof Float64Array, 'numbers are doubles');
  return values;
}
