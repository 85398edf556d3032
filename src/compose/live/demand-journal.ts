import { statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDisk } from '../../store/journal/node-disk.ts';
import { journalFolder, segmentOfFile } from '../../store/journal/segment-names.ts';
import { SessionError } from '../session-error.ts';

/** Begun anew under its name it would take its own positions for a stranger's. */
export function demandJournal(dataDir: string, sessionId: string): void {
  const folder = journalFolder(sessionId);
  // The first segment is there, with its header, before the session does anything; by now it may
  // be compressed, and the one that was just begun may hold nothing.
  const isThere = nodeDisk(dataDir)
    .list(folder)
    .filter((name) => segmentOfFile(name) !== undefined)
    .some((name) => statSync(join(dataDir, folder, name)).size > 0);
  if (isThere) return;
  const message = `${sessionId} was killed, and its journal is gone: ${folder}`;
  throw new SessionError('SESSION_INCOMPLETE', message);
}
