import { StoreError } from '../../ports/store-error.ts';
import { claimDataDirectory, type Claim, DataDirectoryError } from '../journal/session-lock.ts';
import { faultOf, storeErrorOf } from './sql-fault.ts';

/**
 * One process at a time: the embedded database does not look whether another has its files, and
 * two would destroy them. The claim is a bound socket, as that of a data directory is, so what a
 * dead process left is no lock.
 */
export async function lockDirectory(directory: string): Promise<Claim> {
  const sinceUs = Date.now() * 1_000;
  try {
    return await claimDataDirectory(directory, {
      describe: () => ({ sessionId: 'of the relational store', sinceUs }),
      answer: async () => ({ isOk: false, reason: 'a store takes no commands' }),
      // A store is asked for its name alone, and that does not fail.
      fault: () => undefined,
    });
  } catch (error) {
    if (error instanceof DataDirectoryError) {
      const isHeld = error.code === 'DATA_DIRECTORY_HELD';
      throw new StoreError(isHeld ? 'STORE_LOCKED' : 'STORE_REFUSED', error.message);
    }
    throw storeErrorOf(faultOf(error), `PGlite in ${directory}`);
  }
}
