import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { visitSession } from '../cli/read-session.ts';
import type { SessionView } from '../cli/session-view.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { readJournal } from '../store/journal/journal-reader.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { marketId, type OpenedMarket } from './market.ts';
import { SessionError } from './session-error.ts';
import { type SessionFile, sessionFolder, writeSessionFile } from './session-files.ts';

/** The read model of earlier lives; answers the market events that they took. */
export function viewPast(reader: SessionReader, sessionId: string, view: SessionView): number {
  let taken = 0;
  // What a life did not live to finish is given again to the next.
  let unfinished = 0;
  const finish = (): void => {
    taken += unfinished;
    unfinished = 0;
  };
  visitSession(reader, sessionId, {
    input(_, nowUs, input) {
      if (input.kind === 'opened') unfinished = 0;
      finish();
      view.input(input, nowUs);
    },
    turn(sequence, nowUs, turn) {
      finish();
      view.turn(sequence, nowUs, turn);
    },
    market(_, _nowUs, { events }) {
      finish();
      unfinished = events;
    },
  });
  return taken;
}

/** The file of a session whose market is open. */
export function describedWith(file: SessionFile, market: OpenedMarket): SessionFile {
  return {
    ...file,
    isHistoryGiven: market.isHistoryGiven,
    symbolsMax: Math.max(1, market.source.symbols.length),
    marketId: marketId(file.market, market),
  };
}

/** Positions would be held in other symbols, and at prices that never were theirs. */
export function demandSameMarket(
  { sessionId, marketId: before }: SessionFile,
  { source }: OpenedMarket,
  now: string | undefined,
  view: SessionView,
): void {
  const refuse = (what: string): never => {
    throw new SessionError('SESSION_OTHER_MARKET', `${sessionId} was killed in ${what}`);
  };
  for (const [symbol, { name }] of view.symbols) {
    const listed = source.symbols[symbol]?.name ?? 'none';
    if (listed !== name) refuse(`a market whose symbol ${symbol} is ${name}; now it is ${listed}`);
  }
  if (before !== undefined && before !== now) refuse(`market ${before}; now it is ${now}`);
}

/**
 * What is on disk is as it was before a start that failed: the description of the life before, or
 * no session at all. A record is never removed.
 */
export function takeBack(dataDir: string, sessionId: string, before?: SessionFile): void {
  const disk = nodeDisk(dataDir);
  if (before !== undefined) return writeSessionFile(disk, before);
  const { records } = readJournal(disk, journalFolder(sessionId), () => undefined);
  if (records > 0) return;
  rmSync(join(dataDir, sessionFolder(sessionId)), { recursive: true, force: true });
}
