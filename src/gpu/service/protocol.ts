import type { BackendName, ModelSource } from '../../ports/inference-backend.ts';

/** What a worker needs to begin. It travels once, as a structured clone. */
export interface WorkerSettings {
  readonly backend: BackendName;
  readonly source: ModelSource;
  readonly executionProviders: readonly string[];
  /** Another module in place of onnxruntime, for tests. */
  readonly onnxModule?: string;
  readonly rowsMax: number;
  /**
   * Features and scores of the one batch under way. It is the worker's from `score` to the answer,
   * and ours otherwise, so that nothing is copied, transferred or allocated for a batch.
   */
  readonly region: SharedArrayBuffer;
}

export type ToWorker =
  | { readonly kind: 'score'; readonly batch: number; readonly rows: number }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly facts: WorkerFacts }
  /** The model or the backend will not do, with the code of why. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'scored'; readonly batch: number; readonly fellBack?: string }
  /** This batch has no scores. The next may have. */
  | { readonly kind: 'failed'; readonly batch: number; readonly message: string };

export interface WorkerFacts {
  readonly name: string;
  readonly version: string;
  readonly width: number;
  readonly runtime: string;
  /** Why it is not the backend or the provider that was asked for. */
  readonly fellBack?: string;
}

export interface Region {
  readonly features: Float64Array;
  readonly scores: Float64Array;
}

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

export function makeRegion(rowsMax: number, width: number): SharedArrayBuffer {
  return new SharedArrayBuffer((rowsMax * width + rowsMax) * DOUBLE);
}

export function viewRegion(region: SharedArrayBuffer, rowsMax: number, width: number): Region {
  return {
    features: new Float64Array(region, 0, rowsMax * width),
    scores: new Float64Array(region, rowsMax * width * DOUBLE, rowsMax),
  };
}

/** Messages between our own threads: only their kind is looked at. */
export function isToWorker(value: unknown): value is ToWorker {
  return isKind(value, ['score', 'stop']);
}

export function isFromWorker(value: unknown): value is FromWorker {
  return isKind(value, ['loaded', 'refused', 'scored', 'failed']);
}

export function isWorkerSettings(value: unknown): value is WorkerSettings {
  return (
    typeof value === 'object' &&
    value !== null &&
    'region' in value &&
    value.region instanceof SharedArrayBuffer
  );
}

function isKind(value: unknown, kinds: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return typeof value.kind === 'string' && kinds.includes(value.kind);
}
