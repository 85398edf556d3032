import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createLookingVerbs, type LookingVerbs } from '../cli/looking-verbs.ts';
import type { Terminal } from '../cli/terminal.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
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
    journalBytes,
    riskFold,
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    checks: composedChecks(process.env),
  });
}

function journalBytes(dataDir: string, sessionId: string): number {
  const folder = journalFolder(sessionId);
  const sizes = nodeDisk(dataDir)
    .list(folder)
    .map((name) => statSync(join(dataDir, folder, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
