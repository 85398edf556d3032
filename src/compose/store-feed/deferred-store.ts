import { StoreError } from '../../ports/store-error.ts';
import type {
  Appended,
  RowBatch,
  SeriesQuery,
  TableDeclaration,
  TablePart,
  TimeSeriesStore,
} from '../../ports/time-series.ts';

/** What a session does with its store. */
export type SessionStore = Pick<
  TimeSeriesStore,
  'append' | 'read' | 'unarranged' | 'arrange' | 'close'
>;

export interface DeferredStoreOptions {
  readonly open: () => Promise<TimeSeriesStore>;
  /** Made, where they are missing, before anything else is asked. */
  readonly tables: readonly TableDeclaration[];
}

/**
 * A store that is opened, and its tables made, when it is first asked for something: a session
 * begins without waiting for it. What could not be opened, or has gone, is opened anew by the next
 * call, and so is one whose tables are not what they were: a server may come back as it was before.
 */
export function deferredStore(options: DeferredStoreOptions): SessionStore {
  const store = new Deferred(options);
  return {
    append: (batch) => store.append(batch),
    read: (query) => store.read(query),
    unarranged: (table, beforeUs) => store.unarranged(table, beforeUs),
    arrange: (table, fromUs, untilUs) => store.arrange(table, fromUs, untilUs),
    close: () => store.close(),
  };
}

class Deferred {
  readonly #options: DeferredStoreOptions;
  readonly #made = new Set<string>();
  #opening: Promise<TimeSeriesStore> | undefined;
  /** Settles when the one before has let go: a file is opened by one at a time. */
  #gone: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: DeferredStoreOptions) {
    this.#options = options;
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

  async *read(query: SeriesQuery): AsyncIterable<RowBatch> {
    const store = await this.#asking((opened) => Promise.resolve(opened));
    yield* store.read(query);
  }

  unarranged(table: TableDeclaration, beforeUs: number): Promise<readonly TablePart[]> {
    return this.#asking((store) => store.unarranged(table, beforeUs));
  }

  arrange(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    return this.#asking((store) => store.arrange(table, fromUs, untilUs));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    await this.#gone;
    if (opening !== undefined) await closed(opening);
  }

  async #asking<Answer>(ask: (store: TimeSeriesStore) => Promise<Answer>): Promise<Answer> {
    const opening = this.#begin();
    let store: TimeSeriesStore | undefined;
    try {
      store = await opening;
      return await ask(store);
    } catch (error) {
      if (store === undefined || isLost(error)) this.#forget(opening);
      throw error;
    }
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
    await this.#gone;
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
    this.#gone = closed(opening);
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
