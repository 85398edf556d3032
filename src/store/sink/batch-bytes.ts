import { assert, present } from '../../core/assert.ts';
import { DecodeError } from '../../core/bytes.ts';
import type {
  ColumnKind,
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../ports/time-series.ts';

/** What the values of a batch take in memory, within some bytes a column. */
export function bytesOf({ columns, rows }: RowBatch): number {
  let bytes = 0;
  for (const values of columns) {
    if (values instanceof Float64Array) bytes += rows * 8;
    else if (values instanceof Uint8Array) bytes += rows;
    else
      for (const value of values) bytes += 8 + (typeof value === 'string' ? 1 : 8) * value.length;
  }
  return bytes;
}

/**
 * A batch as bytes, column after column, in pieces that are written one after the other: numbers as
 * they lie in memory (every machine we run on is little-endian), texts as their lengths and then
 * all of them in one piece of UTF-8. No value is looked at by itself.
 */
export function piecesOf({ columns, rows }: RowBatch): readonly Uint8Array[] {
  return columns.flatMap((values): readonly Uint8Array[] => {
    if (values instanceof Float64Array) return [bytesIn(values.subarray(0, rows))];
    if (values instanceof Uint8Array) return [values.subarray(0, rows)];
    const lengths = bytesIn(Uint32Array.from({ length: rows }, (_, at) => lengthAt(values, at)));
    if (isTexts(values)) {
      const text = Buffer.from(values.slice(0, rows).join(''), 'utf8');
      return [bytesIn(Uint32Array.of(text.length)), lengths, text];
    }
    return [lengths, ...values.slice(0, rows).map(bytesIn)];
  });
}

/** Throws a DecodeError where the bytes are not those of a batch of this table. */
export function batchFrom(table: TableDeclaration, rows: number, bytes: Uint8Array): RowBatch {
  const reader = new ColumnReader(bytes, rows);
  const columns = table.columns.map(({ kind }) => reader.column(kind));
  reader.end();
  return { table, rows, columns };
}

class ColumnReader {
  readonly #bytes: Uint8Array;
  readonly #rows: number;
  #at = 0;

  constructor(bytes: Uint8Array, rows: number) {
    this.#bytes = bytes;
    this.#rows = rows;
  }

  column(kind: ColumnKind): ColumnValues {
    switch (kind) {
      case 'time':
      case 'double':
      case 'whole':
        return this.#doubles(this.#rows);
      case 'truth':
        return this.#take(this.#rows);
      case 'symbol':
      case 'text':
        return this.#texts();
      case 'doubles':
        return Array.from(this.#lengths(this.#rows), (length) => this.#doubles(length));
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new DecodeError('there is more', this.#at);
  }

  #texts(): readonly string[] {
    const size = this.#lengths(1)[0] ?? 0;
    const lengths = this.#lengths(this.#rows);
    const text = Buffer.from(this.#take(size)).toString('utf8');
    let from = 0;
    const texts = Array.from(lengths, (length) => {
      from += length;
      return text.slice(from - length, from);
    });
    if (from !== text.length) throw new DecodeError('texts have other lengths', this.#at);
    return texts;
  }

  #doubles(count: number): Float64Array {
    return new Float64Array(this.#take(count * 8).buffer);
  }

  #lengths(count: number): Uint32Array {
    return new Uint32Array(this.#take(count * 4).buffer);
  }

  /** A copy, for numbers must lie where the machine wants them. */
  #take(count: number): Uint8Array<ArrayBuffer> {
    const from = this.#at;
    if (from + count > this.#bytes.length) throw new DecodeError('it ends too early', from);
    this.#at += count;
    return new Uint8Array(this.#bytes.subarray(from, this.#at));
  }
}

/** Batches of one declaration, one after the other. */
export function joined(batches: readonly RowBatch[]): RowBatch {
  const first = present(batches[0], 'a batch');
  if (batches.length === 1) return first;
  const columns = first.table.columns.map((_, place) =>
    joinedColumn(batches.map(({ columns, rows }) => cut(columns[place], rows))),
  );
  return { table: first.table, rows: batches.reduce((sum, { rows }) => sum + rows, 0), columns };
}

function cut(values: ColumnValues | undefined, rows: number): ColumnValues {
  assert(values !== undefined && values.length >= rows, 'a column has a value for each row');
  if (values.length === rows) return values;
  if (values instanceof Float64Array || values instanceof Uint8Array) {
    return values.subarray(0, rows);
  }
  return isTexts(values) ? values.slice(0, rows) : values.slice(0, rows);
}

function joinedColumn(parts: readonly ColumnValues[]): ColumnValues {
  if (parts.every((part) => part instanceof Float64Array)) {
    return concatenated(parts, (length) => new Float64Array(length));
  }
  if (parts.every((part) => part instanceof Uint8Array)) {
    return concatenated(parts, (length) => new Uint8Array(length));
  }
  const texts: string[] = [];
  const lists: Float64Array[] = [];
  for (const part of parts) {
    for (const value of part) {
      if (typeof value === 'string') texts.push(value);
      else if (value instanceof Float64Array) lists.push(value);
    }
  }
  return lists.length > 0 ? lists : texts;
}

function concatenated<Values extends Float64Array | Uint8Array>(
  parts: readonly Values[],
  make: (length: number) => Values,
): Values {
  const all = make(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function lengthAt(values: readonly string[] | readonly Float64Array[], at: number): number {
  return present(values[at], 'a value of a row').length;
}

function bytesIn(values: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function isTexts(values: readonly string[] | readonly Float64Array[]): values is readonly string[] {
  return values.length === 0 || typeof values[0] === 'string';
}
