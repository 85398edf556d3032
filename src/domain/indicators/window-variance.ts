/**
 * Spread of the last `period` values about their mean, by Welford's step for a window: one value
 * in, one out. Distances are kept from an anchor, one of the values, so that a small spread about
 * a high mean keeps its digits.
 *
 * What leaves the window was in it when it was last measured, at a lap's end at the latest. When
 * less than a ten-thousandth of the spread of then is left, rounding of what has gone could show
 * (of 16 digits a jump takes 4, a lap of steps 2): then the window is measured again.
 */
const COUNT = 0; // Below `period`: values so far. From it on: `period` + next place in the ring.
const ANCHOR = 1;
const MEAN = 2; // Less the anchor.
const SQUARES = 3; // Sum of squared distances from the mean.
const MEASURED = 4; // That sum when it was last measured.
const RING = 5;

const REMEASURE_BELOW = 1e-4;

export function windowVarianceWidth(period: number): number {
  return RING + period;
}

export function resetWindowVariance(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + period);
}

/**
 * Takes a value and answers the sum of squared distances from the mean of the last `period`: over
 * `period` it is the population's variance, over one less the sample's. NaN until there are as
 * many.
 */
export function slideWindowVariance(
  state: Float64Array,
  at: number,
  period: number,
  value: number,
): number {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const gone = state[ring + place] ?? NaN;
  state[ring + place] = value;
  const isLapEnd = place + 1 === period;
  state[at + COUNT] = isLapEnd ? period : count + 1;
  if (count + 1 < period) return NaN;
  if (isLapEnd) return measure(state, at, period, value);

  const anchor = state[at + ANCHOR] ?? NaN;
  const mean = state[at + MEAN] ?? NaN;
  const change = value - gone;
  const next = mean + change / period;
  const squares =
    (state[at + SQUARES] ?? NaN) + change * (value - anchor - next + (gone - anchor - mean));
  if (squares < (state[at + MEASURED] ?? NaN) * REMEASURE_BELOW) {
    return measure(state, at, period, value);
  }
  state[at + MEAN] = next;
  state[at + SQUARES] = squares;
  return squares;
}

/** Mean of the window, once it is full. */
export function windowMean(state: Float64Array, at: number): number {
  return (state[at + ANCHOR] ?? NaN) + (state[at + MEAN] ?? NaN);
}

/** How far a value stands above the mean of the window. */
export function aboveWindowMean(state: Float64Array, at: number, value: number): number {
  return value - (state[at + ANCHOR] ?? NaN) - (state[at + MEAN] ?? NaN);
}

/** Mean and squares from the values themselves, anchored at the newest. */
function measure(state: Float64Array, at: number, period: number, anchor: number): number {
  const ring = at + RING;
  let sum = 0;
  for (let index = ring; index < ring + period; index += 1) sum += (state[index] ?? NaN) - anchor;
  const mean = sum / period;
  let squares = 0;
  for (let index = ring; index < ring + period; index += 1) {
    const distance = (state[index] ?? NaN) - anchor - mean;
    squares += distance * distance;
  }
  state[at + ANCHOR] = anchor;
  state[at + MEAN] = mean;
  state[at + SQUARES] = squares;
  state[at + MEASURED] = squares;
  return squares;
}
