/**
 * Mean and squared distances of the last `period` values, without ever taking a value away: a ring
 * is filled lap by lap, whose moments are kept, and the places after the present one hold those of
 * the last lap from there to its end. Two groups join by Chan, Golub and LeVeque's rule (1979), in
 * which every term is positive. So a price a milliard times the usual leaves nothing behind when it
 * goes, and a flat window has no deviation at all.
 *
 * Values are taken from an anchor that is itself in the window (a lap's first value; for what is
 * left of the last lap, its last), so that cents keep their digits beside large prices.
 */

/** Slots to read after a step: the mean is ANCHOR + MEAN, the squares are of distances from it. */
export const ANCHOR = 0;
export const MEAN = 1;
export const SQUARES = 2;
const COUNT = 3; // Below `period`: values so far. From it on: `period` + next place in the ring.
const LAP_ANCHOR = 4;
const LAP_MEAN = 5;
const LAP_SQUARES = 6;
const LAST_ANCHOR = 7; // Of what is left of the last lap.
const RING = 8; // `period` values of this lap or means of the last one's rests, then their squares.

export function momentsWidth(period: number): number {
  return RING + 2 * period;
}

/** What is read is NaN until the window is full. */
export function resetMoments(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + 2 * period);
  state.fill(NaN, at, at + COUNT);
}

/** Takes a value; the moments now stand in the first three slots. */
export function slideMoments(state: Float64Array, at: number, period: number, x: number): void {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const mine = place + 1;
  const anchor = place === 0 ? x : (state[at + LAP_ANCHOR] ?? NaN);
  let mean = 0;
  let squares = 0;
  if (place === 0) {
    state[at + LAP_ANCHOR] = x;
  } else {
    const before = state[at + LAP_MEAN] ?? NaN;
    const delta = x - anchor - before;
    mean = before + delta / mine;
    squares = (state[at + LAP_SQUARES] ?? NaN) + delta * (x - anchor - mean);
  }
  state[at + LAP_MEAN] = mean;
  state[at + LAP_SQUARES] = squares;
  state[ring + place] = x;

  if (mine === period) {
    state[at + COUNT] = period;
    state[at + ANCHOR] = anchor;
    state[at + LAST_ANCHOR] = x;
    turnLap(state, ring, period, x);
  } else {
    state[at + COUNT] = count + 1;
    if (count < period) return;
    const older = state[ring + mine] ?? NaN;
    const lastAnchor = state[at + LAST_ANCHOR] ?? NaN;
    const delta = mean - older + (anchor - lastAnchor);
    const share = (delta * mine) / period;
    squares += (state[ring + period + mine] ?? NaN) + delta * share * (period - mine);
    mean = older + share;
    state[at + ANCHOR] = lastAnchor;
  }
  state[at + MEAN] = mean;
  state[at + SQUARES] = squares;
}

/** The lap is complete: each place but the first takes the moments from itself to the end. */
function turnLap(state: Float64Array, ring: number, period: number, anchor: number): void {
  let mean = 0;
  let squares = 0;
  state[ring + period - 1] = 0;
  state[ring + 2 * period - 1] = 0;
  for (let place = period - 2; place > 0; place -= 1) {
    const x = (state[ring + place] ?? NaN) - anchor;
    const delta = x - mean;
    mean += delta / (period - place);
    squares += delta * (x - mean);
    state[ring + place] = mean;
    state[ring + period + place] = squares;
  }
}
