import { assert } from '../../core/assert.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';

/**
 * Rows of features with what came of them: a column for each fact, a place for each sample, in the
 * order of their time and then of their symbol.
 *
 * A sample is decided at `atUs` by what was known then; what came of it is known at `knownUs`.
 */
export interface Samples {
  readonly count: number;
  /** Numbers in a row: `window` times the features, oldest first. */
  readonly width: number;
  /** `count` rows of `width`, raw. NaN: missing. */
  readonly features: Float64Array;
  /** Place in `symbols`. */
  readonly symbol: Int32Array;
  readonly symbols: readonly string[];
  readonly atUs: Float64Array;
  readonly knownUs: Float64Array;
  /** What is to be learned: 0 or 1 of a class, or a measure. */
  readonly label: Float64Array;
  /** Return from the decision to the end of the label. */
  readonly forwardReturn: Float64Array;
  /** What a sample counts for in training; the mean is 1 where `sampleWeights` made it. */
  readonly weight: Float64Array;
}

/** When samples were decided and when their outcomes were known: all that a split has to know. */
export type SampleTimes = Pick<Samples, 'atUs' | 'knownUs'>;

/** The samples at these places, in this order, with columns of their own. */
export function selectSamples(samples: Samples, places: Int32Array): Samples {
  const { width } = samples;
  const features = new Float64Array(places.length * width);
  places.forEach((place, to) => {
    assert(place >= 0 && place < samples.count, 'a place is of a sample');
    features.set(samples.features.subarray(place * width, (place + 1) * width), to * width);
  });
  return {
    count: places.length,
    width,
    features,
    symbol: places.map((place) => samples.symbol[place] ?? 0),
    symbols: samples.symbols,
    atUs: pick(samples.atUs, places),
    knownUs: pick(samples.knownUs, places),
    label: pick(samples.label, places),
    forwardReturn: pick(samples.forwardReturn, places),
    weight: pick(samples.weight, places),
  };
}

/** The values of a column at these places. */
export function pick(column: Float64Array, places: Int32Array): Float64Array {
  return Float64Array.from(places, (place) => column[place] ?? Number.NaN);
}

/** The row of a sample: a view. */
export function rowOf(samples: Samples, place: number): Float64Array {
  return samples.features.subarray(place * samples.width, (place + 1) * samples.width);
}

/** Days in New York, since 1970, on which the samples were decided. */
export function decisionDays(samples: Pick<Samples, 'atUs'>): Int32Array {
  return Int32Array.from(samples.atUs, newYorkDayNumber);
}
