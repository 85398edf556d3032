import type { SessionDescription } from '../session-reader.ts';
import type { Decided } from './decided.ts';

/** The index of all sessions, of every data directory that shares the store. */
export interface SessionRegistry {
  /**
   * Keeps what a session was begun with and, once it is known, how it ended. Refused with
   * `IDENTITY_REUSED` where the id began otherwise, or ended otherwise.
   */
  record(session: SessionDescription): Promise<Decided<void>>;
  /** Oldest first. */
  list(range?: SessionRange): Promise<readonly SessionDescription[]>;
  /** By id or by a unique beginning of it; undefined where there is none. */
  find(sessionId: string): Promise<SessionDescription | undefined>;
}

export interface SessionRange {
  readonly kind?: SessionDescription['kind'];
  readonly fromUs?: number;
  readonly untilUs?: number;
  /** The last so many. */
  readonly limit?: number;
}
