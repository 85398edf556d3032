import { Config } from '../cli/config-schema.ts';
import { recover } from '../actors/runtime/recovery.ts';
import { type Verified, verify } from '../actors/runtime/verify.ts';
import type { Disk } from '../ports/disk.ts';
import type { JournalRecord } from '../ports/journal.ts';
import { type JournalContents, readJournal } from '../store/journal/journal-reader.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { buildId, nodeMajor } from './build-id.ts';
import { makeKernel } from './make-kernel.ts';
import { SessionError } from './session-error.ts';
import type { SessionFile } from './session-files.ts';

export type Verification =
  | { readonly kind: 'verified'; readonly result: Verified }
  /** Another build, config or Node decided; to decide anew is `replay`, not `verify`. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Feeds a session's recorded inputs to a kernel like its own and compares every decision. Throws a
 * `SessionError` where the journal is not all that the session wrote: what is left may well agree.
 */
export function verifySession(
  disk: Disk,
  file: SessionFile,
  progress?: (records: number) => void,
): Verification {
  const folder = journalFolder(file.sessionId);
  const contents = readJournal(disk, folder, () => undefined);
  demandWhole(contents, file);
  const reason = otherHeader(contents, file);
  if (reason !== undefined) return { kind: 'refused', reason };
  const config = Config.parse(file.config);
  const read = (visit: (record: JournalRecord) => void) => void readJournal(disk, folder, visit);
  const result = verify({
    read,
    makeKernel: () => makeKernel(file, config),
    configHash: file.configHash,
    // From the beginning: snapshots of that moment are gone, and state from facts is the same.
    recoverBefore: (kernel, before) => recover({ kernel, read, before }),
    ...(progress === undefined ? {} : { progress }),
  });
  demandStatedEnd(result, file);
  return { kind: 'verified', result };
}

/** Only the end of a session can tell that its journal once was longer. */
function demandWhole({ records, tail }: JournalContents, file: SessionFile): void {
  const { sessionId, ended } = file;
  const torn =
    tail === 'clean' ? '' : `; ${tail.segment} is torn at byte ${tail.offset}: ${tail.reason}`;
  const refuse = (what: string): never => {
    throw new SessionError('SESSION_INCOMPLETE', `${sessionId} ${what}${torn}`);
  };
  if (ended === undefined) {
    if (records === 0) refuse('has no record in its journal');
    return;
  }
  const stated = `ended with ${ended.records} records ("${ended.reason}")`;
  if (records === 0) refuse(`${stated}, and its journal holds none`);
  if (records !== ended.records) refuse(`${stated}, and its journal holds ${records}`);
  if (torn !== '') refuse(stated);
}

function demandStatedEnd({ decisionHash, divergence }: Verified, file: SessionFile): void {
  const { sessionId, ended } = file;
  if (ended === undefined || divergence !== undefined) return;
  if (decisionHash === ended.decisionHash) return;
  const hashes = `decision hash ${ended.decisionHash}, and its journal gives ${decisionHash}`;
  throw new SessionError('SESSION_INCOMPLETE', `${sessionId} ended with ${hashes}`);
}

function otherHeader({ segments }: JournalContents, file: SessionFile): string | undefined {
  const build = buildId();
  const major = nodeMajor();
  for (const segment of segments) {
    const where = `life ${segment.life}`;
    if (segment.buildId !== build) return `${where} was written by build ${segment.buildId}`;
    if (segment.nodeMajor !== major) return `${where} ran on Node ${segment.nodeMajor}`;
    if (segment.configHash !== file.configHash) return `${where} had another configuration`;
  }
  return undefined;
}
