import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type {
  Appended,
  MigrateOptions,
  RowBatch,
  SchemaChange,
  SeriesQuery,
  SqlPage,
  StoreStatus,
  TableDeclaration,
  TablePart,
  TimeSeriesStore,
} from '../../ports/time-series.ts';
import { refusedRows, withoutRows } from '../tables/refused-rows.ts';
import { buffersOf, packBatch, unpackBatch } from './packed-batch.ts';
import type { Answer, Question } from './protocol.ts';
import { storeErrorOf } from './store-errors.ts';
import { WorkerCalls } from './worker-calls.ts';
import { type OpenWorker, openWorker } from './worker-link.ts';

/** Where the store of a data directory is. */
export const STORE_FILE = 'store/strata.duckdb';

export interface DuckDbOptions {
  /** Made, with its folder, where it is not there. */
  readonly file: string;
  /** What the database may hold in memory; what does not fit goes to the disk beside the file. */
  readonly memoryBytesMax?: number;
  /** Who reads much and decides nothing beside it takes more. */
  readonly threads?: number;
  /** A close that takes longer is cut off; what was acknowledged is safe. */
  readonly closeMsMax?: number;
  /** Another thread, for tests. */
  readonly openWorker?: OpenWorker;
}

const MEMORY_BYTES_MAX = 256 * 1_048_576;
// The engine decides on the others. A second one also makes each append dearer: it hands the few
// thousand rows of a batch from thread to thread.
const THREADS = 1;
const CLOSE_MS_MAX = 30_000;

/**
 * Files that this process has open. The lock of the file keeps other processes away, and not us: a
 * second thread on it would write over what the first has written.
 */
const OPEN_FILES = new Set<string>();

/**
 * The embedded store: one file, one thread of ours. Rejects with `STORE_LOCKED` where another
 * process has the file, or this one has it already, `STORE_DAMAGED` where it cannot be read, and
 * `STORE_AWAY` where the platform has no DuckDB.
 */
export async function openDuckDbStore(options: DuckDbOptions): Promise<TimeSeriesStore> {
  const file = wholePath(options.file);
  if (OPEN_FILES.has(file)) {
    throw new StoreError('STORE_LOCKED', `the store ${file} is open in this process already`);
  }
  OPEN_FILES.add(file);
  const settings = {
    file,
    memoryBytesMax: options.memoryBytesMax ?? MEMORY_BYTES_MAX,
    threads: options.threads ?? THREADS,
  };
  const calls = new WorkerCalls(settings, options.openWorker ?? openWorker);
  try {
    await calls.start();
  } catch (error) {
    OPEN_FILES.delete(file);
    throw error;
  }
  return new DuckDbStore(calls, async () => {
    await calls.stop(options.closeMsMax ?? CLOSE_MS_MAX);
    OPEN_FILES.delete(file);
  });
}

/** One name for one file, by whichever link it is reached. */
function wholePath(given: string): string {
  const path = resolve(given);
  try {
    mkdirSync(dirname(path), { recursive: true });
    return join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw storeErrorOf(error, `no folder for the store ${path}`, 'STORE_REFUSED');
  }
}

class DuckDbStore implements TimeSeriesStore {
  readonly kind = 'duckdb';
  readonly #calls: WorkerCalls;
  readonly #stop: () => Promise<void>;
  #readers = 0;
  #closing: Promise<void> | undefined;

  constructor(calls: WorkerCalls, stop: () => Promise<void>) {
    this.#calls = calls;
    this.#stop = stop;
  }

  async migrate(
    tables: readonly TableDeclaration[],
    options: MigrateOptions = {},
  ): Promise<SchemaChange[]> {
    const isDryRun = options.isDryRun ?? false;
    const answer = await this.#ask({ kind: 'migrate', tables, isDryRun });
    assert(answer.kind === 'migrated', 'a migration is answered by its changes');
    return [...answer.changes];
  }

  async append(batch: RowBatch): Promise<Appended> {
    const refused = refusedRows(batch);
    const packed = packBatch(withoutRows(batch, refused));
    await this.#ask({ kind: 'append', batch: packed }, buffersOf(packed));
    return { accepted: packed.rows, refused };
  }

  async *read(query: SeriesQuery): AsyncIterable<RowBatch> {
    for await (const answer of this.#walk((reader) => ({ kind: 'openRead', reader, query }))) {
      assert(answer.kind === 'batch', 'a reader of a table is answered by batches');
      yield unpackBatch(answer.batch, query.table);
    }
  }

  async *sql(text: string): AsyncIterable<SqlPage> {
    for await (const answer of this.#walk((reader) => ({ kind: 'openSql', reader, text }))) {
      assert(answer.kind === 'page', 'a question is answered by pages');
      yield answer.page;
    }
  }

  async parts(table: TableDeclaration): Promise<readonly TablePart[]> {
    const answer = await this.#ask({ kind: 'parts', table });
    assert(answer.kind === 'parts', 'parts are answered by parts');
    return answer.parts;
  }

  async drop(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    const answer = await this.#ask({ kind: 'drop', table, fromUs, untilUs });
    assert(answer.kind === 'dropped', 'a drop is answered by its rows');
    return answer.rows;
  }

  async unarranged(table: TableDeclaration, beforeUs: number): Promise<readonly TablePart[]> {
    const answer = await this.#ask({ kind: 'unarranged', table, beforeUs });
    assert(answer.kind === 'parts', 'parts are answered by parts');
    return answer.parts;
  }

  async arrange(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    const answer = await this.#ask({ kind: 'arrange', table, fromUs, untilUs });
    assert(answer.kind === 'arranged', 'an arrangement is answered by its rows');
    return answer.rows;
  }

  async status(): Promise<StoreStatus> {
    const answer = await this.#ask({ kind: 'status' });
    assert(answer.kind === 'status', 'a status is answered by a status');
    return answer.status;
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  /** The next batch is made while this one is used. */
  async *#walk(question: (reader: number) => Question): AsyncIterable<Answer> {
    this.#readers += 1;
    const reader = this.#readers;
    await this.#ask(question(reader));
    const { life } = this.#calls;
    let isOpen = true;
    let coming = this.#next(reader, life);
    try {
      for (;;) {
        const answer = await coming;
        if (answer.kind === 'end') {
          isOpen = false;
          return;
        }
        coming = this.#next(reader, life);
        yield answer;
      }
    } finally {
      // Nobody waits for it when the reader is left.
      coming.catch(() => undefined);
      if (isOpen && life === this.#calls.life) {
        await this.#calls.ask({ kind: 'closeReader', reader }).catch(() => undefined);
      }
    }
  }

  async #next(reader: number, life: number): Promise<Answer> {
    if (life !== this.#calls.life) {
      throw new StoreError('STORE_AWAY', 'the thread of the store ended while it was read');
    }
    return this.#ask({ kind: 'next', reader });
  }

  #ask(question: Question, moved: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#closing !== undefined) {
      return Promise.reject(new StoreError('STORE_AWAY', 'the store is closed'));
    }
    return this.#calls.ask(question, moved);
  }
}
