import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/** 5 s: five times what a claim may take. A gate that stands longer has nobody behind it. */
const POLLS_OF_ONE_OWNER_MAX = 200;
const POLLS_MAX = 600;

/**
 * Lets one process at a time decide who owns a data directory. Without it two starters could both
 * find a dead socket, and the slower one would remove the socket that the quicker one just bound.
 *
 * The gate is a file that exists for the milliseconds of a claim. One left by a process that died
 * in them is removed. Answers the function that leaves; undefined where others kept it too long.
 */
export async function enterGate(path: string): Promise<(() => void) | undefined> {
  let owner: string | undefined;
  let pollsOfOwner = 0;
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    if (tryEnter(path)) return () => rmSync(path, { force: true });
    const seen = identityOf(path);
    pollsOfOwner = seen === owner ? pollsOfOwner + 1 : 0;
    owner = seen;
    const isAbandoned = pollsOfOwner >= POLLS_OF_ONE_OWNER_MAX || isOwnerDead(path);
    if (seen !== undefined && isAbandoned) removeAbandoned(path, seen);
    else await delay(POLL_MS);
  }
  return undefined;
}

function tryEnter(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Tells one gate from the next at the same path; survives a rename. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.mtimeNs}`;
}

function isOwnerDead(path: string): boolean {
  try {
    const text = readFileSync(path, 'utf8');
    // Created but not yet filled: its owner is at work.
    if (!/^\d+$/.test(text)) return false;
    process.kill(Number(text), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Taken aside before it is looked at again, so that of two removers one finds nothing. */
function removeAbandoned(path: string, seen: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    // Somebody else removed it first and has just entered: this is theirs.
    if (identityOf(aside) !== seen) linkSync(aside, path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
