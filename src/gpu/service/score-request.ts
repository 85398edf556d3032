import type { InferenceRefusal, ModelScores, NoScores } from '../infer-answer.ts';
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

/** A model of a request without scores. */
export interface MissingScores {
  readonly model: string;
  readonly code: InferenceRefusal;
  readonly message: string;
}

/**
 * One for each request; `done` is an answer with the scores of one model at least. A row without a
 * finite score is NaN, in the column of the model that has none for it; of a model that is asked
 * alone it fails the request, as it does in virtual time.
 */
export type ScoreAnswer =
  | {
      readonly outcome: 'done';
      /** In the order of the request. */
      readonly columns: readonly ModelScores[];
      readonly missing: readonly MissingScores[];
    }
  | NoScores;
