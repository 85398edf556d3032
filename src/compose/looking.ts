import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createLookingVerbs, type JournalSize, type LookingVerbs } from '../cli/looking-verbs.ts';
import type { Terminal } from '../cli/terminal.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { readStored } from '../store/journal/segment-files.ts';
import {
  isSegmentName,
  journalFolder,
  packedName,
  segmentOfFile,
} from '../store/journal/segment-names.ts';
import { holderOf } from '../store/journal/session-lock.ts';
import { composedChecks } from './doctor-checks.ts';
import { riskFold } from './risk-fold.ts';
import { sessionReader } from './session-files.ts';

/** The verbs that only look, over the real stores. */
export function lookingVerbs(terminal: Terminal): LookingVerbs {
  return createLookingVerbs({
    terminal,
    openSessions: (dataDir) => sessionReader(nodeDisk(dataDir)),
    holderOf,
    journalSize,
    riskFold,
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    checks: composedChecks(process.env),
  });
}

/** What is compressed is unpacked for it: its file does not say how much it was. */
function journalSize(dataDir: string, sessionId: string): JournalSize {
  const folder = journalFolder(sessionId);
  const disk = nodeDisk(dataDir);
  const names = disk.list(folder);
  const sizeOf = (name: string): number => statSync(join(dataDir, folder, name)).size;
  const isPacked = (name: string): boolean => {
    const segment = segmentOfFile(name);
    return segment !== undefined && name === packedName(segment) && !names.includes(segment);
  };
  const packed = names.filter(isPacked).map((name) => {
    const { bytes, storedBytes } = readStored(disk, folder, segmentOfFile(name) ?? name);
    return { segments: 1, writtenBytes: bytes.length, storedBytes };
  });
  const whole = names.filter(isSegmentName).reduce((sum, name) => sum + sizeOf(name), 0);
  const all = packed.reduce(
    (sum, { writtenBytes, storedBytes }) => ({
      segments: sum.segments + 1,
      writtenBytes: sum.writtenBytes + writtenBytes,
      storedBytes: sum.storedBytes + storedBytes,
    }),
    { segments: 0, writtenBytes: 0, storedBytes: 0 },
  );
  return { writtenBytes: whole + all.writtenBytes, packed: all };
}
