import type { FeatureRegistry } from '../../domain/features/registry.ts';
import type { EnsembleCard } from '../../models/artefact/ensemble-card.ts';
import type { Calibration, Family, ModelCard } from '../../models/artefact/card.ts';
import { pick, selectSamples } from '../../models/data/samples.ts';
import { sampleUniqueness } from '../../models/data/uniqueness.ts';
import { fitCalibration } from '../../models/validation/calibrate.ts';
import { type Dataset, datasetOf } from './dataset.ts';
import { type Checkpoints, type FitProgress, type Fitted, STOPPED } from './fit.ts';
import { fitFamily } from './fit-family.ts';
import { type Gathered, gatherRows } from './gather-rows.ts';
import { checkLeaks, leakText } from './leak-check.ts';
import { type Bench, type Judged, metricsOf, openBench } from './judge.ts';
import { type CardParts, makeCard, NO_METRICS } from './make-card.ts';
import { servedScores } from './served-scores.ts';
import { TrainError } from './train-error.ts';
import type { TrainPlan } from './train-plan.ts';
import type { TrainingStore } from './training-store.ts';
import { voteCard } from './vote-card.ts';

/** What a training says while it goes on. */
export type TrainingWord =
  | { readonly kind: 'gathering'; readonly what: string; readonly rows: number }
  | { readonly kind: 'gathered'; readonly text: string }
  /** Whether something foretold what nothing can. */
  | { readonly kind: 'checked'; readonly text: string }
  | ({ readonly kind: 'fitting'; readonly family: Family } & FitProgress)
  | { readonly kind: 'fitted'; readonly family: Family; readonly text: string };

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

export interface FailedFamily {
  readonly family: Family;
  readonly code: string;
  readonly reason: string;
}

export interface TrainingResult {
  readonly cards: readonly { readonly card: ModelCard; readonly folder: string }[];
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
    tell({ kind: 'checked', text: leakText(checkLeaks(dataset, plan.seed)) });
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
      failed.push({ family, ...reasonOf(error) });
    }
  }
  const result = await judgeAll(made, dataset, options);
  return { ...result, failed, isStopped };
}

/** What is wrong with our own code is none of a family's: it ends the training. */
function reasonOf(error: unknown): Omit<FailedFamily, 'family'> {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return { code: String(error.code), reason: error.message };
}

/** A model with what its scores are worth, before it was tested. */
interface Made {
  readonly fitted: Fitted;
  readonly parts: CardParts;
  readonly card: ModelCard;
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
  const fitted = await fitFamily({
    family,
    dataset,
    featureNames: gathered.wide.features,
    plan,
    checkpoints,
    progress: (progress) => tell({ kind: 'fitting', family, ...progress }),
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
  const calibration = await calibrationOf(makeCard(parts), fitted, dataset, plan);
  const worth = { ...parts, calibration };
  const text = `${fitted.end}; ${calibration?.kind ?? 'no'} calibration`;
  tell({ kind: 'fitted', family, text });
  return { fitted, parts: worth, card: makeCard(worth) };
}

/** Steps need many samples, of which those that overlap are one; a line needs few. */
const ISOTONIC_ROWS = 3_000;

async function calibrationOf(
  card: ModelCard,
  fitted: Fitted,
  dataset: Dataset,
  plan: TrainPlan,
): Promise<Calibration | undefined> {
  const { parts } = dataset;
  const probability = await scoresOf(card, fitted, dataset, parts.calibration, plan);
  const independent = sampleUniqueness(selectSamples(dataset.rows, parts.calibration));
  const worth = independent.reduce((sum, share) => sum + share, 0);
  const kind = worth >= ISOTONIC_ROWS ? 'isotonic' : 'platt';
  const { label, atUs } = dataset.rows;
  const scored = {
    probability,
    outcome: pick(label, parts.calibration),
    atUs: pick(atUs, parts.calibration),
  };
  const trainedUntilUs = pick(atUs, parts.validation).at(-1) ?? Number.NEGATIVE_INFINITY;
  return fitCalibration(kind, scored, trainedUntilUs);
}

async function scoresOf(
  card: ModelCard,
  { model, window }: Fitted,
  dataset: Dataset,
  places: Int32Array,
  plan: TrainPlan,
): Promise<Float64Array> {
  const samples = window === 1 ? dataset.rows : dataset.windows;
  const { runner } = plan.training;
  return await servedScores({ card, model, runner }, samples, places);
}

/** The final test: once, of all of them, after the last decision about any. */
async function judgeAll(made: readonly Made[], dataset: Dataset, options: TrainingOptions) {
  const { plan, save } = options;
  if (made.length === 0) return { cards: [] };
  const daysApart = plan.timeframe === '1d' ? plan.horizonBars : 1;
  const bench: Bench = openBench(dataset, {
    seed: plan.seed,
    daysApart,
    hasReturns: plan.purpose !== 'liquidity',
  });
  const judged: Judged[] = [];
  for (const { card, fitted } of made) {
    const scores = await scoresOf(card, fitted, dataset, dataset.parts.test, plan);
    judged.push({ name: card.name, scores });
  }
  const cards = made.map(({ parts, fitted }, at) => {
    const own = judged[at] ?? { name: '', scores: new Float64Array(0) };
    const card = makeCard({ ...parts, metrics: metricsOf(own, judged, bench) });
    return { card, folder: save(card, fitted.model) };
  });
  const members = cards.map(({ card }, at) => {
    return { card, scores: judged[at]?.scores ?? new Float64Array(0) };
  });
  if (plan.purpose === 'liquidity') return { cards };
  const vote = voteCard(`${plan.namePrefix}-ensemble`, members, bench);
  return { cards, ...(vote === undefined ? {} : { vote }) };
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
