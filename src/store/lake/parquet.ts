import * as fs from 'node:fs';
import { join } from 'node:path';
import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
} from '@duckdb/node-api';
import { assert } from '../../core/assert.ts';
import type {
  ColumnKind,
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../ports/time-series.ts';
import { hasNegativeZero, KEEPING_SIGNS } from '../tables/zero-signs.ts';
import { LakeError } from './lake-error.ts';
import { readColumn } from './parquet-columns.ts';
import { parquetQuery, quoted, type ParquetQuery } from './parquet-query.ts';

type Library = typeof import('@duckdb/node-api');

/**
 * Writes and reads Parquet through DuckDB in memory. Its native part is only loaded here, so that
 * whoever has no lake needs none: `LAKE_READER_MISSING` where it is not installed.
 *
 * It fills its pages on the calling thread: a verb of the command line waits for it, an engine has
 * to ask for few rows at a time.
 */
export class Parquet {
  /** A folder that this process alone uses. */
  readonly #scratch: string;
  readonly #memoryMaxMb: number;
  #opening: Promise<Opened> | undefined;
  #files = 0;

  constructor(scratch: string, memoryMaxMb: number) {
    this.#scratch = scratch;
    this.#memoryMaxMb = memoryMaxMb;
  }

  /** The bytes of a file with these rows, compressed with zstd. */
  async encode(table: TableDeclaration, batches: readonly RowBatch[]): Promise<Uint8Array> {
    const { library, database, scratch } = await this.#open();
    const path = this.#scratchPath(scratch, 'parquet');
    const connection = await database.connect();
    try {
      await fill(library, connection, table, batches);
      const columns = table.columns.map(({ name, kind }) => TO_FILE[kind](quoted(name)));
      const order = [table.time, ...table.keys].map(quoted).join(', ');
      const rows = `SELECT ${columns.join(', ')} FROM rows ORDER BY ${order}`;
      // Lists are bytes, which a dictionary keeps apart.
      const isSigned = batches.some((batch) => hasNegativeZero(batch, 'double'));
      const options = `FORMAT parquet, COMPRESSION zstd${isSigned ? KEEPING_SIGNS : ''}`;
      await connection.run(`COPY (${rows}) TO ${text(path)} (${options})`);
      return fs.readFileSync(path);
    } catch (error) {
      throw unwritable(error, scratch);
    } finally {
      connection.closeSync();
      fs.rmSync(path, { force: true });
    }
  }

  /** Rows of files that lie on this machine, in order of time, then of the keys. */
  async *read(query: ParquetQuery): AsyncIterable<RowBatch> {
    const { database } = await this.#open();
    const connection = await database.connect();
    try {
      const held = new Held(query.table, query.batchRows);
      for await (const chunk of await connection.stream(parquetQuery(query))) {
        yield* held.add(chunk);
      }
      yield* held.rest();
    } catch (error) {
      throw unreadable(error, query.files);
    } finally {
      connection.closeSync();
    }
  }

  /** A folder for files of a moment that nobody else uses. */
  async scratchFolder(): Promise<string> {
    const path = this.#scratchPath((await this.#open()).scratch, 'fetched');
    fs.mkdirSync(path, { recursive: true });
    return path;
  }

  async close(): Promise<void> {
    // What never opened has nothing to free.
    const opened = await this.#opening?.catch(() => undefined);
    if (opened === undefined) return;
    opened.database.closeSync();
    fs.rmSync(opened.scratch, { recursive: true, force: true });
  }

  #scratchPath(scratch: string, ending: string): string {
    this.#files += 1;
    return join(scratch, `${this.#files}.${ending}`);
  }

  #open(): Promise<Opened> {
    this.#opening ??= open(this.#scratch, this.#memoryMaxMb);
    return this.#opening;
  }
}

interface Opened {
  readonly library: Library;
  readonly database: DuckDBInstance;
  readonly scratch: string;
}

async function open(folder: string, memoryMaxMb: number): Promise<Opened> {
  const library = await loadLibrary();
  fs.mkdirSync(folder, { recursive: true });
  const scratch = fs.mkdtempSync(join(folder, 'parquet-'));
  const database = await library.DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMaxMb}MB`,
    temp_directory: join(scratch, 'spill'),
    threads: '2',
  });
  return { library, database, scratch };
}

async function fill(
  library: Library,
  connection: DuckDBConnection,
  table: TableDeclaration,
  batches: readonly RowBatch[],
): Promise<void> {
  const columns = table.columns.map(({ name, kind }) => `${quoted(name)} ${STAGED[kind]}`);
  await connection.run(`CREATE TEMP TABLE rows (${columns.join(', ')})`);
  const appender = await connection.createAppender('rows');
  for (const batch of batches) append(library, appender, batch);
  appender.closeSync();
}

function append(library: Library, appender: DuckDBAppender, batch: RowBatch): void {
  const types = batch.table.columns.map((_, index) => appender.columnType(index));
  for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, batch.rows - from);
    const chunk = library.DuckDBDataChunk.create(types, rows);
    for (const [index, values] of batch.columns.entries()) {
      setColumn(library, chunk, index, values, from);
    }
    appender.appendDataChunk(chunk);
  }
}

function setColumn(
  library: Library,
  chunk: DuckDBDataChunk,
  index: number,
  values: ColumnValues,
  from: number,
): void {
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < chunk.rowCount; row += 1) {
    const value = values[from + row];
    assert(value !== undefined, 'a column has a value for each row');
    vector.setItem(row, typeof value === 'object' ? library.blobValue(bytesOf(value)) : value);
  }
  vector.flush();
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    const message = `DuckDB does not load on ${process.platform}-${process.arch}`;
    throw new LakeError('LAKE_READER_MISSING', message, { cause: error });
  }
}

/** Rows of a vector of DuckDB's. */
const CHUNK_ROWS = 2_048;

const STAGED: Readonly<Record<ColumnKind, string>> = {
  symbol: 'VARCHAR',
  text: 'VARCHAR',
  time: 'DOUBLE',
  double: 'DOUBLE',
  whole: 'DOUBLE',
  truth: 'UTINYINT',
  doubles: 'BLOB',
};

const same = (name: string): string => name;
const whole = (name: string): string => `CAST(${name} AS BIGINT)`;

/** What other readers of the file expect. A list of doubles stays bytes: bit for bit, NaN too. */
const TO_FILE: Readonly<Record<ColumnKind, (name: string) => string>> = {
  symbol: same,
  text: same,
  time: (name) => `make_timestamp(${whole(name)}) AS ${name}`,
  double: same,
  whole: (name) => `${whole(name)} AS ${name}`,
  truth: (name) => `(${name} = 1) AS ${name}`,
  doubles: same,
};

/** Gathers chunks of DuckDB's size into batches of ours. */
class Held {
  readonly #table: TableDeclaration;
  readonly #rowsMax: number;
  #chunks: DuckDBDataChunk[] = [];
  #rows = 0;

  constructor(table: TableDeclaration, rowsMax: number) {
    this.#table = table;
    this.#rowsMax = rowsMax;
  }

  *add(chunk: DuckDBDataChunk): Generator<RowBatch> {
    this.#chunks.push(chunk);
    this.#rows += chunk.rowCount;
    if (this.#rows >= this.#rowsMax) yield* this.rest();
  }

  *rest(): Generator<RowBatch> {
    const { columns } = this.#table;
    const whole: RowBatch = {
      table: this.#table,
      rows: this.#rows,
      columns: columns.map(({ kind }, index) => readColumn(kind, this.#chunks, index, this.#rows)),
    };
    this.#chunks = [];
    this.#rows = 0;
    for (let from = 0; from < whole.rows; from += this.#rowsMax) {
      yield slice(whole, from, Math.min(whole.rows, from + this.#rowsMax));
    }
  }
}

function slice(batch: RowBatch, from: number, to: number): RowBatch {
  if (from === 0 && to === batch.rows) return batch;
  const columns = batch.columns.map((values) => values.slice(from, to));
  return { table: batch.table, rows: to - from, columns };
}

function bytesOf(list: Float64Array): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** DuckDB tells a full disk in words alone. */
function unwritable(error: unknown, scratch: string): unknown {
  if (!(error instanceof Error) || !/no space left|out of space/i.test(error.message)) return error;
  return new LakeError('LAKE_FULL', `${scratch}: ${error.message}`, { cause: error });
}

function unreadable(error: unknown, files: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof LakeError) return error;
  const [first = 'a file'] = files;
  const which = files.length > 1 ? `${first} or one of ${files.length - 1} others` : first;
  const message = `${which} cannot be read: ${error.message}`;
  return new LakeError('LAKE_DAMAGED', message, { cause: error });
}
