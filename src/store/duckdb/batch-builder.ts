import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { ColumnDeclaration, TableDeclaration } from '../../ports/time-series.ts';
import { readInt64 } from './int64-words.ts';
import type { Vectors } from './native.ts';
import type { PackedBatch, PackedColumn } from './packed-batch.ts';
import { TextWords } from './text-words.ts';

type Chunk = Parameters<Vectors['data_chunk_get_vector']>[0];
type Vector = ReturnType<Vectors['data_chunk_get_vector']>;

const TEXT_WORDS = 4;

/** Columns that hold one text in every row, by name: an answer does not bring them. */
export type SameTexts = ReadonlyMap<string, string>;

/** Puts the chunks of an answer together into batches of the rows that were asked for. */
export class BatchBuilder {
  readonly #vectors: Vectors;
  readonly #table: TableDeclaration;
  readonly #rowsMax: number;
  readonly #same: SameTexts;
  #columns: readonly ColumnBuilder[];
  #rows = 0;

  constructor(vectors: Vectors, table: TableDeclaration, rowsMax: number, same: SameTexts) {
    this.#vectors = vectors;
    this.#table = table;
    this.#rowsMax = rowsMax;
    this.#same = same;
    this.#columns = this.#fresh();
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows === this.#rowsMax;
  }

  /** Takes what there is room for, and answers how many rows those were. */
  take(chunk: Chunk, from: number): number {
    const size = this.#vectors.data_chunk_get_size(chunk);
    const taken = Math.min(size - from, this.#rowsMax - this.#rows);
    const span = { size, from, length: taken, to: this.#rows };
    let place = 0;
    for (const { take } of this.#columns) {
      if (take === undefined) continue;
      take(this.#vectors.data_chunk_get_vector(chunk, place), span);
      place += 1;
    }
    this.#rows += taken;
    return taken;
  }

  finish(): PackedBatch {
    const rows = this.#rows;
    const columns = this.#columns.map((column) => column.finish(rows));
    this.#rows = 0;
    this.#columns = this.#fresh();
    return { table: this.#table, rows, columns };
  }

  #fresh(): readonly ColumnBuilder[] {
    return this.#table.columns.map((column) => {
      const text = this.#same.get(column.name);
      if (text !== undefined) return sameColumn(text);
      return makeColumn(column, this.#vectors, this.#rowsMax);
    });
  }
}

interface Span {
  /** Rows in the chunk. */
  readonly size: number;
  readonly from: number;
  readonly length: number;
  /** Where they go. */
  readonly to: number;
}

interface ColumnBuilder {
  /** Undefined where the answer does not bring it. */
  readonly take?: (vector: Vector, span: Span) => void;
  readonly finish: (rows: number) => PackedColumn;
}

/** Every row has the only text there is. */
function sameColumn(text: string): ColumnBuilder {
  return {
    finish: (rows) => ({ kind: 'texts', codes: new Uint32Array(rows), texts: [text] }),
  };
}

function makeColumn(
  { name, kind }: ColumnDeclaration,
  vectors: Vectors,
  rowsMax: number,
): ColumnBuilder {
  switch (kind) {
    case 'symbol':
    case 'text':
      return textColumn(vectors, rowsMax);
    case 'double':
      return doubleColumn(vectors, rowsMax);
    case 'time':
    case 'whole':
      return wholeColumn(vectors, rowsMax);
    case 'truth':
      return truthColumn(vectors, rowsMax);
    case 'doubles':
      return listColumn(vectors, name, rowsMax);
  }
}

/** A bit for each row, cleared where it is NULL; undefined where none is. */
function knownBits(vectors: Vectors, vector: Vector, size: number): Uint8Array | undefined {
  // The binding answers null for "all known", whatever its declaration says.
  const bits: unknown = vectors.vector_get_validity(vector, Math.ceil(size / 64) * 8);
  return bits instanceof Uint8Array ? bits : undefined;
}

function isNull(bits: Uint8Array | undefined, row: number): boolean {
  return bits !== undefined && ((bits[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
}

function doubleColumn(vectors: Vectors, rowsMax: number): ColumnBuilder {
  const values = new Float64Array(rowsMax);
  return {
    take: (vector, { size, from, length, to }) => {
      const data = vectors.vector_get_data(vector, size * 8);
      const doubles = new Float64Array(data.buffer, data.byteOffset, size);
      values.set(doubles.subarray(from, from + length), to);
      const bits = knownBits(vectors, vector, size);
      if (bits === undefined) return;
      for (let at = 0; at < length; at += 1) {
        if (isNull(bits, from + at)) values[to + at] = Number.NaN;
      }
    },
    finish: (rows) => (rows === rowsMax ? values : values.slice(0, rows)),
  };
}

function wholeColumn(vectors: Vectors, rowsMax: number): ColumnBuilder {
  const values = new Float64Array(rowsMax);
  return {
    take: (vector, { size, from, length, to }) => {
      const data = vectors.vector_get_data(vector, size * 8);
      const words = new Uint32Array(data.buffer, data.byteOffset, size * 2);
      const bits = knownBits(vectors, vector, size);
      for (let at = 0; at < length; at += 1) {
        const row = from + at;
        values[to + at] = isNull(bits, row) ? Number.NaN : readInt64(words, row);
      }
    },
    finish: (rows) => (rows === rowsMax ? values : values.slice(0, rows)),
  };
}

function truthColumn(vectors: Vectors, rowsMax: number): ColumnBuilder {
  const values = new Uint8Array(rowsMax);
  return {
    take: (vector, { size, from, length, to }) => {
      const data = vectors.vector_get_data(vector, size);
      const bits = knownBits(vectors, vector, size);
      for (let at = 0; at < length; at += 1) {
        values[to + at] = isNull(bits, from + at) ? 0 : (data[from + at] ?? 0);
      }
    },
    finish: (rows) => (rows === rowsMax ? values : values.slice(0, rows)),
  };
}

function textColumn(vectors: Vectors, rowsMax: number): ColumnBuilder {
  const codes = new Uint32Array(rowsMax);
  const texts = new TextWords();
  const empty = new Uint32Array(TEXT_WORDS);
  return {
    take: (vector, { size, from, length, to }) => {
      const data = vectors.vector_get_data(vector, size * TEXT_WORDS * 4);
      const words = new Uint32Array(data.buffer, data.byteOffset, size * TEXT_WORDS);
      const bits = knownBits(vectors, vector, size);
      for (let at = 0; at < length; at += 1) {
        const row = from + at;
        const word = row * TEXT_WORDS;
        const bytes = words[word] ?? 0;
        if (isNull(bits, row)) codes[to + at] = texts.codeOf(empty, 0);
        else if (TextWords.isInline(bytes)) codes[to + at] = texts.codeOf(words, word);
        else {
          const pointer = data.byteOffset + word * 4 + 8;
          const long = vectors.get_data_from_pointer(arrayBufferOf(data), pointer, bytes);
          codes[to + at] = texts.codeOfBytes(long);
        }
      }
    },
    finish: (rows) => ({
      kind: 'texts',
      codes: rows === rowsMax ? codes : codes.slice(0, rows),
      texts: texts.texts,
    }),
  };
}

function arrayBufferOf({ buffer }: Uint8Array): ArrayBuffer {
  assert(buffer instanceof ArrayBuffer, "the database's memory is not shared between threads");
  return buffer;
}

/** Grows by doubling: each list is copied once, and now and then all of them. */
function listColumn(vectors: Vectors, name: string, rowsMax: number): ColumnBuilder {
  const lengths = new Uint32Array(rowsMax);
  let values = new Float64Array(1_024);
  let total = 0;
  const add = (bytes: Uint8Array): number => {
    const count = bytes.length / 8;
    if (!Number.isInteger(count)) throw notDoubles(name, bytes.length);
    if (total + count > values.length) {
      const wider = new Float64Array(Math.max(values.length * 2, total + count));
      wider.set(values.subarray(0, total));
      values = wider;
    }
    new Uint8Array(values.buffer, total * 8, bytes.length).set(bytes);
    total += count;
    return count;
  };
  return {
    take: (vector, { size, from, length, to }) => {
      const data = vectors.vector_get_data(vector, size * TEXT_WORDS * 4);
      const words = new Uint32Array(data.buffer, data.byteOffset, size * TEXT_WORDS);
      const bits = knownBits(vectors, vector, size);
      for (let at = 0; at < length; at += 1) {
        const row = from + at;
        const bytes = isNull(bits, row) ? 0 : (words[row * TEXT_WORDS] ?? 0);
        const inline = data.byteOffset + row * TEXT_WORDS * 4 + 4;
        lengths[to + at] = add(
          TextWords.isInline(bytes)
            ? new Uint8Array(data.buffer, inline, bytes)
            : vectors.get_data_from_pointer(arrayBufferOf(data), inline + 4, bytes),
        );
      }
    },
    finish: (rows) => ({
      kind: 'lists',
      lengths: lengths.slice(0, rows),
      values: values.slice(0, total),
    }),
  };
}

function notDoubles(name: string, bytes: number): StoreError {
  const message = `column ${name}: a list of doubles cannot have ${bytes} bytes`;
  return new StoreError('STORE_DAMAGED', message);
}
