/**
 * Places in the order of value from 1, equals sharing the mean of theirs. NaN has no rank, and
 * spoils the others': what is made of them is NaN.
 */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, place) => place);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    const value = values[order[from] ?? 0];
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === value) to += 1;
    const rank = value === value ? (from + to + 1) / 2 : Number.NaN;
    for (let at = from; at < to; at += 1) result[order[at] ?? 0] = rank;
    from = to;
  }
  return result;
}

/**
 * How often a sample that came true had the higher score than one that did not, equals counting
 * half (the area under the ROC curve). NaN where all came out alike.
 */
export function areaUnderCurve(scores: Float64Array, outcomes: Float64Array): number {
  const places = ranks(scores);
  let positives = 0;
  let sum = 0;
  outcomes.forEach((outcome, at) => {
    if (outcome !== 1) return;
    positives += 1;
    sum += places[at] ?? Number.NaN;
  });
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Spearman's: the correlation of ranks. NaN where one side does not vary. */
export function rankCorrelation(a: Float64Array, b: Float64Array): number {
  return correlation(ranks(a), ranks(b));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [average(a), average(b)];
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let at = 0; at < a.length; at += 1) {
    const x = (a[at] ?? Number.NaN) - meanA;
    const y = (b[at] ?? Number.NaN) - meanB;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  if (!(squaresA > 0 && squaresB > 0)) return Number.NaN;
  return product / Math.sqrt(squaresA) / Math.sqrt(squaresB);
}

function average(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The information coefficient: how well a day's order was foretold, day by day. */
export interface InformationCoefficient {
  /** Mean over days; NaN where there was none. */
  readonly value: number;
  /** Its standard error over days. */
  readonly error: number;
  readonly days: number;
}

const SAMPLES_OF_A_DAY_LEAST = 5;

/** Rank correlation within each day that has five samples, and its mean over days. */
export function informationCoefficient(
  predictions: Float64Array,
  outcomes: Float64Array,
  days: Int32Array,
): InformationCoefficient {
  const values: number[] = [];
  for (const places of placesByDay(days).values()) {
    if (places.length < SAMPLES_OF_A_DAY_LEAST) continue;
    const of = (column: Float64Array) =>
      Float64Array.from(places, (place) => column[place] ?? Number.NaN);
    const value = rankCorrelation(of(predictions), of(outcomes));
    if (!Number.isNaN(value)) values.push(value);
  }
  const count = values.length;
  const middle = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0);
  return { value: middle, error: Math.sqrt(squares / (count - 1) / count), days: count };
}

function placesByDay(days: Int32Array): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  days.forEach((day, place) => {
    const known = places.get(day);
    if (known === undefined) places.set(day, [place]);
    else known.push(place);
  });
  return places;
}
