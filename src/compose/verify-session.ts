import { Config } from '../cli/config-schema.ts';
import { recover } from '../actors/runtime/recovery.ts';
import { type Verified, verify } from '../actors/runtime/verify.ts';
import type { Disk } from '../ports/disk.ts';
import type { JournalRecord } from '../ports/journal.ts';
import { readJournal } from '../store/journal/journal-reader.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { buildId, nodeMajor } from './build-id.ts';
import { makeKernel } from './open-session.ts';
import type { SessionFile } from './session-files.ts';

export type Verification =
  | { readonly kind: 'verified'; readonly result: Verified }
  /** Another build, config or Node decided; to decide anew is `replay`, not `verify`. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Feeds a session's recorded inputs to a kernel like its own and compares every decision. */
export function verifySession(
  disk: Disk,
  file: SessionFile,
  progress?: (records: number) => void,
): Verification {
  const folder = journalFolder(file.sessionId);
  const reason = otherHeader(disk, folder, file);
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
  return { kind: 'verified', result };
}

function otherHeader(disk: Disk, folder: string, file: SessionFile): string | undefined {
  const build = buildId();
  const major = nodeMajor();
  const { segments } = readJournal(disk, folder, () => undefined);
  for (const segment of segments) {
    const where = `life ${segment.life}`;
    if (segment.buildId !== build) return `${where} was written by build ${segment.buildId}`;
    if (segment.nodeMajor !== major) return `${where} ran on Node ${segment.nodeMajor}`;
    if (segment.configHash !== file.configHash) return `${where} had another configuration`;
  }
  return undefined;
}
