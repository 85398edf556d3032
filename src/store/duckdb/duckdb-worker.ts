import { parentPort, workerData } from 'node:worker_threads';
import { assert, InvariantError } from '../../core/assert.ts';
import { Database } from './database.ts';
import { loadNative } from './native.ts';
import { buffersOf } from './packed-batch.ts';
import { type FromWorker, isToWorker, isWorkerStart, type ToWorker } from './protocol.ts';
import { isEndOfInstance, messageOf, storeErrorOf } from './store-errors.ts';
import { WorkCount } from './work-count.ts';
import { WorkerDatabase } from './worker-database.ts';

/**
 * The thread of the embedded store: appending blocks the thread that does it, for milliseconds. It
 * is ended where the database itself gives up, and started anew by the next who asks.
 */
assert(parentPort !== null, 'this file is the beginning of a worker');
const port = parentPort;
await serve().catch(refuse);

async function serve(): Promise<void> {
  assert(isWorkerStart(workerData), 'a worker is started with its settings');
  const { settings } = workerData;
  const atWork = new WorkCount(workerData.atWork);
  const database = await atWork.during(async () => Database.open(await loadNative(), settings));
  const answering = new WorkerDatabase(database);
  let isOver = false;
  port.on('message', (message: unknown) => {
    assert(isToWorker(message), 'a worker is sent what the protocol has');
    void answer(message);
  });
  tell({ kind: 'opened' });

  async function answer({ call, ...question }: ToWorker): Promise<void> {
    try {
      const answered = await atWork.during(() => answering.answer(question));
      tell({ call, ...answered });
      if (question.kind === 'close') end();
    } catch (error) {
      const isOurs = error instanceof InvariantError;
      const failed = isOurs ? error : storeErrorOf(error, 'the embedded store failed');
      tell({ call, kind: 'failed', code: failed.code, message: failed.message });
      if (isEndOfInstance(error) || isEndOfInstance(failed.cause)) end();
    }
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    try {
      database.close();
    } catch {
      // It was closed before, or cannot be: the end of the thread lets go of the file.
    }
    port.close();
  }
}

function refuse(error: unknown): void {
  const { code, message } = storeErrorOf(error, 'the embedded store did not open');
  tell({ kind: 'refused', code, message: message === '' ? messageOf(error) : message });
  port.close();
}

function tell(message: FromWorker): void {
  const moved = message.kind === 'batch' ? buffersOf(message.batch) : [];
  port.postMessage(message, moved);
}
