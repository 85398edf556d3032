import { MS } from '../core/time.ts';
import { StoreError } from '../ports/store-error.ts';
import { claimDataDirectory, DataDirectoryError, holderOf } from '../store/journal/session-lock.ts';

/** While it works no engine starts on the directory, and where one runs it does not begin. */
export async function owningDirectory<T>(
  dataDir: string,
  verb: string,
  work: () => Promise<T>,
): Promise<T> {
  const claim = await claimFor(dataDir, verb);
  try {
    return await work();
  } finally {
    await claim.release();
  }
}

/** Who has the directory, in words; undefined where nobody has. */
export async function holderText(dataDir: string): Promise<string | undefined> {
  const holder = await holderOf(dataDir);
  return holder === undefined ? undefined : `process ${holder.pid}, session ${holder.sessionId}`;
}

async function claimFor(dataDir: string, verb: string) {
  const sinceUs = Date.now() * MS;
  try {
    return await claimDataDirectory(dataDir, {
      describe: () => ({ sessionId: `strata store ${verb}`, sinceUs }),
      answer: async () => ({ isOk: false, reason: `strata store ${verb} works here, no engine` }),
      // It is asked for its name alone, and that does not fail.
      fault: () => undefined,
    });
  } catch (error) {
    if (!(error instanceof DataDirectoryError) || error.code !== 'DATA_DIRECTORY_HELD') throw error;
    const message = `${error.message}; strata store ${verb} needs it for itself`;
    throw new StoreError('STORE_LOCKED', message, { cause: error });
  }
}
