import { DecodeError } from '../core/bytes.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import {
  sessionFolder,
  sessionReader,
  readSessionFile,
  type SessionFile,
} from './session-files.ts';

const SESSIONS_MAX = 100_000;

/** `replay-20131007-1`: the first number that is free in this data directory. */
export function newSessionId(dataDir: string, stem: string): string {
  const disk = nodeDisk(dataDir);
  for (let number = 1; number <= SESSIONS_MAX; number += 1) {
    const name = `${stem}-${number}`;
    if (!disk.exists(`${sessionFolder(name)}/session.json`)) return name;
  }
  throw new Error(`${dataDir} holds ${SESSIONS_MAX} sessions named ${stem}: clear it out`);
}

/**
 * The newest demo that was killed rather than ended: the next start goes on with it. Throws a
 * `DecodeError` where a session cannot be read: it might be the one, with positions open.
 */
export function unfinishedDemo(dataDir: string): SessionFile | undefined {
  const disk = nodeDisk(dataDir);
  for (const name of disk.folders('sessions')) {
    const path = `${sessionFolder(name)}/session.json`;
    if (disk.exists(path) && readSessionFile(disk, name) === undefined) {
      throw new DecodeError(`${path} is no description of a session`, 0);
    }
  }
  const newest = sessionReader(disk)
    .list()
    .findLast(({ kind }) => kind === 'demo');
  const file = newest === undefined ? undefined : readSessionFile(disk, newest.sessionId);
  return file?.endedReason === undefined ? file : undefined;
}
