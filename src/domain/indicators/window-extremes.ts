/**
 * Highest and lowest of the last `period` values, one comparison each (van Herk's laps): a ring is
 * filled lap by lap. Places up to the present one belong to this lap, whose extreme is kept; places
 * after it hold the extreme of the last lap from there to its end. Nothing is ever subtracted, so
 * a value that has left the window leaves no trace.
 */
const COUNT = 0; // Below `period`: values so far. From it on: `period` + next place in the ring.
const LAP = 1; // Extreme of the present lap.
const RING = 2;

/** Slots of one extreme, for `slideHighest` or `slideLowest`. */
export function extremeWidth(period: number): number {
  return RING + period;
}

/** All zero is the state before the first value, too. */
export function resetExtreme(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + period);
}

/** Takes a value and answers the highest of the last `period`; NaN until there are so many. */
export function slideHighest(
  state: Float64Array,
  at: number,
  period: number,
  value: number,
): number {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const highest = place === 0 ? value : Math.max(state[at + LAP] ?? NaN, value);
  state[at + LAP] = highest;
  state[ring + place] = value;
  if (place + 1 < period) {
    state[at + COUNT] = count + 1;
    return count < period ? NaN : Math.max(highest, state[ring + place + 1] ?? NaN);
  }
  state[at + COUNT] = period;
  let suffix = value;
  for (let index = ring + period - 2; index > ring; index -= 1) {
    suffix = Math.max(suffix, state[index] ?? NaN);
    state[index] = suffix;
  }
  return highest;
}

/** Takes a value and answers the lowest of the last `period`; NaN until there are so many. */
export function slideLowest(
  state: Float64Array,
  at: number,
  period: number,
  value: number,
): number {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const lowest = place === 0 ? value : Math.min(state[at + LAP] ?? NaN, value);
  state[at + LAP] = lowest;
  state[ring + place] = value;
  if (place + 1 < period) {
    state[at + COUNT] = count + 1;
    return count < period ? NaN : Math.min(lowest, state[ring + place + 1] ?? NaN);
  }
  state[at + COUNT] = period;
  let suffix = value;
  for (let index = ring + period - 2; index > ring; index -= 1) {
    suffix = Math.min(suffix, state[index] ?? NaN);
    state[index] = suffix;
  }
  return lowest;
}
