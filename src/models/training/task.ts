import type { Network } from '../nets/network.ts';
import type { OptimiserOptions } from '../optimiser/adam.ts';
import type { Checkpoint, Evaluated } from './checkpoint.ts';
import type { Examples } from './examples.ts';
import type { OpenRunner } from './graph-runner.ts';
import type { Schedule } from './schedule.ts';

export interface TrainingTask {
  readonly network: Network;
  readonly openRunner: OpenRunner;
  readonly training: Examples;
  /** Without it the last parameters are the result, and nothing stops early. */
  readonly validation?: Examples;
  readonly rows: number;
  readonly epochs: number;
  /** Ends it earlier. */
  readonly stepsMax?: number;
  readonly seed: number;
  readonly optimiser: OptimiserOptions;
  /** At its height. */
  readonly rate: number;
  readonly schedule: Schedule;
  /** Once an epoch where absent. */
  readonly evaluateEverySteps?: number;
  /** Evaluations without a better one that are waited for. */
  readonly patience?: number;
  /** What the examples are, such as their hash: a checkpoint of others is refused. */
  readonly data?: string;
  readonly from?: Checkpoint;
  readonly checkpointEverySteps?: number;
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly shouldStop?: () => boolean;
}

export interface Progress {
  /** Counted from one. */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Mean since the last evaluation. */
  readonly loss: number;
  readonly validationLoss?: number;
}

export interface Trained {
  /** For `network.build('serving')`, in the order of its parameters. */
  readonly parameters: Float32Array;
  readonly stopped: 'finished' | 'patience' | 'asked';
  readonly steps: number;
  /** The step whose parameters these are, where validation chose. */
  readonly bestStep?: number;
  readonly history: readonly Evaluated[];
  /** Where it ended: what was asked to stop can go on from here. */
  readonly checkpoint: Checkpoint;
  /** What computed it. */
  readonly runtime: string;
}
