import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder, segmentOfFile } from '../store/journal/segment-names.ts';
import type { Disk } from '../ports/disk.ts';
import { SessionError } from './session-error.ts';
import { readSessionFile, type SessionFile, sessionFolder } from './session-files.ts';

const SESSIONS_MAX = 100_000;

/**
 * `replay-20131007-1`: the first number that is free in this data directory. Throws a
 * `SessionError` where a journal is there without its description: it would be written on.
 */
export function newSessionId(dataDir: string, stem: string): string {
  const disk = nodeDisk(dataDir);
  for (let number = 1; number <= SESSIONS_MAX; number += 1) {
    const name = `${stem}-${number}`;
    if (isFree(disk, name)) return name;
  }
  throw new Error(`${dataDir} holds ${SESSIONS_MAX} sessions named ${stem}: clear it out`);
}

/**
 * Sessions of a kind that were killed rather than ended, the newest last: the next start goes on
 * with one. Throws a `SessionError` where a session cannot be read: it might be one, with
 * positions open.
 */
export function unfinishedSessions(
  dataDir: string,
  wanted: SessionFile['kind'],
): readonly SessionFile[] {
  const disk = nodeDisk(dataDir);
  return disk
    .folders('sessions')
    .flatMap((name) => (isFree(disk, name) ? [] : (readSessionFile(disk, name) ?? [])))
    .filter(({ kind, ended }) => kind === wanted && ended === undefined)
    .toSorted((left, right) => left.startedUs - right.startedUs);
}

/** False where a session is described; throws where there is one, or its remains, that is not. */
function isFree(disk: Disk, name: string): boolean {
  const path = `${sessionFolder(name)}/session.json`;
  if (!disk.exists(path)) {
    if (disk.list(journalFolder(name)).every((file) => segmentOfFile(file) === undefined)) {
      return true;
    }
    const message = `${sessionFolder(name)} holds a journal, but ${path} is not there`;
    throw new SessionError('SESSION_UNREADABLE', message);
  }
  if (readSessionFile(disk, name) !== undefined) return false;
  throw new SessionError('SESSION_UNREADABLE', `${path} is no description of a session`);
}
