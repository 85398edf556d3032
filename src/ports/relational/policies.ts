import type { Author, Decided } from './decided.ts';

/**
 * Settings that people change while the engine runs, each version kept with who, why and when. What
 * is here is the record; the kernel hears of a change by an input in its journal.
 */
export interface PolicyRegistry {
  /**
   * A new version becomes the current one. Refused with `VERSION_OTHER` where the current version
   * is not `after`, with `IDENTITY_REUSED` where the change's id is another's. The same again
   * answers the version that it made.
   *
   * Versions follow one another whatever the clocks say: one that is told with an earlier time than
   * the version before it gets that version's time.
   */
  change(change: PolicyChange): Promise<Decided<PolicyVersion>>;
  /** By name; all of them where none is given. */
  current(names?: readonly string[]): Promise<readonly PolicyVersion[]>;
  /** Which version was the current one at that moment. */
  at(name: string, atUs: number): Promise<PolicyVersion | undefined>;
  /** Oldest first. */
  history(name: string): Promise<readonly PolicyVersion[]>;
}

export interface PolicyChange extends Author {
  readonly changeId: string;
  /** Such as `risk.positionsMax`. */
  readonly name: string;
  /** JSON. */
  readonly value: string;
  /** The version it follows; 0 for the first. */
  readonly after: number;
  readonly atUs: number;
}

export interface PolicyVersion extends Author {
  readonly changeId: string;
  readonly name: string;
  readonly version: number;
  /** JSON, as it was given. */
  readonly value: string;
  readonly fromUs: number;
}
