import { assert } from '../../core/assert.ts';
import type { SampleTimes } from '../data/samples.ts';

/**
 * Places of samples to learn from and to be tested on. No outcome of the training part was known
 * only within the time of the test part, nor the other way round.
 */
export interface Split {
  readonly fold: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** Left out of training: their outcomes overlap those of the test. */
  readonly purged: number;
  /** Left out of training: they follow the test too closely. */
  readonly embargoed: number;
}

export interface PurgedFoldOptions {
  readonly folds: number;
  /** This share of all times, after the test, is not learned from. */
  readonly embargoShare?: number;
  /** Off only to show what it prevents: the leak canary does. */
  readonly isPurged?: boolean;
}

/**
 * Purged k-fold cross-validation with embargo (Lopez de Prado, "Advances in financial machine
 * learning", 7.4). Folds are blocks of time: all samples of one moment are in one fold. A sample is
 * purged where its span, from decision to outcome, touches that of the test.
 */
export function purgedFolds(times: SampleTimes, options: PurgedFoldOptions): readonly Split[] {
  const { folds, embargoShare = 0, isPurged = true } = options;
  const moments = distinctTimes(times.atUs);
  assert(Number.isInteger(folds) && folds > 1, 'there are two folds at least');
  assert(moments.length >= folds, 'there is a moment for each fold');
  const embargo = Math.floor(embargoShare * moments.length);
  return Array.from({ length: folds }, (_, fold) => {
    const from = Math.floor((fold * moments.length) / folds);
    const to = Math.floor(((fold + 1) * moments.length) / folds);
    const fromUs = moments[from] ?? Number.NaN;
    const toUs = moments[to] ?? Number.POSITIVE_INFINITY;
    return splitAround(times, { fold, fromUs, toUs, moments, embargo, isPurged });
  });
}

interface TestBlock {
  readonly fold: number;
  readonly fromUs: number;
  /** The first moment after the test. */
  readonly toUs: number;
  readonly moments: Float64Array;
  readonly embargo: number;
  readonly isPurged: boolean;
}

function splitAround(times: SampleTimes, block: TestBlock): Split {
  const { atUs, knownUs } = times;
  const { fold, fromUs, toUs, moments, embargo, isPurged } = block;
  const test = placesWhere(atUs, (at) => at >= fromUs && at < toUs);
  let endUs = fromUs;
  for (const place of test) endUs = Math.max(endUs, knownUs[place] ?? Number.NaN);
  const firstAfter = firstAbove(moments, endUs);
  const freeUs = moments[firstAfter + embargo] ?? Number.POSITIVE_INFINITY;

  const train: number[] = [];
  let purged = 0;
  let embargoed = 0;
  for (let place = 0; place < atUs.length; place += 1) {
    const at = atUs[place] ?? Number.NaN;
    if (at >= fromUs && at < toUs) continue;
    const isBefore = (knownUs[place] ?? Number.NaN) < fromUs;
    if (!isPurged || isBefore || at >= freeUs) train.push(place);
    else if (at > endUs) embargoed += 1;
    else purged += 1;
  }
  return { fold, train: Int32Array.from(train), test, purged, embargoed };
}

export interface WalkOptions {
  /** How far back is learned from; everything that is past where absent. */
  readonly trainUs?: number;
  /** The first test begins so long after the first sample. */
  readonly firstTestUs: number;
  readonly testUs: number;
  /** Between the last outcome that is learned from and the first decision that is tested. */
  readonly gapUs: number;
}

/** Walk-forward: learn from the past, test what follows, and go on by the length of the test. */
export function walkForward(times: SampleTimes, options: WalkOptions): readonly Split[] {
  const { trainUs = Number.POSITIVE_INFINITY, firstTestUs, testUs, gapUs } = options;
  assert(testUs > 0 && firstTestUs > 0 && gapUs >= 0, 'a walk goes forward');
  const moments = distinctTimes(times.atUs);
  const endUs = moments.at(-1) ?? Number.NEGATIVE_INFINITY;
  const splits: Split[] = [];
  let fromUs = (moments[0] ?? Number.NaN) + firstTestUs;
  for (; fromUs <= endUs; fromUs += testUs) {
    const test = placesWhere(times.atUs, (at) => at >= fromUs && at < fromUs + testUs);
    const past = { fromUs: fromUs - trainUs, toUs: fromUs, gapUs };
    const { train, purged } = learnedBefore(times, past);
    if (test.length === 0 || train.length === 0) continue;
    splits.push({ fold: splits.length, train, test, purged, embargoed: 0 });
  }
  return splits;
}

/** Parts of one data set in the order of time, as shares of its moments; the last is the test. */
export interface Parts {
  readonly train: Int32Array;
  /** Stops the training. */
  readonly validation: Int32Array;
  /** Teaches what a score is worth. Later than all that was learned from. */
  readonly calibration: Int32Array;
  readonly test: Int32Array;
  readonly purged: number;
}

export interface PartOptions {
  /** Shares of the moments; the rest is the test. */
  readonly train: number;
  readonly validation: number;
  readonly calibration: number;
  /** Between the last outcome of a part and the first decision of the next. */
  readonly gapUs?: number;
}

/** One cut of a data set: what is learned from, then what stops it, calibrates it and tests it. */
export function chronologicalParts(times: SampleTimes, options: PartOptions): Parts {
  const { train, validation, calibration, gapUs = 0 } = options;
  const shares = [0, train, train + validation, train + validation + calibration, 1];
  assert(train > 0 && validation >= 0 && calibration >= 0, 'a part is a share');
  assert((shares[3] ?? 1) < 1, 'there is something left to test on');
  const moments = distinctTimes(times.atUs);
  const edges = shares.map(
    (share) => moments[Math.round(share * moments.length)] ?? Number.POSITIVE_INFINITY,
  );
  let purged = 0;
  const part = (from: number): Int32Array => {
    const [fromUs, toUs] = [edges[from] ?? Number.NaN, edges[from + 1] ?? Number.NaN];
    if (fromUs === toUs) return new Int32Array();
    const found = learnedBefore(times, { fromUs, toUs, gapUs });
    purged += found.purged;
    return found.train;
  };
  const first = { train: part(0), validation: part(1), calibration: part(2) };
  return { ...first, test: part(3), purged };
}

interface Past {
  readonly fromUs: number;
  readonly toUs: number;
  readonly gapUs: number;
}

/** What was decided in a time and known before its end, and how many were not. */
function learnedBefore(times: SampleTimes, { fromUs, toUs, gapUs }: Past) {
  const decided = placesWhere(times.atUs, (at) => at >= fromUs && at < toUs);
  const limitUs = toUs - gapUs;
  const train = decided.filter((place) => (times.knownUs[place] ?? Number.NaN) < limitUs);
  return { train, purged: decided.length - train.length };
}

function distinctTimes(atUs: Float64Array): Float64Array {
  return Float64Array.from(new Set(atUs)).toSorted();
}

function placesWhere(column: Float64Array, isWanted: (value: number) => boolean): Int32Array {
  const places: number[] = [];
  column.forEach((value, place) => {
    if (isWanted(value)) places.push(place);
  });
  return Int32Array.from(places);
}

/** The place of the first that is above a value, of numbers that rise. */
function firstAbove(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? Number.NaN) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
