import type { Measured, Metrics } from '../../models/artefact/card.ts';
import { decisionDays, type Samples, selectSamples } from '../../models/data/samples.ts';
import { naiveBaselines } from '../../models/validation/baselines.ts';
import {
  type Comparison,
  evaluate,
  figuresOf,
  type Metrics as Evaluation,
} from '../../models/validation/evaluate.ts';
import { overfitProbability } from '../../models/validation/overfit-probability.ts';
import { deflatedSharpe, returnRecord } from '../../models/validation/sharpe.ts';
import type { Dataset } from './dataset.ts';

/** What every family is held against on the final test. */
export interface Bench {
  readonly test: Samples;
  readonly baselines: readonly { readonly name: string; readonly predictions: Float64Array }[];
  readonly seed: number;
  /** Days between two decisions whose outcomes do not overlap. */
  readonly daysApart: number;
  /** Whether what came of a decision is a return: else there is no Sharpe ratio of it. */
  readonly hasReturns: boolean;
}

export function openBench(
  dataset: Dataset,
  { seed, daysApart, hasReturns }: Pick<Bench, 'seed' | 'daysApart' | 'hasReturns'>,
): Bench {
  const { rows, parts } = dataset;
  const { train, test } = parts;
  const baselines = naiveBaselines(rows, { predicted: 'probability', train, test, line: {} });
  return { test: selectSamples(rows, test), baselines, seed, daysApart, hasReturns };
}

/** Mean return of a day that follows the score: with it above an even chance, against it below. */
function dailyReturns(scores: Float64Array, { test, daysApart }: Bench): Float64Array {
  const days = decisionDays(test);
  const distinct = [...new Set(days)].toSorted((left, right) => left - right);
  const chosen = distinct.filter((_, at) => at % daysApart === 0);
  const place = new Map(chosen.map((day, at) => [day, at]));
  const sums = new Float64Array(chosen.length);
  const counts = new Float64Array(chosen.length);
  days.forEach((day, at) => {
    const to = place.get(day);
    const score = scores[at] ?? Number.NaN;
    if (to === undefined || Number.isNaN(score)) return;
    sums[to] = (sums[to] ?? 0) + (score > 0.5 ? 1 : -1) * (test.forwardReturn[at] ?? 0);
    counts[to] = (counts[to] ?? 0) + 1;
  });
  return sums.map((sum, at) => sum / Math.max(1, counts[at] ?? 1));
}

export interface Judged {
  readonly name: string;
  /** Of the final test. */
  readonly scores: Float64Array;
}

/** The metrics of a card: the model beside its baselines, and what luck would have shown. */
export function metricsOf(judged: Judged, all: readonly Judged[], bench: Bench): Metrics {
  const { test, baselines, seed } = bench;
  const found = evaluate(judged.scores, test, { predicted: 'probability', baselines, seed });
  const luck = luckOf(judged, all, bench);
  return {
    primary: found.primary,
    rows: found.samples,
    effectiveRows: found.independentSamples,
    fromUs: found.fromUs,
    toUs: found.toUs,
    table: [
      { name: judged.name, role: 'model', figures: figuresOf(found) },
      ...found.comparisons.map((comparison, at) =>
        baselineLine(comparison, baselines[at]?.predictions, bench),
      ),
    ],
    verdict: verdictOf(found),
    beatsBaselines: found.verdict === 'better',
    trials: all.length,
    ...luck,
    reliability: found.reliability,
  };
}

function baselineLine(
  comparison: Comparison,
  predictions: Float64Array | undefined,
  { test, seed }: Bench,
): Measured {
  const { name, difference, low, high, level, blocks } = comparison;
  const own =
    predictions === undefined
      ? { logLoss: comparison.loss }
      : figuresOf(evaluate(predictions, test, { predicted: 'probability', baselines: [], seed }));
  const isClosed = Number.isFinite(low) && Number.isFinite(high);
  return {
    name,
    role: 'baseline',
    figures: own,
    difference: {
      metric: 'logLoss',
      value: difference,
      ...(isClosed ? { low, high } : {}),
      level,
      blocks,
    },
  };
}

/** In words: a model that beats nothing is a result. */
function verdictOf({ comparisons, verdict }: Evaluation): string {
  const of = (wanted: Comparison['verdict']) =>
    comparisons.flatMap((one) => (one.verdict === wanted ? [one.name] : []));
  if (verdict === 'better') return 'beats every naive baseline';
  const worse = of('worse');
  const undecided = of('no better');
  const better = of('better');
  const parts = [
    worse.length > 0 ? `worse than ${worse.join(', ')}` : '',
    undecided.length > 0 ? `not better than ${undecided.join(', ')}` : '',
    better.length > 0 ? `better than ${better.join(', ')}` : '',
  ].filter((part) => part !== '');
  const few = comparisons.some(({ low }) => !Number.isFinite(low));
  const why = few ? `; only ${comparisons[0]?.blocks ?? 0} independent days, too few to say` : '';
  return `does not beat the naive baseline: ${parts.join('; ')}${why}`;
}

/** Periods that a half must have for the split of halves to say something. */
const BLOCKS = 4;

function luckOf(judged: Judged, all: readonly Judged[], bench: Bench) {
  if (!bench.hasReturns) return {};
  const own = dailyReturns(judged.scores, bench);
  const record = returnRecord(own);
  if (record === undefined || own.length < 2) return {};
  const others = all.map(({ scores }) => dailyReturns(scores, bench));
  const sharpes = others.flatMap((returns) => returnRecord(returns)?.sharpe ?? []);
  const deflated = deflatedSharpe(record, { count: all.length, variance: varianceOf(sharpes) });
  return {
    ...(Number.isFinite(deflated) ? { deflatedSharpe: deflated } : {}),
    ...overfit(others, own.length),
  };
}

/** Of the choice among all of them: the same on every card. */
function overfit(others: readonly Float64Array[], periods: number) {
  if (others.length < 2 || periods < 2 * BLOCKS) return {};
  const values = Float64Array.from(
    { length: periods * others.length },
    (_, at) => others[at % others.length]?.[Math.floor(at / others.length)] ?? 0,
  );
  const { probability } = overfitProbability({ values, periods, trials: others.length }, BLOCKS);
  return { overfitProbability: probability };
}

function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (
    values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1)
  );
}
