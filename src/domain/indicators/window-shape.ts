/**
 * The second, third and fourth moment of the last `period` values, without ever taking a value
 * away: a ring is filled lap by lap, whose moments are kept, and the places after the present one
 * hold those of the last lap from there to its end. Two groups join by the rules of Pebay (2008).
 * So a price a milliard times the usual leaves nothing behind when it goes.
 *
 * Values are taken from an anchor that is itself in the window (a lap's first value; for what is
 * left of the last lap, its last), so that cents keep their digits beside large prices.
 */

/** Slots to read after a step: the sums of the powers of the distances from the mean. */
export const SHAPE_SQUARES = 0;
export const SHAPE_CUBES = 1;
export const SHAPE_FOURTHS = 2;
const COUNT = 3; // Below `period`: values so far. From it on: `period` + next place in the ring.
const LAP_ANCHOR = 4;
const LAST_ANCHOR = 5; // Of what is left of the last lap.
const LAP = 6; // The four of the present lap: those above and the mean, from the anchor.
const SHAPE_MEAN = 3;
const RING = LAP + 4; // Four for each place: in this lap the value itself, else from there on.

export function shapeWidth(period: number): number {
  return RING + 4 * period;
}

/** What is read is NaN until the window is full. */
export function resetShape(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + 4 * period);
  state.fill(NaN, at, at + COUNT);
}

/** Takes a value; the moments now stand in the first three slots. */
export function slideShape(state: Float64Array, at: number, period: number, x: number): void {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const lap = at + LAP;
  if (place === 0) {
    for (let slot = lap; slot < lap + 4; slot += 1) state[slot] = 0;
    state[at + LAP_ANCHOR] = x;
  } else {
    include(state, lap, lap, place, x - (state[at + LAP_ANCHOR] ?? NaN));
  }
  const entry = at + RING + 4 * place;
  state[entry + SHAPE_MEAN] = x;

  const mine = place + 1;
  if (mine === period) {
    state[at + COUNT] = period;
    for (let slot = 0; slot < COUNT; slot += 1) state[at + slot] = state[lap + slot] ?? NaN;
    state[at + LAST_ANCHOR] = x;
    turnLap(state, at + RING, period, x);
    return;
  }
  state[at + COUNT] = count + 1;
  if (count >= period) join(state, at, entry + 4, period - mine, mine);
}

/** One value more for the moments of `count` values at `from`, written to `to`. */
function include(state: Float64Array, from: number, to: number, count: number, x: number): void {
  const all = count + 1;
  const mean = state[from + SHAPE_MEAN] ?? NaN;
  const squares = state[from + SHAPE_SQUARES] ?? NaN;
  const cubes = state[from + SHAPE_CUBES] ?? NaN;
  const delta = x - mean;
  const step = delta / all;
  const term = delta * step * count;
  state[to + SHAPE_FOURTHS] =
    (state[from + SHAPE_FOURTHS] ?? NaN) +
    term * step * step * (all * all - 3 * all + 3) +
    6 * step * step * squares -
    4 * step * cubes;
  state[to + SHAPE_CUBES] = cubes + term * step * (all - 2) - 3 * step * squares;
  state[to + SHAPE_SQUARES] = squares + term;
  state[to + SHAPE_MEAN] = mean + step;
}

/** The `a` values left of the last lap and the `b` of this one together, into the slots to read. */
function join(state: Float64Array, at: number, older: number, a: number, b: number): void {
  const lap = at + LAP;
  const all = a + b;
  const apart = (state[at + LAP_ANCHOR] ?? NaN) - (state[at + LAST_ANCHOR] ?? NaN);
  const delta = (state[lap + SHAPE_MEAN] ?? NaN) - (state[older + SHAPE_MEAN] ?? NaN) + apart;
  const step = delta / all;
  const squaresA = state[older + SHAPE_SQUARES] ?? NaN;
  const squaresB = state[lap + SHAPE_SQUARES] ?? NaN;
  const cubesA = state[older + SHAPE_CUBES] ?? NaN;
  const cubesB = state[lap + SHAPE_CUBES] ?? NaN;
  const term = delta * step * a * b;
  state[at + SHAPE_SQUARES] = squaresA + squaresB + term;
  state[at + SHAPE_CUBES] =
    cubesA + cubesB + term * step * (a - b) + 3 * step * (a * squaresB - b * squaresA);
  state[at + SHAPE_FOURTHS] =
    (state[older + SHAPE_FOURTHS] ?? NaN) +
    (state[lap + SHAPE_FOURTHS] ?? NaN) +
    term * step * step * (a * a - a * b + b * b) +
    6 * step * step * (a * a * squaresB + b * b * squaresA) +
    4 * step * (a * cubesB - b * cubesA);
}

/** The lap is complete: each place but the first takes the moments from itself to the end. */
function turnLap(state: Float64Array, ring: number, period: number, anchor: number): void {
  const last = ring + 4 * (period - 1);
  for (let slot = last; slot < last + 4; slot += 1) state[slot] = 0;
  for (let place = period - 2; place > 0; place -= 1) {
    const entry = ring + 4 * place;
    const x = (state[entry + SHAPE_MEAN] ?? NaN) - anchor;
    include(state, entry + 4, entry, period - 1 - place, x);
  }
}
