import { isRecord } from '../../core/json.ts';
import type { TrainPlan } from './train-plan.ts';
import type { FailedFamily } from './judge-families.ts';
import type { TrainingWord } from './run-training.ts';

/** What the thread is started with. */
export interface TrainingSettings {
  readonly plan: TrainPlan;
  readonly dataDir: string;
  /** The user's own settings: features of theirs, and where the store is. */
  readonly config: string | undefined;
  readonly isResumed: boolean;
  readonly isCheckingLeaks: boolean;
  /** The folder in which models are kept. */
  readonly out: string;
  /** One number, not nought when it is to stop: what a thread that computes can look at. */
  readonly stop: SharedArrayBuffer;
}

/** What it says: how it goes on, and how it ended, once. */
export type FromTraining =
  | TrainingWord
  | {
      readonly kind: 'done';
      readonly cards: readonly { readonly text: string; readonly folder: string }[];
      /** The card of a vote, as text. */
      readonly vote?: string;
      readonly failed: readonly FailedFamily[];
      readonly isStopped: boolean;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const KINDS = new Set([
  'gathering',
  'gathered',
  'checked',
  'resumed',
  'fitting',
  'fitted',
  'judging',
  'done',
  'failed',
]);

export function isFromTraining(value: unknown): value is FromTraining {
  return isRecord(value) && typeof value['kind'] === 'string' && KINDS.has(value['kind']);
}

export function isTrainingSettings(value: unknown): value is TrainingSettings {
  return (
    isRecord(value) &&
    isRecord(value['plan']) &&
    typeof value['dataDir'] === 'string' &&
    typeof value['out'] === 'string' &&
    value['stop'] instanceof SharedArrayBuffer
  );
}
