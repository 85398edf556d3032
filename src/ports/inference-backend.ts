/** A way to run models: plain JavaScript, or a native runtime. */
export interface InferenceBackend {
  readonly name: BackendName;
  /**
   * Rejects with an error that has a code: `MODEL_*` where the model itself will not do, on any
   * backend; `ONNX_*` or `TENSORFLOW_*` where only this backend cannot run it here.
   */
  load(source: ModelSource): Promise<LoadedModel>;
}

export const BACKEND_NAMES = ['plain', 'onnx', 'tensorflow'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** Where onnxruntime computes. */
export const EXECUTION_PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number];

/**
 * What an artefact's directory holds, and what its user expects of it. Anything else is refused. It
 * can be sent to a thread as it is.
 */
export interface ModelSource extends ModelExpectations {
  /** The text of `card.json`. */
  readonly card: string;
  /** The bytes of the one model file that the card names. */
  readonly model: Uint8Array;
}

export interface ModelExpectations {
  /** Of the features that the caller computes. */
  readonly layoutHash: string;
  /** Doubles in a row of them: the features of every bar of the window, the oldest first. */
  readonly width: number;
  /** Where only one version will do. */
  readonly version?: string;
}

/** What a column of an answer holds. */
export type ScoreColumn = 'probability' | 'return' | 'confidence';

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  /** Doubles in a row of features. */
  readonly width: number;
  /** Scores for a row: one in each of `columns`. */
  readonly outputs: number;
  readonly columns: readonly ScoreColumn[];
  /** What computes, with its own version, such as `onnxruntime 1.30.0 cpu`. */
  readonly runtime: string;
  /** Why it is not what was asked for first, such as a GPU that is not there. */
  readonly fellBack?: string;
  /**
   * Scores `rows` rows into `scores[0 .. rows * outputs)`, a row's scores beside each other. One
   * call at a time. A row that has no score gets NaN in all its columns, and its neighbours never
   * notice: for a network that is a row with a NaN or an infinity; trees take a NaN as missing.
   */
  score(features: Float64Array, rows: number, scores: Float64Array): Promise<void>;
  /** Lets go of its memory. Nothing is asked of it afterwards. */
  release(): Promise<void>;
}
