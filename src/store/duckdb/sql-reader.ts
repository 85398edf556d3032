import { StoreError } from '../../ports/store-error.ts';
import type { SqlValue } from '../../ports/time-series.ts';
import type { Database } from './database.ts';
import { isoTime } from './iso-time.ts';
import type { Api, DuckDBConnection } from './native.ts';
import type { Answer } from './protocol.ts';
import type { Reader } from './reader.ts';
import { storeErrorOf } from './store-errors.ts';

type Result = InstanceType<Api['DuckDBResult']>;

/**
 * A person's question, in a transaction that cannot write, of one statement that only reads. The
 * database itself is kept from files, the network and its own settings (`database.ts`).
 */
export async function openSqlReader(database: Database, text: string): Promise<Reader> {
  const connection = await database.connect();
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const result = await ask(database.native.api, connection, text);
    return new SqlReader(database.native.api, connection, result);
  } catch (error) {
    connection.closeSync();
    throw storeErrorOf(error, 'the question was refused', 'STORE_REFUSED');
  }
}

async function ask(api: Api, connection: DuckDBConnection, text: string): Promise<Result> {
  const statements = await connection.extractStatements(text).catch((error: unknown) => {
    // Of a text without a statement it has nothing to say.
    if (error instanceof Error && error.message.includes('native callback')) return undefined;
    throw error;
  });
  if (statements?.count !== 1) {
    const count = statements?.count ?? 0;
    throw new StoreError('STORE_REFUSED', `a question is one statement, this holds ${count}`);
  }
  const prepared = await statements.prepare(0);
  try {
    const { SELECT, EXPLAIN } = api.StatementType;
    const type = prepared.statementType;
    if (type !== SELECT && type !== EXPLAIN) {
      const name = api.StatementType[type];
      throw new StoreError('STORE_REFUSED', `a question only reads, and ${name} does not`);
    }
    return await prepared.stream();
  } finally {
    prepared.destroySync();
  }
}

class SqlReader implements Reader {
  readonly #api: Api;
  readonly #connection: DuckDBConnection;
  readonly #result: Result;
  #pages = 0;

  constructor(api: Api, connection: DuckDBConnection, result: Result) {
    this.#api = api;
    this.#connection = connection;
    this.#result = result;
  }

  async next(): Promise<Answer> {
    try {
      const chunk = (await this.#result.fetchChunk()) ?? undefined;
      const isOver = chunk === undefined || chunk.rowCount === 0;
      // An answer without rows has names too.
      if (isOver && this.#pages > 0) return { kind: 'end' };
      this.#pages += 1;
      const names = this.#result.columnNames();
      const rows = isOver ? [] : chunk.getRows();
      const page = { names, rows: rows.map((row) => row.map((one) => sqlValue(this.#api, one))) };
      return { kind: 'page', page };
    } catch (error) {
      throw storeErrorOf(error, 'the question failed', 'STORE_REFUSED');
    }
  }

  close(): void {
    this.#connection.closeSync();
  }

  interrupt(): void {
    this.#connection.interrupt();
  }
}

function sqlValue(api: Api, value: unknown): SqlValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    default:
      return valueOfClass(api, value);
  }
}

function valueOfClass(api: Api, value: unknown): SqlValue {
  if (value === undefined || value === null) return undefined;
  if (value instanceof api.DuckDBTimestampValue || value instanceof api.DuckDBTimestampTZValue) {
    return value.isFinite ? isoTime(value.micros) : String(value);
  }
  if (value instanceof api.DuckDBDecimalValue) return value.toDouble();
  if (value instanceof api.DuckDBListValue || value instanceof api.DuckDBArrayValue) {
    return value.items.map((item) => sqlValue(api, item));
  }
  if (value instanceof api.DuckDBBlobValue) return bytesValue(value.bytes);
  // Dates, spans, structures: as the database writes them.
  return String(value);
}

/** Bytes in our tables are lists of doubles; what cannot be one is shown as hex digits. */
function bytesValue(bytes: Uint8Array): SqlValue {
  if (bytes.length % 8 !== 0) return Buffer.from(bytes).toString('hex');
  // A copy: the doubles have to begin at a whole one.
  return [...new Float64Array(new Uint8Array(bytes).buffer)];
}
