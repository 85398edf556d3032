import { Random } from '../../core/random.ts';
import { type Samples, selectSamples } from '../data/samples.ts';
import { areaUnderCurve } from './ranking.ts';
import { purgedFolds, type Split } from './splits.ts';

/** Learns a class and answers with what predicts it. */
export type TrainClass = (samples: Samples, seed: number) => (samples: Samples) => Float64Array;

export interface CanaryOptions {
  readonly seed: number;
  /** Many short tests: what a missing purge lets through lies at their edges. */
  readonly folds?: number;
  readonly embargoShare?: number;
  /** Drawings of labels, of which the mean counts: few samples, or slow features, need more. */
  readonly repetitions?: number;
}

export interface Canary {
  /** Area under the curve on labels that mean nothing, shuffled one by one. */
  readonly shuffled: number;
  /** On labels made of shuffled returns that overlap as the true ones do. */
  readonly overlapping: number;
  /** The same without purge and embargo: what a leak would look like to this learner. */
  readonly unpurged: number;
  /** Nothing was found where there is nothing. */
  readonly isClean: boolean;
  /** This learner would have shown a leak: without it, clean says little. */
  readonly isAlive: boolean;
}

const CANARY_LEAST = 0.45;
const CANARY_MOST = 0.55;

const FOLDS = 20;
const REPETITIONS = 3;
const SEED_STEP = 104_729;

/**
 * Trains on labels that nothing can foretell. Whoever foretells them has seen them: an area outside
 * 0.45 to 0.55 under purged folds is a leak in splits, features or training.
 */
export function leakCanary(train: TrainClass, samples: Samples, options: CanaryOptions): Canary {
  const { seed, folds = FOLDS, embargoShare = 0.01, repetitions = REPETITIONS } = options;
  const purged = purgedFolds(samples, { folds, embargoShare });
  const leaking = purgedFolds(samples, { folds, isPurged: false });
  const areas = { shuffled: 0, overlapping: 0, unpurged: 0 };
  for (let at = 0; at < repetitions; at += 1) {
    const drawn = new Random(seed + at * SEED_STEP);
    const alone = withLabels(samples, shuffledLabels(samples.label, drawn));
    const overlapping = withLabels(samples, overlappingLabels(samples, drawn));
    areas.shuffled += meanArea(train, alone, purged, seed) / repetitions;
    areas.overlapping += meanArea(train, overlapping, purged, seed) / repetitions;
    areas.unpurged += meanArea(train, overlapping, leaking, seed) / repetitions;
  }
  const isWithin = (area: number) => area >= CANARY_LEAST && area <= CANARY_MOST;
  return {
    ...areas,
    isClean: isWithin(areas.shuffled) && isWithin(areas.overlapping),
    isAlive: areas.unpurged > CANARY_MOST,
  };
}

/** Mean over folds: pooled, the base rates of the folds' complements alone would pull it down. */
function meanArea(
  train: TrainClass,
  samples: Samples,
  splits: readonly Split[],
  seed: number,
): number {
  let sum = 0;
  let weight = 0;
  for (const split of splits) {
    const test = selectSamples(samples, split.test);
    const learned = selectSamples(samples, split.train);
    if (!isMixed(test.label) || !isMixed(learned.label)) continue;
    const area = areaUnderCurve(train(learned, seed)(test), test.label);
    if (Number.isNaN(area)) continue;
    sum += area * test.count;
    weight += test.count;
  }
  return sum / weight;
}

function isMixed(labels: Float64Array): boolean {
  return labels.includes(0) && labels.includes(1);
}

/** Fisher and Yates. */
function shuffledLabels(labels: Float64Array, random: Random): Float64Array {
  const shuffled = labels.slice();
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [a, b] = [shuffled[at] ?? 0, shuffled[other] ?? 0];
    shuffled[at] = b;
    shuffled[other] = a;
  }
  return shuffled;
}

/**
 * Whether a random walk of each symbol rose over the time of each outcome. It moves at every moment
 * at which something was decided or known, so outcomes that share moments share steps.
 */
function overlappingLabels(samples: Samples, random: Random): Float64Array {
  const { atUs, knownUs, symbol } = samples;
  const moments = Float64Array.from(new Set([...atUs, ...knownUs])).toSorted();
  const place = new Map(Array.from(moments, (us, at) => [us, at]));
  const walks = samples.symbols.map(() => {
    let value = 0;
    return moments.map(() => (value += random.normal()));
  });
  return Float64Array.from(symbol, (of, at) => {
    const from = walks[of]?.[place.get(atUs[at] ?? 0) ?? 0] ?? Number.NaN;
    const to = walks[of]?.[place.get(knownUs[at] ?? 0) ?? 0] ?? Number.NaN;
    return Number(to > from);
  });
}

/** The return goes with the label: a learner of both would else be told the truth. */
function withLabels(samples: Samples, label: Float64Array): Samples {
  return { ...samples, label, forwardReturn: label.map((value) => value - 0.5) };
}
