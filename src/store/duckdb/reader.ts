import { StoreError } from '../../ports/store-error.ts';
import type { SeriesQuery, TableDeclaration } from '../../ports/time-series.ts';
import { checkColumns } from './append-rows.ts';
import { BatchBuilder, type SameTexts } from './batch-builder.ts';
import type { Database } from './database.ts';
import type { Api, DuckDBConnection } from './native.ts';
import type { Answer } from './protocol.ts';
import { literal, quoted, timeLiteral } from './schema.ts';
import { storeErrorOf } from './store-errors.ts';

/**
 * Rows of a batch where nobody said how many: while one is unpacked the next is made, so that few
 * large ones would wait for each other.
 */
const BATCH_ROWS = 8_192;

type Chunk = InstanceType<Api['DuckDBDataChunk']>;
type Result = InstanceType<Api['DuckDBResult']>;

/** One who reads: an answer that is fetched as it is asked for, on a connection of its own. */
export interface Reader {
  next(): Promise<Answer>;
  /** Not while it fetches: `interrupt` first, and wait for that. */
  close(): void;
  interrupt(): void;
}

export async function openReader(database: Database, query: SeriesQuery): Promise<Reader> {
  const { table } = query;
  checkColumns(table, await database.knownColumnsOf(table.name));
  const same = sameTexts(query);
  const connection = await database.connect();
  try {
    const result = await connection.stream(questionOf(query, same));
    const { vectors } = database.native;
    const builder = new BatchBuilder(vectors, table, query.batchRows ?? BATCH_ROWS, same);
    return new SeriesReader(connection, result, builder);
  } catch (error) {
    connection.closeSync();
    throw storeErrorOf(error, `reading ${table.name}`);
  }
}

class SeriesReader implements Reader {
  readonly #connection: DuckDBConnection;
  readonly #result: Result;
  readonly #builder: BatchBuilder;
  #chunk: Chunk | undefined;
  #from = 0;
  #isDone = false;

  constructor(connection: DuckDBConnection, result: Result, builder: BatchBuilder) {
    this.#connection = connection;
    this.#result = result;
    this.#builder = builder;
  }

  async next(): Promise<Answer> {
    const builder = this.#builder;
    while (!builder.isFull && !this.#isDone) {
      this.#chunk ??= (await this.#result.fetchChunk()) ?? undefined;
      const chunk = this.#chunk;
      if (chunk === undefined || chunk.rowCount === 0) {
        this.#isDone = true;
        break;
      }
      this.#from += builder.take(chunk.chunk, this.#from);
      if (this.#from < chunk.rowCount) continue;
      this.#chunk = undefined;
      this.#from = 0;
    }
    return builder.rows === 0 ? { kind: 'end' } : { kind: 'batch', batch: builder.finish() };
  }

  close(): void {
    this.#connection.closeSync();
  }

  interrupt(): void {
    this.#connection.interrupt();
  }
}

/** What is asked for by one text alone holds that text in every row: nobody need bring it. */
function sameTexts({ only = {} }: SeriesQuery): SameTexts {
  const same = new Map<string, string>();
  for (const [name, [text, ...others]] of Object.entries(only)) {
    if (text !== undefined && others.length === 0) same.set(name, text);
  }
  return same;
}

/** A key that has one value in the whole answer has no part in its order. */
function questionOf(query: SeriesQuery, same: SameTexts): string {
  const { table, fromUs, untilUs, only = {} } = query;
  const time = quoted(table.time);
  const choices = Object.entries(only).map(([name, values]) => {
    const column = table.columns.find((one) => one.name === name);
    if (column === undefined || (column.kind !== 'symbol' && column.kind !== 'text')) {
      throw new StoreError('STORE_REFUSED', `${table.name} has no texts ${name} to choose by`);
    }
    // What was added later is NULL in rows of before, which is what an empty text says.
    const value = table.keys.includes(name) ? quoted(name) : `coalesce(${quoted(name)}, '')`;
    const texts = values.filter((text) => !text.includes('\0')).map(literal);
    return texts.length === 0 ? 'false' : `${value} IN (${texts.join(', ')})`;
  });
  const order = table.keys.filter((name) => !same.has(name)).map(quoted);
  return `SELECT ${broughtOf(table, same).map(quoted).join(', ')}
    FROM ${quoted(table.name)}
    WHERE ${[
      `${time} >= ${timeLiteral(fromUs)}`,
      `${time} < ${timeLiteral(untilUs)}`,
      ...choices,
    ].join(' AND ')}
    ORDER BY ${[time, ...order].join(', ')}`;
}

function broughtOf({ columns }: TableDeclaration, same: SameTexts): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => !same.has(name));
}
