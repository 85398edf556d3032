import { log } from '../../core/math.ts';

/** A probability of nought that comes true costs this much and not everything. */
const PROBABILITY_EDGE = 1e-15;

/** What a probability costs when this came of it (1 or 0): -ln of what it gave to it. */
export function logLossOf(probability: number, outcome: number): number {
  const given = outcome === 1 ? probability : 1 - probability;
  return -log(Math.min(1, Math.max(PROBABILITY_EDGE, given)));
}

export function logLoss(probabilities: Float64Array, outcomes: Float64Array): number {
  return meanOf(probabilities, (value, at) => logLossOf(value, outcomes[at] ?? Number.NaN));
}

/** Mean squared error; of probabilities this is the Brier score. */
export function meanSquaredError(predictions: Float64Array, outcomes: Float64Array): number {
  return meanOf(predictions, (value, at) => square(value - (outcomes[at] ?? Number.NaN)));
}

export function meanAbsoluteError(predictions: Float64Array, outcomes: Float64Array): number {
  return meanOf(predictions, (value, at) => Math.abs(value - (outcomes[at] ?? Number.NaN)));
}

/** What was said and what came of it, of predictions between two bounds. */
export interface ReliabilityGroup {
  readonly said: number;
  readonly seen: number;
  readonly rows: number;
}

const GROUPS = 10;

/** By equal steps of probability, each with its lower bound; the last has both. Empty ones not. */
export function reliability(
  probabilities: Float64Array,
  outcomes: Float64Array,
  groups = GROUPS,
): readonly ReliabilityGroup[] {
  const said = new Float64Array(groups);
  const seen = new Float64Array(groups);
  const rows = new Int32Array(groups);
  probabilities.forEach((probability, at) => {
    const group = Math.min(groups - 1, Math.max(0, Math.floor(probability * groups)));
    said[group] = (said[group] ?? 0) + probability;
    seen[group] = (seen[group] ?? 0) + (outcomes[at] ?? Number.NaN);
    rows[group] = (rows[group] ?? 0) + 1;
  });
  return Array.from(rows, (count, group) => ({
    said: (said[group] ?? 0) / count,
    seen: (seen[group] ?? 0) / count,
    rows: count,
  })).filter((group) => group.rows > 0);
}

/** Expected calibration error: how far said and seen are apart by group, on average of rows. */
export function calibrationError(
  probabilities: Float64Array,
  outcomes: Float64Array,
  groups = GROUPS,
): number {
  let sum = 0;
  for (const { said, seen, rows } of reliability(probabilities, outcomes, groups)) {
    sum += rows * Math.abs(said - seen);
  }
  return sum / probabilities.length;
}

export function mean(values: Float64Array): number {
  return meanOf(values, (value) => value);
}

function meanOf(values: Float64Array, of: (value: number, at: number) => number): number {
  let sum = 0;
  values.forEach((value, at) => {
    sum += of(value, at);
  });
  return sum / values.length;
}

function square(value: number): number {
  return value * value;
}
