import type { ModelSource, ScoreColumn } from '../../ports/inference-backend.ts';
import type { ChainOptions } from './backend-chain.ts';

/** What a worker needs to begin. It travels once, as a structured clone. */
export interface WorkerSettings extends ChainOptions {
  /** Sizes of batches that a model is tried with before it is used. */
  readonly warmUpRows: readonly number[];
  readonly shape: SlotShape;
  /**
   * Features and scores of two batches: while one is computed the next is written. A slot is the
   * worker's from `score` to the answer, and ours otherwise, so that nothing is copied, transferred
   * or allocated for a batch.
   */
  readonly region: SharedArrayBuffer;
}

/** Models are known by handles: two versions of one name can be there at a time. */
export type ToWorker =
  | { readonly kind: 'load'; readonly handle: number; readonly source: ModelSource }
  | { readonly kind: 'score'; readonly batch: BatchOrder }
  /** Taken in its order: batches that were asked for before still have the model. */
  | { readonly kind: 'release'; readonly handle: number }
  | { readonly kind: 'stop' };

export interface BatchOrder {
  readonly number: number;
  readonly slot: number;
  readonly rows: number;
  readonly width: number;
  /** Their scores are written one model after the other, in this order. */
  readonly handles: readonly number[];
}

export type FromWorker =
  | { readonly kind: 'loaded'; readonly handle: number; readonly facts: WorkerFacts }
  /** The model will not do, with the code of why. The others go on. */
  | {
      readonly kind: 'refused';
      readonly handle: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'scored'; readonly batch: number; readonly runs: readonly ModelRun[] };

/** How a model did in a batch. */
export interface ModelRun {
  readonly handle: number;
  readonly version: string;
  /** What computed in the end. */
  readonly runtime: string;
  readonly tookMs: number;
  /** Why its backend gave way to the next, if it did. */
  readonly fellBack?: string;
  /** Why there are no scores of it. */
  readonly fault?: string;
}

export interface WorkerFacts {
  readonly name: string;
  readonly version: string;
  readonly width: number;
  readonly columns: readonly ScoreColumn[];
  readonly runtime: string;
  /** Why it is not the backend or the provider that was asked for. */
  readonly fellBack?: string;
}

export const SLOTS = 2;

/** Doubles in a slot. */
export interface SlotShape {
  readonly features: number;
  readonly scores: number;
}

export interface Slot {
  readonly features: Float64Array;
  readonly scores: Float64Array;
}

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

export function makeRegion({ features, scores }: SlotShape): SharedArrayBuffer {
  return new SharedArrayBuffer(SLOTS * (features + scores) * DOUBLE);
}

export function viewRegion(region: SharedArrayBuffer, shape: SlotShape): readonly Slot[] {
  const bytes = (shape.features + shape.scores) * DOUBLE;
  return Array.from({ length: SLOTS }, (_, slot) => ({
    features: new Float64Array(region, slot * bytes, shape.features),
    scores: new Float64Array(region, slot * bytes + shape.features * DOUBLE, shape.scores),
  }));
}

/** Messages between our own threads: only their kind is looked at. */
export function isToWorker(value: unknown): value is ToWorker {
  return isKind(value, ['load', 'score', 'release', 'stop']);
}

export function isFromWorker(value: unknown): value is FromWorker {
  return isKind(value, ['loaded', 'refused', 'scored']);
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
