import { rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashText } from '../../core/hash.ts';
import {
  claimDataDirectory,
  DataDirectoryError,
  type EngineDoor,
} from '../../store/journal/session-lock.ts';
import { LiveError } from './live-error.ts';

export interface AccountLease {
  release(): Promise<void>;
}

/**
 * Makes this process the only one of the machine that trades an account, whatever its data
 * directory: two books of one account are both wrong (H6). Gone with the process, however it ends.
 * Rejects with a `LiveError` that names the holder where there is one.
 */
export async function leaseAccount(
  fingerprint: string,
  describe: EngineDoor['describe'],
): Promise<AccountLease> {
  const directory = join(tmpdir(), `strata-account-${hashText(fingerprint)}`);
  const answer = async () => ({ isOk: false, reason: 'this is no data directory' });
  try {
    const claim = await claimDataDirectory(directory, { describe, answer, fault: () => undefined });
    return {
      async release() {
        await claim.release();
        removeEmpty(directory);
      },
    };
  } catch (error) {
    if (!(error instanceof DataDirectoryError)) throw error;
    const who = error.holder;
    const by = who === undefined ? 'another process' : `process ${who.pid}, ${who.sessionId}`;
    const message = `account ${fingerprint} is traded by ${by} already`;
    throw new LiveError('LIVE_ACCOUNT_HELD', message, { cause: error });
  }
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Claimed by the next one already, or gone.
  }
}
