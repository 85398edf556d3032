import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './run.ts';

/**
 * The outcomes of seeds, from a first to a last, lived through in a thread of their own: coverage
 * is not taken in threads, and with it a seed takes half as long again.
 */
export async function outcomesOf(
  first: number,
  last: number,
  hear: (outcome: Outcome) => void,
): Promise<void> {
  const thread = new Worker(new URL('./seeds-thread.ts', import.meta.url), {
    workerData: { first, last },
  });
  let failure: unknown;
  thread.on('message', (outcome: Outcome) => {
    try {
      hear(outcome);
    } catch (error) {
      failure ??= error;
      void thread.terminate();
    }
  });
  // Rejects with whatever the thread dies of.
  await once(thread, 'exit');
  if (failure !== undefined) throw failure;
}
