import { Worker } from 'node:worker_threads';
import { type FromWorker, isFromWorker, type ToWorker, type WorkerSettings } from './protocol.ts';
import { messageOf } from './store-errors.ts';

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

/** Starts the worker beside this file: `.ts` under test and `.js` in the build. */
export const openWorker: OpenWorker = (settings, hears) => {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return openThread(new URL(`./duckdb-worker${extension}`, import.meta.url), settings, hears);
};

export function openThread(entry: URL, settings: WorkerSettings, hears: WorkerHears): WorkerLink {
  const worker = new Worker(entry, { workerData: settings, name: 'duckdb' });
  let reason: string | undefined;
  worker.on('message', (message: unknown) => {
    if (isFromWorker(message)) return hears.message(message);
    reason = 'it said what the protocol does not have';
    void worker.terminate();
  });
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  worker.on('exit', (code) => hears.ended(reason ?? `it ended with code ${code}`));
  return {
    post: (message, moved) => worker.postMessage(message, moved),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
