/** A way to run models: plain JavaScript, or a native runtime. */
export interface InferenceBackend {
  readonly name: BackendName;
  /**
   * Rejects with an error that has a code: `MODEL_*` where the model itself will not do, on any
   * backend; `ONNX_*` where only this backend cannot run it here.
   */
  load(source: ModelSource): Promise<LoadedModel>;
}

export const BACKEND_NAMES = ['plain', 'onnx'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A model as it was found, and what its user expects of it. Anything else is refused. */
export interface ModelSource {
  /** The text of the model file. */
  readonly json: string;
  /** Of the features that the caller computes. */
  readonly layoutHash: string;
  /** Doubles in a row of them. */
  readonly width: number;
  /** Where only one version will do. */
  readonly version?: string;
}

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  /** Doubles in a row of features. */
  readonly width: number;
  /** Scores for a row. */
  readonly outputs: number;
  /** What computes, with its own version, such as `onnxruntime 1.30.0 cpu`. */
  readonly runtime: string;
  /** Why it is not what was asked for first, such as a GPU that is not there. */
  readonly fellBack?: string;
  /**
   * Scores `rows` rows into `scores[0 .. rows * outputs)`. One call at a time. A row that has no
   * score, because of a NaN in it, gets NaN, and its neighbours never notice.
   */
  score(features: Float64Array, rows: number, scores: Float64Array): Promise<void>;
  /** Lets go of its memory. Nothing is asked of it afterwards. */
  release(): Promise<void>;
}
