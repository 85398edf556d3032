import { Worker } from 'node:worker_threads';
import { placeOfCheckpoints } from './checkpoint-files.ts';
import { owningCheckpoints } from './training-claim.ts';
import { type FromTraining, isFromTraining, type TrainingSettings } from './training-protocol.ts';
import type { TrainingWord } from './run-training.ts';
import { TrainError } from './train-error.ts';

export type TrainingDone = Extract<FromTraining, { readonly kind: 'done' }>;

/**
 * Trains in a thread of its own. Rejects with what went wrong there, with its code, and where
 * another trains the same. A stop is a request: the thread ends after its step and keeps its
 * checkpoint.
 */
export async function trainInThread(
  settings: Settings,
  hears: (word: TrainingWord) => void,
  stop: AbortSignal,
): Promise<TrainingDone> {
  const folder = placeOfCheckpoints(settings.dataDir, settings.plan);
  return await owningCheckpoints(folder, () => threaded(settings, hears, stop));
}

type Settings = Omit<TrainingSettings, 'stop'>;

function threaded(
  settings: Settings,
  hears: (word: TrainingWord) => void,
  stop: AbortSignal,
): Promise<TrainingDone> {
  const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const ask = () => void Atomics.store(new Int32Array(flag), 0, 1);
  if (stop.aborted) ask();
  stop.addEventListener('abort', ask, { once: true });
  const workerData: TrainingSettings = { ...settings, stop: flag };
  const worker = new Worker(entryOf(import.meta.url), { workerData, name: 'training' });
  return new Promise<TrainingDone>((resolve, reject) => {
    worker.on('message', (word: unknown) => {
      if (!isFromTraining(word)) return reject(died('it said what the protocol does not have'));
      if (word.kind === 'done') return resolve(word);
      if (word.kind === 'failed') return reject(failure(word));
      hears(word);
    });
    worker.on('error', (error) => reject(died(error instanceof Error ? error.message : '')));
    worker.on('exit', (code) => reject(died(`it ended with code ${code}`)));
  }).finally(async () => {
    stop.removeEventListener('abort', ask);
    await worker.terminate();
  });
}

/** Compiled as this file is: `.ts` under test, `.js` in the build. */
function entryOf(url: string): URL {
  return new URL(`./training-worker${url.slice(url.lastIndexOf('.'))}`, url);
}

function died(why: string): TrainError {
  return new TrainError('TRAIN_WORKER_DIED', `the thread that trains ended: ${why}`);
}

function failure({ code, message }: Extract<FromTraining, { readonly kind: 'failed' }>): Error {
  const error = new Error(message);
  return code === '' ? error : Object.assign(error, { code });
}
