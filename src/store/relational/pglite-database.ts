import { StoreError } from '../../ports/store-error.ts';
import { type Database, rowOf, type Statements } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts';
import { runTransaction } from './transaction.ts';

export interface EmbeddedOptions {
  /** Its own folder, which is made; undefined: in memory. */
  readonly directory: string | undefined;
  readonly schema: string;
  readonly statementMsMax: number;
  /** Making a new one takes some seconds on a busy machine. */
  readonly openMsMax?: number;
}

const OPEN_MS_MAX = 60_000;

/** PostgreSQL inside this process: one connection, so transactions wait for one another. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { directory, schema, statementMsMax, openMsMax = OPEN_MS_MAX } = options;
  const place = `PGlite in ${directory ?? 'memory'}`;
  const lock = directory === undefined ? undefined : await lockDirectory(directory);
  let thread: PgliteThread | undefined;
  try {
    const settings = { directory: lock?.directory, place, openMsMax, statementMsMax };
    thread = await startPgliteThread(settings);
    await thread.ask('script', `set search_path = "${schema}"`);
  } catch (error) {
    await thread?.end();
    await lock?.release();
    throw error;
  }
  return databaseOf(thread, {
    schema,
    place,
    isHeld: () => lock?.isHeld() ?? true,
    release: async () => await lock?.release(),
  });
}

interface Held {
  readonly schema: string;
  readonly place: string;
  isHeld(): boolean;
  release(): Promise<void>;
}

function databaseOf(thread: PgliteThread, { schema, place, isHeld, release }: Held): Database {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const demandLock = (): void => {
    if (isHeld()) return;
    const message = `${place}: its socket was removed by hand, so another process may have it`;
    throw new StoreError('STORE_LOCKED', message);
  };
  const sql: Statements = {
    query: async (text, values) => (await thread.ask('query', text, values)).map(rowOf),
    script: async (text) => void (await thread.ask('script', text)),
  };
  return {
    kind: 'pglite',
    schema,
    place,
    get isBroken() {
      return thread.isBroken;
    },
    query: (text, values) =>
      inTurn(async () => {
        demandLock();
        return await sql.query(text, values);
      }),
    transact: (work) =>
      inTurn(async () => {
        demandLock();
        return await runTransaction(sql, work);
      }),
    close: () => inTurn(() => close(thread, release)),
  };
}

async function close(thread: PgliteThread, release: () => Promise<void>): Promise<void> {
  try {
    if (!thread.isBroken) await thread.ask('close');
  } finally {
    await thread.end();
    await release();
  }
}
