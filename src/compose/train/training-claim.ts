import { rmdirSync } from 'node:fs';
import { formatTime, MS } from '../../core/time.ts';
import {
  type Claim,
  claimDataDirectory,
  DataDirectoryError,
} from '../../store/journal/session-lock.ts';
import { TrainError } from './train-error.ts';

/**
 * While it works no other training has the folder of its checkpoints: two of one plan would remove
 * each other's. What a dead process left is taken over. To be called where the thread stays free:
 * it answers who asks for its name.
 */
export async function owningCheckpoints<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const claim = await claimFor(folder);
  try {
    return await work();
  } finally {
    await claim.release();
    removeEmpty(folder);
  }
}

async function claimFor(folder: string): Promise<Claim> {
  const sinceUs = Date.now() * MS;
  try {
    return await claimDataDirectory(folder, {
      describe: () => ({ sessionId: 'strata train', sinceUs }),
      answer: async () => ({ isOk: false, reason: 'strata train works here, no engine' }),
      // It is asked for its name alone, and that does not fail.
      fault: () => undefined,
    });
  } catch (error) {
    if (!(error instanceof DataDirectoryError) || error.code !== 'DATA_DIRECTORY_HELD') throw error;
    const { holder } = error;
    const who =
      holder === undefined
        ? 'a process that does not say which it is'
        : `process ${holder.pid} since ${formatTime(holder.sinceUs)}`;
    const message = `the same is being trained by ${who}, with its checkpoints in ${folder}`;
    throw new TrainError('TRAIN_RUNNING', message, { cause: error });
  }
}

/** Where checkpoints are kept, or the next one has begun, it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is not empty.
  }
}
