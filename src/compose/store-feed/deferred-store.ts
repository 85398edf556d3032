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

export interface DeferredStoreOptions {
  readonly kind: TimeSeriesStore['kind'];
  readonly open: () => Promise<TimeSeriesStore>;
  /** Made, where they are missing, before anything else is asked. */
  readonly tables: readonly TableDeclaration[];
}

/**
 * A store that is opened, and its tables made, when it is first asked for something: a session
 * begins without waiting for it. What could not be opened, or has gone, is opened anew by the next
 * call, and so is one whose tables are not what they were: a server may come back as it was before.
 */
export class DeferredStore implements TimeSeriesStore {
  readonly kind: TimeSeriesStore['kind'];
  readonly #options: DeferredStoreOptions;
  #opening: Promise<TimeSeriesStore> | undefined;
  #isClosed = false;
  readonly #made = new Set<string>();

  constructor(options: DeferredStoreOptions) {
    this.#options = options;
    this.kind = options.kind;
  }

  /** Also of a table that this session has not: the spool holds rows of those before it. */
  append(batch: RowBatch): Promise<Appended> {
    return this.#asking(async (store) => {
      const { table } = batch;
      if (!this.#made.has(table.name)) {
        await store.migrate([table]);
        this.#made.add(table.name);
      }
      return store.append(batch);
    });
  }

  migrate(tables: readonly TableDeclaration[], options?: MigrateOptions): Promise<SchemaChange[]> {
    return this.#asking((store) => store.migrate(tables, options));
  }

  async *read(query: SeriesQuery): AsyncIterable<RowBatch> {
    yield* (await this.#opened()).read(query);
  }

  async *sql(text: string): AsyncIterable<SqlPage> {
    yield* (await this.#opened()).sql(text);
  }

  parts(table: TableDeclaration): Promise<readonly TablePart[]> {
    return this.#asking((store) => store.parts(table));
  }

  drop(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    return this.#asking((store) => store.drop(table, fromUs, untilUs));
  }

  status(): Promise<StoreStatus> {
    return this.#asking((store) => store.status());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening !== undefined) await closed(opening);
  }

  async #asking<Answer>(ask: (store: TimeSeriesStore) => Promise<Answer>): Promise<Answer> {
    const opening = this.#begin();
    try {
      return await ask(await opening);
    } catch (error) {
      if (isLost(error)) this.#forget(opening);
      throw error;
    }
  }

  #opened(): Promise<TimeSeriesStore> {
    return this.#asking((store) => Promise.resolve(store));
  }

  #begin(): Promise<TimeSeriesStore> {
    if (this.#isClosed) {
      return Promise.reject(new StoreError('STORE_AWAY', 'the session has closed its store'));
    }
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<TimeSeriesStore> {
    const { open, tables } = this.#options;
    this.#made.clear();
    const store = await open();
    try {
      await store.migrate(tables);
      for (const { name } of tables) this.#made.add(name);
    } catch (error) {
      await store.close().catch(() => undefined);
      throw error;
    }
    return store;
  }

  /** Only the one that failed: another call may have opened a new one by now. */
  #forget(opening: Promise<TimeSeriesStore>): void {
    if (this.#opening !== opening) return;
    this.#opening = undefined;
    void closed(opening);
  }
}

/** One that never opened, or cannot be closed any more, is gone all the same. */
async function closed(opening: Promise<TimeSeriesStore>): Promise<void> {
  await opening.then((store) => store.close()).catch(() => undefined);
}

/** A question that was refused, or a disk that is full, says nothing about the connection. */
function isLost(error: unknown): boolean {
  const code = error instanceof StoreError ? error.code : undefined;
  return code !== 'STORE_REFUSED' && code !== 'STORE_FULL';
}
