import { JournalError } from '../../store/journal/journal-error.ts';
import type { JournalWriter } from '../../store/journal/journal-writer.ts';
import { DataDirectoryError } from '../../store/journal/session-lock.ts';

export function takenAway(directory: string): DataDirectoryError {
  return new DataDirectoryError('DATA_DIRECTORY_HELD', `${directory} was taken away from us`);
}

/** Its files can be written on, and nobody will ever read them. */
export function journalGone(folder: string): JournalError {
  return new JournalError('JOURNAL_FAILED', `${folder} was taken away`);
}

/** What would no longer be recorded is not done. */
export function fullJournal({ totalBytes }: JournalWriter, bytesMax: number): JournalError {
  const used = `${totalBytes} of journal.bytesMax, ${bytesMax}`;
  return new JournalError('JOURNAL_FULL', `the journal has used its budget: ${used}`);
}
