import type { Profile } from './load-config.ts';
import type { VerbOptions } from './verb-options.ts';

export interface PolicyOptions extends VerbOptions {
  /** Whose registry: paper and live may name a server. */
  readonly profile: Profile;
  readonly action: PolicyAction;
}

export type PolicyAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'history'; readonly name: string }
  | PolicySet;

export interface PolicySet {
  readonly kind: 'set';
  readonly name: string;
  /** As it was typed. */
  readonly value: string;
  readonly by: string;
  readonly why: string;
}
