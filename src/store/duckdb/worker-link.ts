import { Worker } from 'node:worker_threads';
import {
  type FromWorker,
  isFromWorker,
  type ToWorker,
  type WorkerSettings,
  type WorkerStart,
} from './protocol.ts';
import { messageOf } from './store-errors.ts';
import { WorkCount } from './work-count.ts';

/** A thread as its owner sees it. */
export interface WorkerLink {
  post(message: ToWorker, moved: readonly ArrayBuffer[]): void;
  /** Ends the thread, whatever it does. Settles when it has ended. */
  terminate(): Promise<void>;
}

export interface WorkerHears {
  message(message: FromWorker): void;
  /** Once, and the last thing that is heard. */
  ended(reason: string): void;
}

export type OpenWorker = (settings: WorkerSettings, hears: WorkerHears) => WorkerLink;

/** A process that ends waits so long for what its thread has begun. */
const QUIET_MS_MAX = 2_000;

/** Starts the worker beside this file: `.ts` under test and `.js` in the build. */
export const openWorker: OpenWorker = (settings, hears) => {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return openThread(new URL(`./duckdb-worker${extension}`, import.meta.url), settings, hears);
};

export function openThread(entry: URL, settings: WorkerSettings, hears: WorkerHears): WorkerLink {
  const atWork = new WorkCount();
  const workerData: WorkerStart = { settings, atWork: atWork.shared };
  const worker = new Worker(entry, { workerData, name: 'duckdb' });
  const endQuietly = (): void => atWork.end(QUIET_MS_MAX);
  process.once('exit', endQuietly);
  let reason: string | undefined;
  worker.on('message', (message: unknown) => {
    if (isFromWorker(message)) return hears.message(message);
    reason = 'it said what the protocol does not have';
    void worker.terminate();
  });
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  worker.on('exit', (code) => {
    process.off('exit', endQuietly);
    hears.ended(reason ?? `it ended with code ${code}`);
  });
  return {
    post: (message, moved) => worker.postMessage(message, moved),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
