import { StoreError } from '../../ports/store-error.ts';
import { type Questions, quoted } from './question.ts';

const PAUSE_MS_MIN = 1;
const PAUSE_MS_MAX = 50;

/**
 * Settles once readers see all that was committed to the table before the call.
 *
 * A write is answered when it stands in the table's write-ahead log and in the sequence of its
 * transactions; the server applies it to the table a moment later, in that order. The log survives
 * the death of the server's process. Whether it survives a loss of power is the server's
 * `cairo.commit.mode`: by default the operating system writes it out when it likes.
 */
export async function applied(questions: Questions, name: string, msMax: number): Promise<void> {
  const from = performance.now();
  let target: number | undefined;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    const [row] = await questions.rows(
      'SELECT sequencerTxn, writerTxn, suspended, errorMessage FROM wal_tables() ' +
        `WHERE name = ${quoted(name)}`,
    );
    if (row === undefined) {
      throw new StoreError('STORE_SCHEMA', `there is no table ${name}, or it has no WAL: migrate`);
    }
    const [sequenced, written, isSuspended, reason] = row;
    if (isSuspended === true) {
      throw new StoreError(
        'STORE_DAMAGED',
        `table ${name} is suspended: ${String(reason)}; see to the cause, then ` +
          `ALTER TABLE ${name} RESUME WAL`,
      );
    }
    target ??= Number(sequenced);
    if (Number(written) >= target) return;
    if (performance.now() - from > msMax) {
      throw new StoreError(
        'STORE_AWAY',
        `table ${name} is behind its log by more than ${msMax} ms`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
