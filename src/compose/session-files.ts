import type { Disk } from '../ports/disk.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { SessionDescription, SessionReader } from '../ports/session-reader.ts';
import { readJournal } from '../store/journal/journal-reader.ts';
import { journalFolder } from '../store/journal/segment-names.ts';

export const SESSION_DESCRIPTION = 'session.json';

/** What is written beside a journal when its session begins. */
export interface SessionFile extends SessionDescription {
  /** How to open the same market again: for recovery and for `verify`. */
  readonly market: MarketFile;
  /** The resolved configuration, so that a session explains and verifies itself. */
  readonly config: unknown;
  /** Part of every order id of the session. */
  readonly orderSession: string;
  readonly symbolsMax: number;
  /** Names the market that was opened, so that a later life knows whether it has the same. */
  readonly marketId?: string;
}

export type MarketFile =
  | {
      readonly kind: 'seeded';
      readonly seed: number;
      readonly symbols: number;
      readonly date: number;
    }
  | {
      readonly kind: 'recorded';
      readonly path: string;
      readonly date: number | undefined;
      readonly history: string | undefined;
    }
  | {
      readonly kind: 'journal';
      /** The folder that holds the segments. */
      readonly path: string;
      /** Daily bars came before the session's frames, and are among them. */
      readonly isHistoryGiven: boolean;
      /** It was traded live: services answer as late as they did then. */
      readonly isLive?: boolean;
    }
  | {
      /** Came over sockets, and comes no second time: only its journal has it. */
      readonly kind: 'live';
      readonly place: 'sim' | 'paper';
      readonly feed: string;
      /** The day that was traded. */
      readonly date: number;
      /** The venue's own number of the account. */
      readonly fingerprint: string;
    };

export function sessionFolder(sessionId: string): string {
  return `sessions/${sessionId}`;
}

export function writeSessionFile(disk: Disk, file: SessionFile): void {
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  disk.replace(
    `${sessionFolder(file.sessionId)}/${SESSION_DESCRIPTION}`,
    new TextEncoder().encode(text),
  );
}

/** Undefined where there is no such session, or where its description cannot be read. */
export function readSessionFile(disk: Disk, sessionId: string): SessionFile | undefined {
  const path = `${sessionFolder(sessionId)}/${SESSION_DESCRIPTION}`;
  return disk.exists(path) ? parseSessionFile(disk.read(path)) : undefined;
}

export function parseSessionFile(bytes: Uint8Array): SessionFile | undefined {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isSessionFile(content) ? content : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function sessionReader(disk: Disk): SessionReader {
  const list = () =>
    disk
      .folders('sessions')
      .flatMap((name) => readSessionFile(disk, name) ?? [])
      .map((file) => ({ ...file, isLive: file.market.kind === 'live' }))
      .toSorted((left, right) => left.startedUs - right.startedUs);
  return {
    list,
    find(wanted) {
      const all = list();
      const exact = all.find(({ sessionId }) => sessionId === wanted);
      if (exact !== undefined) return exact;
      const close = all.filter(({ sessionId }) => sessionId.startsWith(wanted));
      return close.length === 1 ? close[0] : undefined;
    },
    read(sessionId: string, visit: (record: JournalRecord) => void) {
      readJournal(disk, journalFolder(sessionId), visit);
    },
  };
}

function isSessionFile(value: unknown): value is SessionFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sessionId' in value &&
    'market' in value &&
    'config' in value &&
    'startedUs' in value &&
    typeof value.startedUs === 'number'
  );
}
