import { loadConfig } from '../../../../src/cli/load-config.ts';
import type { TrainOptions } from '../../../../src/cli/train-options.ts';
import {
  type CheckpointFolder,
  checkpointFolder,
} from '../../../../src/compose/train/checkpoint-files.ts';
import { runTraining, type TrainingWord } from '../../../../src/compose/train/run-training.ts';
import { planOf, type TrainPlan } from '../../../../src/compose/train/train-plan.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import type { ModelCard } from '../../../../src/models/artefact/card.ts';

/** What somebody types, with a market and models that take a second. */
export function typed(given: Partial<TrainOptions> = {}): TrainOptions {
  return {
    dataDir: '.strata',
    config: undefined,
    isJson: false,
    models: ['mlp'],
    symbols: [],
    layer: undefined,
    limit: undefined,
    lookbackDays: undefined,
    source: undefined,
    market: { symbols: 4, days: 2 },
    purpose: 'momentum',
    label: undefined,
    features: undefined,
    sectors: undefined,
    actions: undefined,
    seed: 3,
    name: undefined,
    isResumed: false,
    isCheckingLeaks: false,
    out: undefined,
    ...given,
  };
}

/** Sizes that teach nothing and take no time. */
export function tinyPlan(given: Partial<TrainOptions> = {}): TrainPlan {
  const plan = planOf(typed(given), loadConfig('demo').config);
  const { training } = plan;
  return {
    ...plan,
    training: {
      ...training,
      window: 6,
      samplesMax: 1_500,
      samplesMin: 100,
      checkpointSteps: 3,
      networks: { ...training.networks, epochs: 3, batch: 128, width: 8, patience: 3 },
      trees: { ...training.trees, trees: 60, depth: 2, leaves: 4, patience: 60 },
    },
  };
}

export interface Kept {
  readonly card: ModelCard;
  readonly model: Uint8Array;
}

/** A training in this thread; what it keeps is handed over. */
export async function train(
  plan: TrainPlan,
  place: {
    readonly dataDir: string;
    readonly isResumed?: boolean;
    readonly isCheckingLeaks?: boolean;
  },
  hooks: {
    readonly tell?: (word: TrainingWord) => void;
    readonly shouldStop?: () => boolean;
    readonly save?: (card: ModelCard) => void;
  } = {},
) {
  const kept: Kept[] = [];
  const checkpoints: CheckpointFolder = checkpointFolder(
    place.dataDir,
    plan,
    place.isResumed === true,
  );
  const result = await runTraining({
    plan,
    registry: STANDARD_REGISTRY,
    openStore: () => Promise.reject(new Error('no store is asked for')),
    checkpoints,
    isCheckingLeaks: place.isCheckingLeaks === true,
    tell: hooks.tell ?? (() => undefined),
    shouldStop: hooks.shouldStop ?? (() => false),
    save(card, model) {
      hooks.save?.(card);
      kept.push({ card, model });
      return card.contentHash;
    },
    clock: { nowUs: () => 1, wallSeconds: () => 0, cpuSeconds: () => 0 },
  });
  return { ...result, kept, checkpoints };
}
