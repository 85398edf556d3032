import type { InferenceRefusal } from '../infer-answer.ts';
import type { Layer } from './layer-policy.ts';

/** Rows that one or several models score in one pass. */
export interface ScoreRequest {
  /** The one that counts first, then members and shadows. */
  readonly models: readonly string[];
  readonly layer: Layer;
  /** Of the features. Left out where the caller's width is all that is known. */
  readonly layoutHash?: string;
  readonly rows: number;
  readonly width: number;
  readonly features: Float64Array;
  /** When it was asked and how old its oldest features are, in market time. */
  readonly askedUs: number;
  readonly asOfUs?: number;
}

export interface ModelScores {
  readonly model: string;
  /** That computed them: the current one at some time between question and answer. */
  readonly version: string;
  /** Scores a row, beside each other. */
  readonly outputs: number;
  readonly scores: Float64Array;
}

/** A model of a request without scores. */
export interface MissingScores {
  readonly model: string;
  readonly code: InferenceRefusal;
  readonly message: string;
}

/**
 * One for each request. A model with a score that is not finite has none for the whole request, and
 * says so; `done` is an answer with the scores of one model at least.
 */
export type ScoreAnswer =
  | {
      readonly outcome: 'done';
      /** In the order of the request. */
      readonly columns: readonly ModelScores[];
      readonly missing: readonly MissingScores[];
    }
  | NoScores;

/** A request without scores, and why. */
export interface NoScores {
  readonly outcome: 'refused' | 'failed' | 'expired';
  readonly code: InferenceRefusal;
  readonly message: string;
}
