import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreError } from '../../ports/store-error.ts';
import type { SqlRow, SqlValue } from './database.ts';
import {
  isThreadAnswer,
  OPENED_ID,
  type ThreadAnswer,
  type ThreadRequest,
  type ThreadSettings,
  WHOLE,
} from './pglite-protocol.ts';
import { NO_ROOM, storeErrorOf, type SqlFault } from './sql-fault.ts';

export interface PgliteThread {
  readonly isBroken: boolean;
  /** Rejects with a `StoreError`; past the deadline the thread is ended, as nobody can stop it. */
  ask(
    kind: ThreadRequest['kind'],
    text?: string,
    values?: readonly SqlValue[],
  ): Promise<readonly SqlRow[]>;
  /** At once, whatever it does; safe at any moment, as after a crash. */
  end(): Promise<void>;
}

export interface ThreadOptions extends Pick<ThreadSettings, 'directory'> {
  readonly place: string;
  readonly openMsMax: number;
  readonly statementMsMax: number;
}

interface Waiting {
  readonly resolve: (rows: readonly SqlRow[]) => void;
  readonly reject: (error: StoreError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Settles once the database is open in it; one that is not there is made. */
export async function startPgliteThread(options: ThreadOptions): Promise<PgliteThread> {
  const { directory } = options;
  if (directory !== undefined && !existsSync(join(directory, WHOLE))) {
    await (await startWorker(options, 'make')).end();
  }
  return await startWorker(options, 'serve');
}

async function startWorker(
  { place, directory, openMsMax, statementMsMax }: ThreadOptions,
  task: ThreadSettings['task'],
): Promise<PgliteThread> {
  const worker = newWorker({ directory, task });
  const waiting = new Map<number, Waiting>();
  let broken: StoreError | undefined;
  let ids = OPENED_ID;

  const fail = (error: StoreError): void => {
    broken ??= error;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    waiting.clear();
  };
  const wait = (id: number, msMax: number): Promise<readonly SqlRow[]> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `${place} gave no answer in ${msMax} ms and is opened anew`;
        fail(new StoreError('STORE_AWAY', message));
        void worker.terminate();
      }, msMax);
      waiting.set(id, { resolve, reject, timer });
    });
  worker.on('message', (message: unknown) => {
    if (!isThreadAnswer(message)) return;
    const found = waiting.get(message.id);
    if (found === undefined) return;
    waiting.delete(message.id);
    clearTimeout(found.timer);
    settle(found, message, place);
    // After this the server neither goes on nor takes back, and only a new one says so.
    if (message.kind === 'fault' && NO_ROOM.test(message.fault.message)) {
      const error = new StoreError('STORE_FULL', `${place} found no room and is opened anew`);
      fail(error);
      void worker.terminate();
    }
  });
  worker.on('error', (error) => fail(goneError(place, error.message)));
  worker.on('exit', () => fail(goneError(place, 'its thread has ended')));
  // Sockets and questions keep the process alive, the thread by itself does not.
  worker.unref();

  const thread: PgliteThread = {
    get isBroken() {
      return broken !== undefined;
    },
    ask(kind, text = '', values = []) {
      if (broken !== undefined) return Promise.reject(broken);
      ids += 1;
      const request: ThreadRequest = { id: ids, kind, text, values };
      worker.postMessage(request, []);
      return wait(ids, statementMsMax);
    },
    async end() {
      await worker.terminate();
    },
  };
  try {
    await wait(OPENED_ID, openMsMax);
    return thread;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function newWorker(workerData: ThreadSettings): Worker {
  // Beside us, under our own extension: TypeScript under test, JavaScript where it was built.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return new Worker(new URL(`./pglite-worker${extension}`, import.meta.url), { workerData });
}

function settle(found: Waiting, message: ThreadAnswer, place: string): void {
  if (message.kind === 'rows') return found.resolve(message.rows);
  const { fault } = message;
  found.reject(message.id === OPENED_ID ? openingError(fault, place) : storeErrorOf(fault, place));
}

/** It does not open: there is no room, no right, or what is there is not what it wrote. */
function openingError(fault: SqlFault, place: string): StoreError {
  const known = storeErrorOf(fault, place);
  if (known.code === 'STORE_FULL' || known.code === 'STORE_REFUSED') return known;
  const advice = 'restore the directory from a backup, or move it away to begin anew';
  const message = `${place} cannot be opened: ${fault.message}; ${advice}`;
  return new StoreError('STORE_DAMAGED', message, { cause: fault });
}

function goneError(place: string, why: string): StoreError {
  return new StoreError('STORE_AWAY', `${place} went away (${why}) and is opened anew`);
}
