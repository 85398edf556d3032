import type { Family } from '../../models/artefact/card.ts';
import type { Dataset } from './dataset.ts';
import type { TrainPlan } from './train-plan.ts';

/** What a training makes of a family: the file that is kept, and how it came about. */
export interface Fitted {
  readonly family: Family;
  readonly model: Uint8Array;
  /** Rows of features that a sample has: 1 where it sees no past. */
  readonly window: number;
  readonly outputs: readonly ('probability' | 'return' | 'confidence')[];
  readonly curve: readonly CurvePoint[];
  readonly runtime: string;
  readonly end: string;
  /** What of the features it lives by, where that can be told. */
  readonly importance?: readonly { readonly feature: string; readonly share: number }[];
}

export interface CurvePoint {
  readonly at: number;
  readonly loss: number;
  readonly validationLoss?: number;
}

export interface FitProgress {
  readonly at: number;
  readonly of: number;
  readonly loss: number;
  readonly validationLoss?: number;
}

export interface FitOptions {
  readonly family: Family;
  readonly dataset: Dataset;
  readonly featureNames: readonly string[];
  readonly plan: TrainPlan;
  readonly checkpoints: Checkpoints;
  readonly progress: (progress: FitProgress) => void;
  /** Told once where it goes on from a checkpoint, and after what. */
  readonly goesOn: (after: string) => void;
  /** Asked between two steps. */
  readonly shouldStop: () => boolean;
}

/** Where a training can go on, by family. */
export interface Checkpoints {
  /** It was asked for; without it none is read. */
  readonly isResumed: boolean;
  read(family: Family): Uint8Array | undefined;
  write(family: Family, bytes: Uint8Array): void;
}

/** A training that was asked to stop before it was done; its checkpoint is written. */
export const STOPPED = 'stopped' as const;
