import { usOfNewYorkDay } from '../../domain/market/calendar.ts';
import { pick, type Samples, selectSamples } from '../data/samples.ts';
import type { NamedPredictions, Predicted } from './evaluate.ts';
import { fitLogistic, fitRidge, type LinearOptions, predictLinear } from './linear-model.ts';

export interface BaselineOptions {
  readonly predicted: Predicted;
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** What the line sees. Without it there is none: a window may have too many features for one. */
  readonly line?: LinearOptions;
}

/**
 * What a model has to beat, as predictions of the test samples.
 *
 * `base rate`: the mean of the training samples. `persistence`: the last outcome of the same symbol
 * that was known at the decision. `seasonal`: the same, of decisions at that time of the day. Of a
 * class both are the rate at which it followed such an outcome in training, since a hard 0 or 1
 * would lose everything once; of a return persistence is that the price stays. `logistic`, or
 * `ridge`: a line over the features.
 */
export function naiveBaselines(
  samples: Samples,
  options: BaselineOptions,
): readonly NamedPredictions[] {
  const { predicted, test, train } = options;
  const target = predicted === 'return' ? samples.forwardReturn : samples.label;
  const base = meanAt(target, train);
  const last = lastOutcomes(samples, target, (at) => samples.symbol[at] ?? 0);
  const ofTime = lastOutcomes(samples, target, (at) => seasonOf(samples, at));
  const stay = predicted === 'return' ? new Float64Array(samples.count) : last;
  const follow = (before: Float64Array) =>
    predicted === 'probability'
      ? followed(before, target, { train, test, base })
      : pick(before, test).map((value) => (Number.isNaN(value) ? base : value));
  return [
    { name: 'base rate', predictions: new Float64Array(test.length).fill(base) },
    { name: 'persistence', predictions: follow(stay) },
    { name: 'seasonal', predictions: follow(ofTime) },
    ...lineOf(samples, target, options),
  ];
}

function lineOf(
  samples: Samples,
  target: Float64Array,
  { predicted, train, test, line }: BaselineOptions,
): readonly NamedPredictions[] {
  if (line === undefined) return [];
  const learned = selectSamples(samples, train);
  const asked = selectSamples(samples, test);
  if (predicted === 'probability') {
    return [{ name: 'logistic', predictions: predictLinear(fitLogistic(learned, line), asked) }];
  }
  const model = fitRidge(learned, pick(target, train), line);
  return [{ name: 'ridge', predictions: predictLinear(model, asked) }];
}

/**
 * For each sample the outcome that was known last, at its decision, of those with the same key;
 * NaN where there was none.
 */
export function lastOutcomes(
  samples: Pick<Samples, 'atUs' | 'knownUs'>,
  target: Float64Array,
  keyOf: (place: number) => number,
): Float64Array {
  const { atUs, knownUs } = samples;
  const places = Array.from(atUs.keys());
  const byDecision = places.toSorted((a, b) => (atUs[a] ?? 0) - (atUs[b] ?? 0) || a - b);
  const byOutcome = places.toSorted(
    (a, b) => (knownUs[a] ?? 0) - (knownUs[b] ?? 0) || (atUs[a] ?? 0) - (atUs[b] ?? 0) || a - b,
  );
  const known = new Map<number, number>();
  const result = new Float64Array(atUs.length);
  let next = 0;
  for (const place of byDecision) {
    const nowUs = atUs[place] ?? Number.NaN;
    for (; next < byOutcome.length; next += 1) {
      const matured = byOutcome[next] ?? 0;
      if ((knownUs[matured] ?? Number.NaN) > nowUs) break;
      known.set(keyOf(matured), target[matured] ?? Number.NaN);
    }
    result[place] = known.get(keyOf(place)) ?? Number.NaN;
  }
  return result;
}

interface Followed {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly base: number;
}

/** How often 1 followed 0, and 1, in training; the base rate where nothing was known before. */
function followed(
  before: Float64Array,
  target: Float64Array,
  { train, test, base }: Followed,
): Float64Array {
  const ones = [0, 0];
  const counts = [0, 0];
  for (const place of train) {
    const last = before[place] ?? Number.NaN;
    if (Number.isNaN(last)) continue;
    ones[last] = (ones[last] ?? 0) + (target[place] ?? Number.NaN);
    counts[last] = (counts[last] ?? 0) + 1;
  }
  // As if two more had come out at the base rate: never quite 0 or 1.
  const rates = ones.map((count, last) => (count + 2 * base) / ((counts[last] ?? 0) + 2));
  return pick(before, test).map((last) => rates[last] ?? base);
}

/** One key for a symbol and a time of the day. */
function seasonOf({ symbol, atUs }: Samples, place: number): number {
  return (symbol[place] ?? 0) * US_OF_DAY + usOfNewYorkDay(atUs[place] ?? Number.NaN);
}

// With 90,000 symbols a key is still a whole number that a double holds.
const US_OF_DAY = 86_400_000_000;

function meanAt(column: Float64Array, places: Int32Array): number {
  let sum = 0;
  for (const place of places) sum += column[place] ?? Number.NaN;
  return sum / places.length;
}
