import type { Decided } from './decided.ts';

/**
 * Who was called what, and who belonged where, at any moment. A security keeps its id for life;
 * its name changes, and a name may be another's later. Spans are from, inclusive, until, exclusive.
 */
export interface SymbolRegistry {
  /** Makes a security known under its first name. The same again changes nothing. */
  introduce(securities: readonly Listing[]): Promise<Decided<void>>;
  /** From then on it has that name. Refused where another has it, or a later name is known. */
  rename(change: Rename): Promise<Decided<void>>;
  /** Its name ends, and another may have it: delisted, merged. */
  delist(securityId: string, atUs: number): Promise<Decided<void>>;
  /** All names it has had, oldest first. */
  namesOf(securityId: string): Promise<readonly NameSpan[]>;
  /** Who was called that at that moment. */
  called(name: string, atUs: number): Promise<string | undefined>;
  /** What the one that is called `name` at `knownUs` was called at `atUs`: META in 2020 was FB. */
  nameAt(name: string, knownUs: number, atUs: number): Promise<string | undefined>;
  /** All moves or none: each a security that enters or leaves a group such as `layer-1`. */
  move(moves: readonly Move[]): Promise<Decided<void>>;
  /** Members of the group at that moment, ordered by the names that they had. */
  members(group: string, atUs: number): Promise<readonly Member[]>;
  /** Every stay of a security, oldest first. */
  stays(securityId: string): Promise<readonly Stay[]>;
}

export interface Listing {
  readonly securityId: string;
  readonly name: string;
  readonly assetClass: 'equity' | 'fund' | 'index' | 'crypto' | 'option';
  readonly fromUs: number;
}

export interface Rename {
  readonly securityId: string;
  readonly name: string;
  readonly atUs: number;
  readonly reason: string;
}

export interface NameSpan {
  readonly securityId: string;
  readonly name: string;
  readonly fromUs: number;
  /** Absent while it lasts. */
  readonly untilUs?: number;
}

export interface Move {
  readonly securityId: string;
  readonly group: string;
  readonly direction: 'enter' | 'leave';
  readonly atUs: number;
  readonly reason: string;
}

export interface Member {
  readonly securityId: string;
  /** The id where it had no name then. */
  readonly name: string;
  readonly fromUs: number;
}

export interface Stay {
  readonly group: string;
  readonly fromUs: number;
  readonly untilUs?: number;
  readonly enterReason: string;
  readonly leaveReason?: string;
}
