import { resolve } from 'node:path';
import { count } from '../cli/figures.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { pickSession } from '../cli/looking-verbs.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ReplayOptions, SessionOptions } from '../cli/verbs.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { findRecordedSession } from './recorded-session.ts';
import { replayConfig } from './replay-config.ts';
import { pinModels } from './pinned-models.ts';
import { replay } from './replay.ts';
import type { RunResult } from './run-session.ts';
import { readSessionFile, sessionReader } from './session-files.ts';
import { verifySession } from './verify-session.ts';

export async function replayVerb(
  options: ReplayOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const session = findRecordedSession(resolve(options.path));
  const written = replayConfig(session, options.config);
  const resolved = pinModels(written, { dataDir: options.dataDir, terminal });
  return exitOf(await replay({ ...options, session, resolved, terminal, stop }));
}

export function verifyVerb(options: SessionOptions, terminal: Terminal): ExitCode {
  const disk = nodeDisk(options.dataDir);
  const found = pickSession(sessionReader(disk), options.session, terminal);
  const file = found === undefined ? undefined : readSessionFile(disk, found.sessionId);
  if (file === undefined) return EXIT_CODES.notFound;
  const progress = (records: number) => {
    if (!options.isJson) terminal.writeError(`${count(records)} records equal\n`);
  };
  const verification = verifySession(disk, file, progress);
  if (options.isJson) {
    terminal.write(`${JSON.stringify({ sessionId: file.sessionId, ...verification })}\n`);
  }
  const say = (text: string) => {
    if (!options.isJson) terminal.write(`${text}\n`);
  };
  if (verification.kind === 'refused') {
    say(`${file.sessionId} was not verified: ${verification.reason}`);
    say('Only the same build, configuration and Node can repeat it; `strata replay` decides anew.');
    return EXIT_CODES.mismatch;
  }
  const { records, decisionHash, divergence } = verification.result;
  if (divergence === undefined) {
    say(`${file.sessionId} verified: ${records} records, decision hash ${decisionHash}`);
    return EXIT_CODES.ok;
  }
  const { sequence, actor, field, recorded, recomputed } = divergence;
  say(`${file.sessionId} differs at record ${sequence}: actor ${actor}, ${field}`);
  say(`  recorded   ${recorded}`);
  say(`  recomputed ${recomputed}`);
  return EXIT_CODES.mismatch;
}

export function exitOf({ isFailed }: Pick<RunResult, 'isFailed'>): ExitCode {
  return isFailed ? EXIT_CODES.error : EXIT_CODES.ok;
}
