import type { JournalRecord } from './journal.ts';

/** What a session was begun with: kept beside its journal as `session.json`. */
export interface SessionDescription {
  readonly sessionId: string;
  readonly kind: 'demo' | 'replay' | 'trade';
  /** What was traded: a path, a seed. */
  readonly source: string;
  readonly startedUs: number;
  readonly configHash: string;
  readonly buildId: string;
  readonly nodeMajor: number;
  readonly isHistoryGiven: boolean;
  /** Its market, its broker and its time were the world's. */
  readonly isLive?: boolean;
  /** What its journal held when it ended; absent while it runs, and where it was killed. */
  readonly ended?: SessionEnd;
}

/** Whether a journal is whole is known by this alone: a file that is cut off looks finished. */
export interface SessionEnd {
  readonly reason: string;
  /** The last sequence number. */
  readonly records: number;
  /** 16 hex digits, after the last record. */
  readonly decisionHash: string;
}

/** Recorded sessions of a data directory, for verbs that only look. */
export interface SessionReader {
  /** Oldest first. */
  list(): readonly SessionDescription[];
  /** By id or by a unique beginning of it; undefined where there is none. */
  find(sessionId: string): SessionDescription | undefined;
  /**
   * Visits every record in order; payloads are views, copy what must outlive the visit. Throws
   * `JournalDamage` (names segment and offset) where the journal is damaged.
   */
  read(sessionId: string, visit: (record: JournalRecord) => void): void;
}
