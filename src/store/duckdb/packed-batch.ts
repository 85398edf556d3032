import { assert, present } from '../../core/assert.ts';
import type { ColumnValues, RowBatch, TableDeclaration } from '../../ports/time-series.ts';

/**
 * A batch in few blocks of memory that go from thread to thread without a copy. Texts are numbered:
 * a symbol that stands in ten thousand rows crosses once.
 */
export interface PackedBatch {
  readonly table: TableDeclaration;
  readonly rows: number;
  readonly columns: readonly PackedColumn[];
}

export type PackedColumn = Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Texts | Lists;

export interface Texts {
  readonly kind: 'texts';
  /** For each row the place of its text. */
  readonly codes: Uint32Array<ArrayBuffer>;
  readonly texts: readonly string[];
}

export interface Lists {
  readonly kind: 'lists';
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** One after the other. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** Copies: the batch stays its owner's, who may have to send it again. */
export function packBatch({ table, rows, columns }: RowBatch): PackedBatch {
  const packed = columns.map((values, place) =>
    packColumn(values, rows, table.columns[place]?.kind === 'doubles'),
  );
  return { table, rows, columns: packed };
}

export function unpackBatch({ rows, columns }: PackedBatch, table: TableDeclaration): RowBatch {
  return { table, rows, columns: columns.map(unpackColumn) };
}

/** What is moved and not copied when the batch is posted. */
export function buffersOf({ columns }: PackedBatch): ArrayBuffer[] {
  return columns.flatMap((column) => {
    if (isNumbers(column)) return [column.buffer];
    return column.kind === 'texts'
      ? [column.codes.buffer]
      : [column.lengths.buffer, column.values.buffer];
  });
}

export function isNumbers(
  column: PackedColumn,
): column is Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer> {
  return column instanceof Float64Array || column instanceof Uint8Array;
}

function packColumn(values: ColumnValues, rows: number, isLists: boolean): PackedColumn {
  if (values instanceof Float64Array || values instanceof Uint8Array) {
    return copyOf(values, rows);
  }
  return isLists ? packLists(values, rows) : packTexts(values, rows);
}

function copyOf(
  values: Float64Array | Uint8Array,
  rows: number,
): Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer> {
  const copy = values instanceof Float64Array ? new Float64Array(rows) : new Uint8Array(rows);
  copy.set(values.length === rows ? values : values.subarray(0, rows));
  return copy;
}

type Listed = readonly (string | Float64Array)[];

function packTexts(values: Listed, rows: number): Texts {
  const codes = new Uint32Array(rows);
  const places = new Map<string, number>();
  const texts: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const text = values[row];
    assert(typeof text === 'string', 'a column of texts holds texts');
    let code = places.get(text);
    if (code === undefined) {
      code = texts.push(text) - 1;
      places.set(text, code);
    }
    codes[row] = code;
  }
  return { kind: 'texts', codes, texts };
}

function packLists(values: Listed, rows: number): Lists {
  const lengths = Uint32Array.from({ length: rows }, (_, row) => values[row]?.length ?? 0);
  const packed = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    const list = values[row];
    assert(list instanceof Float64Array, 'a column of lists holds lists');
    packed.set(list, at);
    at += list.length;
  }
  return { kind: 'lists', lengths, values: packed };
}

/** By pushing: `Array.from` of numbers takes ten times as long. */
function unpackTexts({ codes, texts }: Texts): readonly string[] {
  const all: string[] = [];
  for (const code of codes) all.push(present(texts[code], 'a numbered text'));
  return all;
}

function unpackColumn(column: PackedColumn): ColumnValues {
  if (isNumbers(column)) return column;
  if (column.kind === 'texts') {
    return unpackTexts(column);
  }
  let at = 0;
  return Array.from(column.lengths, (length) => {
    at += length;
    return column.values.slice(at - length, at);
  });
}
