import type { EnsembleCard } from '../../models/artefact/ensemble-card.ts';
import type { Family, ModelCard } from '../../models/artefact/card.ts';
import type { Dataset } from './dataset.ts';
import type { Fitted } from './fit.ts';
import { type Judged, metricsOf, openBench } from './judge.ts';
import { type CardParts, makeCard } from './make-card.ts';
import { servedScores } from './served-scores.ts';
import type { TrainPlan } from './train-plan.ts';
import { voteCard } from './vote-card.ts';

/** A model with what its scores are worth, before it was tested. */
export interface Made {
  readonly fitted: Fitted;
  readonly parts: CardParts;
  readonly card: ModelCard;
  /** Why its scores stay as they are; undefined where they were calibrated. */
  readonly whyRaw: string | undefined;
}

export interface KeptModel {
  readonly card: ModelCard;
  readonly folder: string;
}

/** What was wrong with a family, or with the vote of several. */
export interface FailedFamily {
  readonly family: Family | 'ensemble';
  readonly code: string;
  readonly reason: string;
}

export interface JudgeOptions {
  readonly plan: TrainPlan;
  readonly tell: (family: Family, at: number, of: number) => void;
  /** Asked before each. */
  readonly shouldStop: () => boolean;
  readonly save: (card: ModelCard, model: Uint8Array) => string;
}

export interface JudgedFamilies {
  readonly cards: readonly KeptModel[];
  readonly vote?: EnsembleCard;
  readonly failed: readonly FailedFamily[];
  readonly isStopped: boolean;
}

/**
 * The final test: once, of all of them, after the last decision about any. One that cannot be
 * judged or kept is no reason to lose the others. Where it is asked to stop nothing is kept: what
 * luck would have shown is told from all of them.
 */
export async function judgeFamilies(
  made: readonly Made[],
  dataset: Dataset,
  options: JudgeOptions,
): Promise<JudgedFamilies> {
  const { plan, tell, shouldStop, save } = options;
  const failed: FailedFamily[] = [];
  if (made.length === 0) return { cards: [], failed, isStopped: false };
  const daysApart = plan.timeframe === '1d' ? plan.horizonBars : 1;
  const hasReturns = plan.purpose !== 'liquidity';
  const bench = openBench(dataset, { seed: plan.seed, daysApart, hasReturns });
  const found: { readonly made: Made; readonly judged: Judged }[] = [];
  for (const [at, one] of made.entries()) {
    if (shouldStop()) return { cards: [], failed, isStopped: true };
    const { fitted, card } = one;
    tell(fitted.family, at + 1, made.length);
    try {
      const scores = await scoresOf(card, fitted, dataset, dataset.parts.test, plan);
      found.push({ made: one, judged: { name: card.name, scores } });
    } catch (error) {
      failed.push(failureOf(fitted.family, error));
    }
  }
  const all = found.map(({ judged }) => judged);
  const kept = found.flatMap(({ made: { parts, fitted, whyRaw }, judged }) => {
    try {
      const { verdict, ...figures } = metricsOf(judged, all, bench);
      const words = whyRaw === undefined ? verdict : `${verdict}; ${whyRaw}`;
      const card = makeCard({ ...parts, metrics: { ...figures, verdict: words } });
      return [{ card, folder: save(card, fitted.model), scores: judged.scores }];
    } catch (error) {
      failed.push(failureOf(fitted.family, error));
      return [];
    }
  });
  const cards = kept.map(({ card, folder }) => ({ card, folder }));
  const vote = hasReturns ? voteCard(`${plan.namePrefix}-ensemble`, kept, bench) : undefined;
  return { cards, failed, isStopped: false, ...(vote === undefined ? {} : { vote }) };
}

/** What is wrong with our own code is none of a family's: it ends the training. */
export function failureOf(family: FailedFamily['family'], error: unknown): FailedFamily {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return { family, code: String(error.code), reason: error.message };
}

export async function scoresOf(
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
