import { assert } from '../../core/assert.ts';
import { wilsonInterval } from '../../core/wilson.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import { effectiveCount } from '../data/sample-weights.ts';
import { pick, type Samples } from '../data/samples.ts';
import { sampleUniqueness } from '../data/uniqueness.ts';
import { type DayBlocks, dayBlocks, meanInterval, type ResampleOptions } from './day-blocks.ts';
import {
  calibrationError,
  logLoss,
  logLossOf,
  mean,
  meanAbsoluteError,
  meanSquaredError,
  type ReliabilityGroup,
  reliability,
} from './pointwise.ts';
import {
  areaUnderCurve,
  type InformationCoefficient,
  informationCoefficient,
  rankCorrelation,
} from './ranking.ts';

/** What a prediction is of: a class (its probability), the forward return, or another measure. */
export type Predicted = 'probability' | 'return' | 'value';

export interface NamedPredictions {
  readonly name: string;
  readonly predictions: Float64Array;
}

export interface EvaluateOptions {
  readonly predicted: Predicted;
  /** What the model is held against: a baseline, a member, the model before it. */
  readonly baselines: readonly NamedPredictions[];
  readonly seed: number;
  readonly level?: number;
  readonly repetitions?: number;
}

/** `better` and `worse` only where the whole interval is on that side of nought. */
export type Verdict = 'better' | 'no better' | 'worse';

/** The model less another, of the loss, on the same samples. Below nought is better. */
export interface Comparison {
  readonly name: string;
  /** The other's loss. */
  readonly loss: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Independent blocks of days that the interval rests on. */
  readonly blocks: number;
  readonly verdict: Verdict;
}

/** What can be said of predictions. NaN where it does not apply: `figuresOf` leaves that out. */
export interface Metrics {
  readonly predicted: Predicted;
  /** What decides: lower is better. */
  readonly primary: 'logLoss' | 'squaredError';
  readonly samples: number;
  /** Samples without a finite prediction of the model or of a baseline: not among `samples`. */
  readonly unanswered: number;
  /** Kish's size by the weights of the samples. */
  readonly effectiveSamples: number;
  /** Sum of uniqueness: outcomes that overlap count once. */
  readonly independentSamples: number;
  readonly days: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly loss: number;
  /** Share of outcomes that are 1; of a measure, its mean. */
  readonly baseRate: number;
  readonly logLoss: number;
  readonly brier: number;
  readonly calibrationError: number;
  readonly areaUnderCurve: number;
  /** Share that was right at a threshold of one half; Wilson's, of as many as are independent. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly squaredError: number;
  readonly absoluteError: number;
  /** Within days, against the forward return (of a measure: against it). */
  readonly informationCoefficient: InformationCoefficient;
  /** Over all samples at once, against the same. */
  readonly rankCorrelation: number;
  readonly reliability: readonly ReliabilityGroup[];
  readonly comparisons: readonly Comparison[];
  /** Better than every baseline, worse than one, or neither. */
  readonly verdict: Verdict;
}

const LEVEL = 0.95;
const REPETITIONS = 2_000;
const SEED_STEP = 7_919;

/**
 * All that can be said of predictions on samples that the model has not seen: each figure beside
 * its baselines, with intervals that know that samples of a day, and outcomes that overlap, are not
 * independent. No sample counts more than another.
 */
export function evaluate(
  predictions: Float64Array,
  samples: Samples,
  options: EvaluateOptions,
): Metrics {
  const { predicted, baselines, seed, level = LEVEL, repetitions = REPETITIONS } = options;
  const all = [predictions, ...baselines.map((baseline) => baseline.predictions)];
  assert(
    all.every((column) => column.length === samples.count),
    'there is a prediction for each sample',
  );
  const places = answeredPlaces(all, samples.count);
  const seen = { predicted, samples, places };
  const sizes = sizesOf(seen);
  const model = pick(predictions, places);
  const target = pick(predicted === 'return' ? samples.forwardReturn : samples.label, places);
  const losses = lossesOf(predicted, model, target);
  const days = daysAt(samples.atUs, places);
  const blocks = dayBlocks(days, daysAt(samples.knownUs, places));
  const comparisons = baselines.map(({ name, predictions: others }, at) => {
    const otherLosses = lossesOf(predicted, pick(others, places), target);
    const resampling = { seed: seed + at * SEED_STEP, level, repetitions };
    return compareLosses(name, [losses, otherLosses], blocks, resampling);
  });
  return {
    ...sizes,
    unanswered: samples.count - places.length,
    days: blocks.days,
    loss: mean(losses),
    baseRate: mean(target),
    squaredError: meanSquaredError(model, target),
    absoluteError: meanAbsoluteError(model, target),
    ...probabilityFigures(predicted, model, target, sizes.independentSamples),
    ...rankFigures(seen, model, days),
    comparisons,
    verdict: overall(comparisons),
  };
}

/** The figures that are numbers and finite, by the names that a model card has for them. */
export function figuresOf(metrics: Metrics): Readonly<Record<string, number>> {
  const { informationCoefficient: ic } = metrics;
  const named: readonly (readonly [string, number])[] = [
    ['samples', metrics.samples],
    ['unanswered', metrics.unanswered],
    ['effectiveSamples', metrics.effectiveSamples],
    ['independentSamples', metrics.independentSamples],
    ['days', metrics.days],
    ['baseRate', metrics.baseRate],
    ['logLoss', metrics.logLoss],
    ['brier', metrics.brier],
    ['calibrationError', metrics.calibrationError],
    ['auc', metrics.areaUnderCurve],
    ['accuracy', metrics.accuracy],
    ['accuracyLow', metrics.accuracyLow],
    ['accuracyHigh', metrics.accuracyHigh],
    ['squaredError', metrics.squaredError],
    ['absoluteError', metrics.absoluteError],
    ['informationCoefficient', ic.value],
    ['informationCoefficientError', ic.error],
    ['rankCorrelation', metrics.rankCorrelation],
  ];
  return Object.fromEntries(named.filter(([, value]) => Number.isFinite(value)));
}

interface Seen {
  readonly predicted: Predicted;
  readonly samples: Samples;
  readonly places: Int32Array;
}

function answeredPlaces(columns: readonly Float64Array[], count: number): Int32Array {
  const places = Int32Array.from({ length: count }, (_, place) => place);
  return places.filter((place) => columns.every((column) => Number.isFinite(column[place])));
}

function daysAt(us: Float64Array, places: Int32Array): Int32Array {
  return places.map((place) => newYorkDayNumber(us[place] ?? Number.NaN));
}

function lossesOf(predicted: Predicted, said: Float64Array, target: Float64Array): Float64Array {
  if (predicted !== 'probability') {
    return said.map((value, at) => (value - (target[at] ?? 0)) * (value - (target[at] ?? 0)));
  }
  assert(
    said.every((value) => value >= 0 && value <= 1),
    'a probability is between 0 and 1',
  );
  assert(
    target.every((value) => value === 0 || value === 1),
    'what a probability is of is 0 or 1',
  );
  return said.map((value, at) => logLossOf(value, target[at] ?? Number.NaN));
}

function compareLosses(
  name: string,
  [model, other]: readonly [Float64Array, Float64Array],
  blocks: DayBlocks,
  resampling: ResampleOptions,
): Comparison {
  const differences = model.map((loss, at) => loss - (other[at] ?? Number.NaN));
  const { value, low, high, blocks: independent } = meanInterval(differences, blocks, resampling);
  return {
    name,
    loss: mean(other),
    difference: value,
    low,
    high,
    level: resampling.level,
    blocks: independent,
    verdict: high < 0 ? 'better' : low > 0 ? 'worse' : 'no better',
  };
}

function sizesOf({ predicted, samples, places }: Seen) {
  const primary: Metrics['primary'] = predicted === 'probability' ? 'logLoss' : 'squaredError';
  const uniqueness = sampleUniqueness(samples);
  const atUs = pick(samples.atUs, places);
  return {
    predicted,
    primary,
    samples: places.length,
    effectiveSamples: effectiveCount(pick(samples.weight, places)),
    independentSamples: pick(uniqueness, places).reduce((sum, value) => sum + value, 0),
    fromUs: atUs.reduce((least, us) => Math.min(least, us), Number.POSITIVE_INFINITY),
    toUs: atUs.reduce((most, us) => Math.max(most, us), Number.NEGATIVE_INFINITY),
  };
}

function probabilityFigures(
  predicted: Predicted,
  model: Float64Array,
  target: Float64Array,
  independent: number,
) {
  if (predicted !== 'probability') {
    const none = Number.NaN;
    return {
      logLoss: none,
      brier: none,
      calibrationError: none,
      areaUnderCurve: none,
      accuracy: none,
      accuracyLow: none,
      accuracyHigh: none,
      reliability: [],
    };
  }
  let right = 0;
  model.forEach((value, at) => {
    if (value >= 0.5 === (target[at] === 1)) right += 1;
  });
  const accuracy = right / model.length;
  const interval = wilsonInterval(accuracy * independent, independent);
  return {
    logLoss: logLoss(model, target),
    brier: meanSquaredError(model, target),
    calibrationError: calibrationError(model, target),
    areaUnderCurve: areaUnderCurve(model, target),
    accuracy,
    accuracyLow: interval.low,
    accuracyHigh: interval.high,
    reliability: reliability(model, target),
  };
}

function rankFigures({ predicted, samples, places }: Seen, model: Float64Array, days: Int32Array) {
  const outcome = pick(predicted === 'value' ? samples.label : samples.forwardReturn, places);
  return {
    informationCoefficient: informationCoefficient(model, outcome, days),
    rankCorrelation: rankCorrelation(model, outcome),
  };
}

function overall(comparisons: readonly Comparison[]): Verdict {
  if (comparisons.some(({ verdict }) => verdict === 'worse')) return 'worse';
  const isBest = comparisons.length > 0 && comparisons.every(({ verdict }) => verdict === 'better');
  return isBest ? 'better' : 'no better';
}
