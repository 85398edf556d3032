import { Worker } from 'node:worker_threads';
import { messageOf } from '../inference-error.ts';
import { type FromWorker, isFromWorker, type ToWorker, type WorkerSettings } from './protocol.ts';

/** A worker as its owner sees it. */
export interface WorkerLink {
  post(message: ToWorker): void;
  /** Ends the thread, whatever it does. Settles when it has ended. */
  terminate(): Promise<void>;
}

export interface WorkerHears {
  message(message: FromWorker): void;
  /** Once, and the last thing that is heard. */
  ended(reason: string): void;
}

export interface ThreadOptions {
  readonly settings: WorkerSettings;
  readonly hears: WorkerHears;
  /** Of JavaScript's memory; past it the thread ends. Native memory is the system's matter. */
  readonly heapMbMax: number;
}

export type OpenWorker = (options: ThreadOptions) => WorkerLink;

/**
 * Starts the worker that is beside this file: compiled as this file is, `.ts` under test and `.js`
 * in the build.
 */
export const openWorker: OpenWorker = (options) =>
  openThread(
    new URL(`./inference-worker${extensionOf(import.meta.url)}`, import.meta.url),
    options,
  );

export function openThread(entry: URL, { settings, hears, heapMbMax }: ThreadOptions): WorkerLink {
  const worker = new Worker(entry, {
    workerData: settings,
    name: 'inference',
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
  });
  let reason: string | undefined;
  worker.on('message', (message: unknown) => {
    if (isFromWorker(message)) hears.message(message);
    else reason = 'it said what the protocol does not have';
    if (reason !== undefined) void worker.terminate();
  });
  worker.on('messageerror', (error) => {
    reason = `a message of it could not be read: ${messageOf(error)}`;
    void worker.terminate();
  });
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  worker.on('exit', (code) => hears.ended(reason ?? `it ended with code ${code}`));
  return {
    post: (message) => worker.postMessage(message, []),
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function extensionOf(url: string): string {
  return url.slice(url.lastIndexOf('.'));
}
