import { createLookingVerbs, type LookingVerbs } from '../cli/looking-verbs.ts';
import type { Terminal } from '../cli/terminal.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { holderOf } from '../store/journal/session-lock.ts';
import { composedChecks } from './doctor-checks.ts';
import { journalSize } from './journal-size.ts';
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
