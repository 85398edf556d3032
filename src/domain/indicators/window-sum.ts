/**
 * Sum of the last `period` values without ever taking one away: a ring is filled lap by lap, whose
 * sum is kept, and the places after the present one hold the sum of the last lap from there to its
 * end. Rounding cannot add up, and a window of zeros has the sum 0 whatever went before.
 */
const COUNT = 0; // Below `period`: values so far. From it on: `period` + next place in the ring.
const LAP = 1; // Sum of the present lap.
const RING = 2;

export function windowSumWidth(period: number): number {
  return RING + period;
}

export function resetWindowSum(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + period);
}

/** Takes a value and answers the sum of the last `period`; NaN until there are so many. */
export function slideWindowSum(
  state: Float64Array,
  at: number,
  period: number,
  value: number,
): number {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const sum = place === 0 ? value : (state[at + LAP] ?? NaN) + value;
  state[at + LAP] = sum;
  state[ring + place] = value;
  if (place + 1 < period) {
    state[at + COUNT] = count + 1;
    return count < period ? NaN : sum + (state[ring + place + 1] ?? NaN);
  }
  state[at + COUNT] = period;
  let suffix = value;
  for (let index = ring + period - 2; index > ring; index -= 1) {
    suffix += state[index] ?? NaN;
    state[index] = suffix;
  }
  return sum;
}
