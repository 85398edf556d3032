import type { FeatureRegistry } from '../../domain/features/registry.ts';
import type { EnsembleCard } from '../../models/artefact/ensemble-card.ts';
import type { Family, ModelCard } from '../../models/artefact/card.ts';
import { pick, selectSamples } from '../../models/data/samples.ts';
import { sampleUniqueness } from '../../models/data/uniqueness.ts';
import { fitCalibration, type Learned } from '../../models/validation/calibrate.ts';
import { type Dataset, datasetOf } from './dataset.ts';
import { type Checkpoints, type FitProgress, type Fitted, STOPPED } from './fit.ts';
import { fitFamily } from './fit-family.ts';
import { type Gathered, gatherRows } from './gather-rows.ts';
import { checkLeaks, leakText } from './leak-check.ts';
import {
  type FailedFamily,
  failureOf,
  judgeFamilies,
  type KeptModel,
  type Made,
  scoresOf,
} from './judge-families.ts';
import { type CardParts, makeCard, NO_METRICS } from './make-card.ts';
import { TrainError } from './train-error.ts';
import type { TrainPlan } from './train-plan.ts';
import type { TrainingStore } from './training-store.ts';

/** What a training says while it goes on. */
export type TrainingWord =
  | { readonly kind: 'gathering'; readonly what: string; readonly rows: number }
  | { readonly kind: 'gathered'; readonly text: string }
  /** Whether something foretold what nothing can. */
  | { readonly kind: 'checked'; readonly text: string }
  /** From where a family goes on, or that there is nothing to go on from. */
  | { readonly kind: 'resumed'; readonly text: string }
  | ({ readonly kind: 'fitting'; readonly family: Family } & FitProgress)
  | { readonly kind: 'fitted'; readonly family: Family; readonly text: string }
  /** On the final test: the first of so many is 1. */
  | ({ readonly kind: 'judging'; readonly family: Family } & Pick<FitProgress, 'at' | 'of'>);

export interface TrainingOptions {
  readonly plan: TrainPlan;
  readonly registry: FeatureRegistry;
  readonly openStore: () => Promise<TrainingStore>;
  readonly checkpoints: Checkpoints;
  readonly isCheckingLeaks: boolean;
  readonly tell: (word: TrainingWord) => void;
  readonly shouldStop: () => boolean;
  /** Keeps a model; answers where. */
  readonly save: (card: ModelCard, model: Uint8Array) => string;
  readonly clock: TrainingClock;
}

export interface TrainingClock {
  readonly nowUs: () => number;
  readonly wallSeconds: () => number;
  /** Of the whole process. */
  readonly cpuSeconds: () => number;
}

export interface TrainingResult {
  readonly cards: readonly KeptModel[];
  readonly vote?: EnsembleCard;
  /** Families that could not be trained, each with its reason; the others went on. */
  readonly failed: readonly FailedFamily[];
  /** It was asked to stop before every family was done. */
  readonly isStopped: boolean;
}

/**
 * A plan, from the market to the cards: rows, samples, every family in its turn, what its scores
 * are worth, and one look at the final test. Throws `TrainError` and what its parts throw.
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingResult> {
  const { plan, registry, openStore, tell, shouldStop } = options;
  const gathered = await gatherRows({
    plan,
    registry,
    openStore,
    progress(what, rows) {
      tell({ kind: 'gathering', what, rows });
      if (shouldStop()) throw new TrainError('TRAIN_CANCELLED', 'stopped while rows were made');
    },
  });
  const dataset = datasetOf(gathered, plan);
  tell({ kind: 'gathered', text: gatheredText(gathered, dataset) });
  if (options.isCheckingLeaks) {
    const canary = checkLeaks(dataset, plan.seed, (drawing) => {
      tell({ kind: 'gathering', what: `looking for leaks, learner ${drawing}`, rows: 0 });
      if (shouldStop()) throw new TrainError('TRAIN_CANCELLED', 'stopped while leaks were sought');
    });
    tell({ kind: 'checked', text: leakText(canary) });
  }
  const made: Made[] = [];
  const failed: FailedFamily[] = [];
  let isStopped = false;
  for (const family of plan.families) {
    if (isStopped) break;
    try {
      const one = await makeFamily(family, gathered, dataset, options);
      if (one === undefined) isStopped = true;
      else made.push(one);
    } catch (error) {
      failed.push(failureOf(family, error));
    }
  }
  const result = await judgeFamilies(made, dataset, {
    plan,
    tell: (family, at, of) => tell({ kind: 'judging', family, at, of }),
    // Who asked before is heard: what was made until then is still judged and kept.
    shouldStop: () => !isStopped && shouldStop(),
    save: options.save,
  });
  return {
    ...result,
    failed: [...failed, ...result.failed],
    isStopped: isStopped || result.isStopped,
  };
}

/** Undefined where it was asked to stop. */
async function makeFamily(
  family: Family,
  gathered: Gathered,
  dataset: Dataset,
  options: TrainingOptions,
): Promise<Made | undefined> {
  const { plan, checkpoints, tell, shouldStop, clock } = options;
  const [wallFrom, cpuFrom] = [clock.wallSeconds(), clock.cpuSeconds()];
  if (checkpoints.isResumed && checkpoints.read(family) === undefined) {
    tell({ kind: 'resumed', text: `${family}: nothing to go on from, begins anew` });
  }
  const fitted = await fitFamily({
    family,
    dataset,
    featureNames: gathered.wide.features,
    plan,
    checkpoints,
    progress: (progress) => tell({ kind: 'fitting', family, ...progress }),
    goesOn: (after) => tell({ kind: 'resumed', text: `${family}: goes on after ${after}` }),
    shouldStop,
  });
  if (fitted === STOPPED) return undefined;
  const parts: CardParts = {
    plan,
    gathered,
    dataset,
    fitted,
    calibration: undefined,
    metrics: NO_METRICS,
    madeUs: clock.nowUs(),
    wallSeconds: clock.wallSeconds() - wallFrom,
    cpuSeconds: clock.cpuSeconds() - cpuFrom,
  };
  const learned = await calibrationOf(makeCard(parts), fitted, dataset, plan);
  const calibration = learned.kind === 'calibration' ? learned.calibration : undefined;
  const whyRaw = learned.kind === 'none' ? `not calibrated: ${learned.why}` : undefined;
  const worth = { ...parts, calibration };
  tell({
    kind: 'fitted',
    family,
    text: `${fitted.end}; ${whyRaw ?? `${calibration?.kind} calibration`}`,
  });
  return { fitted, parts: worth, card: makeCard(worth), whyRaw };
}

/** Steps need many samples, of which those that overlap are one; a line needs few. */
const ISOTONIC_ROWS = 3_000;

async function calibrationOf(
  card: ModelCard,
  fitted: Fitted,
  dataset: Dataset,
  plan: TrainPlan,
): Promise<Learned> {
  const { parts } = dataset;
  const probability = await scoresOf(card, fitted, dataset, parts.calibration, plan);
  const shares = sampleUniqueness(selectSamples(dataset.rows, parts.calibration));
  const independent = shares.reduce((sum, share) => sum + share, 0);
  const kind = independent >= ISOTONIC_ROWS ? 'isotonic' : 'platt';
  const { label, atUs } = dataset.rows;
  const scored = {
    probability,
    outcome: pick(label, parts.calibration),
    atUs: pick(atUs, parts.calibration),
    independent,
  };
  const trainedUntilUs = pick(atUs, parts.validation).at(-1) ?? Number.NEGATIVE_INFINITY;
  return fitCalibration(kind, scored, trainedUntilUs);
}

function gatheredText(gathered: Gathered, { windows, parts, weights }: Dataset): string {
  const { train, validation, calibration, test } = parts;
  const rows = gathered.rows.reduce((sum, { count }) => sum + count, 0);
  return (
    `${rows} rows of ${gathered.rows.length} symbols, ${windows.count} samples: ` +
    `${train.length} to learn from (worth ${Math.round(weights.effective)}), ` +
    `${validation.length} to stop by, ${calibration.length} to calibrate by, ` +
    `${test.length} for the test`
  );
}
