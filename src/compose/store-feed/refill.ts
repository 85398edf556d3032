import { recover } from '../../actors/runtime/recovery.ts';
import { Config } from '../../cli/config-schema.ts';
import type { Disk } from '../../ports/disk.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import { readJournal } from '../../store/journal/journal-reader.ts';
import { journalFolder } from '../../store/journal/segment-names.ts';
import { makeKernel } from '../make-kernel.ts';
import type { SessionFile } from '../session-files.ts';
import { bound } from './learned-state.ts';
import type { StoreFeed } from './store-feed.ts';

/**
 * Makes all rows of a session from its journal: those that its feed made while it ran, to the bit,
 * where the build is the same. Another build's rows learn the same events in their own way.
 */
export function retellSession(disk: Disk, file: SessionFile, feed: StoreFeed): void {
  const folder = journalFolder(file.sessionId);
  const read = (visit: (record: JournalRecord) => void) => void readJournal(disk, folder, visit);
  read((record) => feed.retell(record));
  feed.endRetelling();
  const kernel = bound(makeKernel(file, Config.parse(file.config)), feed);
  recover({
    kernel,
    read,
    heard: (sequence, items, nowUs) => feed.learn(sequence, items, nowUs),
  });
  feed.finish();
}
