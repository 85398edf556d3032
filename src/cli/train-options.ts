import type { Purpose } from '../models/artefact/card.ts';
import type { VerbOptions } from './verb-options.ts';

export interface TrainOptions extends VerbOptions {
  /** Names of families and of groups, as they were typed. */
  readonly models: readonly string[];
  /** Those of a file are in it already. */
  readonly symbols: readonly string[];
  readonly layer: number | undefined;
  readonly limit: number | undefined;
  readonly lookbackDays: number | undefined;
  /** `seeded`, `store`, `store:FEED`, or a path; undefined: seeded. */
  readonly source: string | undefined;
  /** Of the seeded market; undefined: as configured. */
  readonly market: { readonly symbols?: number; readonly days?: number } | undefined;
  readonly purpose: Purpose;
  readonly label: 'forward' | 'barrier' | undefined;
  readonly features: readonly string[] | undefined;
  readonly sectors: string | undefined;
  /** A file of splits, where the days of the source are unadjusted. */
  readonly actions: string | undefined;
  readonly seed: number;
  /** The beginning of the models' names; undefined: the purpose. */
  readonly name: string | undefined;
  /** Goes on from the checkpoints that an earlier run left. */
  readonly isResumed: boolean;
  /** Trains on labels without a meaning first, and says whether something foretold them. */
  readonly isCheckingLeaks: boolean;
  /** Another folder for the artefacts than that of the data directory. */
  readonly out: string | undefined;
}

export interface ModelsOptions extends VerbOptions {
  readonly action:
    | { readonly kind: 'list' }
    /** A name, or `name@version`. */
    | { readonly kind: 'show'; readonly model: string; readonly isHtml: boolean };
}
