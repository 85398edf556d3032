import type { DateNumber } from '../core/time.ts';
import type { Profile } from './load-config.ts';
import type { VerbOptions } from './verb-options.ts';

export interface StoreOptions extends VerbOptions {
  /** Whose settings: paper and live may name another store than the embedded one. */
  readonly profile: Profile;
  /** Without it a verb says what it would do, and does nothing. */
  readonly isApplied: boolean;
  readonly action: StoreAction;
}

export type StoreAction =
  | { readonly kind: 'status' }
  | { readonly kind: 'migrate' }
  | { readonly kind: 'archive'; readonly tables: readonly string[] }
  | RestoreAction
  | RefillAction
  | { readonly kind: 'compact'; readonly tables: readonly string[] }
  | { readonly kind: 'backup'; readonly to: string };

export interface RefillAction {
  readonly kind: 'refill';
  /** Whose journal tells its rows again. */
  readonly session: string;
}

export interface RestoreAction {
  readonly kind: 'restore';
  readonly tables: readonly string[];
  /** First and last day; undefined: from the first, to the last. */
  readonly from: DateNumber | undefined;
  readonly until: DateNumber | undefined;
  /** Its journal's segments instead of rows. */
  readonly session: string | undefined;
  /** Out of this backup instead of the lake. */
  readonly backup: string | undefined;
}
