/**
 * Squared distances from their means, and the products of these, for the last `period` pairs of
 * values, by the laps and anchors of window-shape.ts: what has left the window leaves nothing
 * behind.
 */

/** Slots to read after a step. */
export const SQUARES_X = 0;
export const SQUARES_Y = 1;
/** Sum of products of the distances from both means. */
export const PRODUCTS = 2;
const COUNT = 3; // Below `period`: pairs so far. From it on: `period` + next place in the ring.
const LAP_ANCHOR_X = 4;
const LAP_ANCHOR_Y = 5;
const LAST_ANCHOR_X = 6; // Of what is left of the last lap.
const LAST_ANCHOR_Y = 7;
const LAP = 8; // The five of the present lap: those above and both means, from the anchor.
const MEAN_X = 3;
const MEAN_Y = 4;
const RING = LAP + 5; // Five for each place: in this lap the pair itself, else from there on.

export function comomentsWidth(period: number): number {
  return RING + 5 * period;
}

/** What is read is NaN until the window is full. */
export function resetComoments(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + 5 * period);
  state.fill(NaN, at, at + COUNT);
}

/** Takes a pair; the moments now stand in the first three slots. */
export function slideComoments(
  state: Float64Array,
  at: number,
  period: number,
  x: number,
  y: number,
): void {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const lap = at + LAP;
  if (place === 0) {
    for (let slot = lap; slot < lap + 5; slot += 1) state[slot] = 0;
    state[at + LAP_ANCHOR_X] = x;
    state[at + LAP_ANCHOR_Y] = y;
  } else {
    const anchorX = state[at + LAP_ANCHOR_X] ?? NaN;
    include(state, lap, lap, place, x - anchorX, y - (state[at + LAP_ANCHOR_Y] ?? NaN));
  }
  const entry = at + RING + 5 * place;
  state[entry + MEAN_X] = x;
  state[entry + MEAN_Y] = y;

  const mine = place + 1;
  if (mine === period) {
    state[at + COUNT] = period;
    for (let slot = 0; slot < COUNT; slot += 1) state[at + slot] = state[lap + slot] ?? NaN;
    state[at + LAST_ANCHOR_X] = x;
    state[at + LAST_ANCHOR_Y] = y;
    turnLap(state, at + RING, period, x, y);
    return;
  }
  state[at + COUNT] = count + 1;
  if (count >= period) join(state, at, entry + 5, period - mine, mine);
}

/** One pair more for the moments of `count` pairs at `from` (Welford's step), written to `to`. */
function include(
  state: Float64Array,
  from: number,
  to: number,
  count: number,
  x: number,
  y: number,
): void {
  const oldX = state[from + MEAN_X] ?? NaN;
  const oldY = state[from + MEAN_Y] ?? NaN;
  const deltaX = x - oldX;
  const deltaY = y - oldY;
  const meanX = oldX + deltaX / (count + 1);
  const meanY = oldY + deltaY / (count + 1);
  state[to + SQUARES_X] = (state[from + SQUARES_X] ?? NaN) + deltaX * (x - meanX);
  state[to + SQUARES_Y] = (state[from + SQUARES_Y] ?? NaN) + deltaY * (y - meanY);
  state[to + PRODUCTS] = (state[from + PRODUCTS] ?? NaN) + deltaX * (y - meanY);
  state[to + MEAN_X] = meanX;
  state[to + MEAN_Y] = meanY;
}

/** The rest of the last lap and the present one together, into the slots to read. */
function join(state: Float64Array, at: number, older: number, others: number, mine: number): void {
  const lap = at + LAP;
  const all = others + mine;
  const apartX = (state[at + LAP_ANCHOR_X] ?? NaN) - (state[at + LAST_ANCHOR_X] ?? NaN);
  const apartY = (state[at + LAP_ANCHOR_Y] ?? NaN) - (state[at + LAST_ANCHOR_Y] ?? NaN);
  const deltaX = (state[lap + MEAN_X] ?? NaN) - (state[older + MEAN_X] ?? NaN) + apartX;
  const deltaY = (state[lap + MEAN_Y] ?? NaN) - (state[older + MEAN_Y] ?? NaN) + apartY;
  const x = (deltaX * mine * others) / all;
  const y = (deltaY * mine * others) / all;
  state[at + SQUARES_X] =
    (state[lap + SQUARES_X] ?? NaN) + (state[older + SQUARES_X] ?? NaN) + deltaX * x;
  state[at + SQUARES_Y] =
    (state[lap + SQUARES_Y] ?? NaN) + (state[older + SQUARES_Y] ?? NaN) + deltaY * y;
  state[at + PRODUCTS] =
    (state[lap + PRODUCTS] ?? NaN) + (state[older + PRODUCTS] ?? NaN) + deltaX * y;
}

/** The lap is complete: each place but the first takes the moments from itself to the end. */
function turnLap(
  state: Float64Array,
  ring: number,
  period: number,
  anchorX: number,
  anchorY: number,
): void {
  const last = ring + 5 * (period - 1);
  for (let slot = last; slot < last + 5; slot += 1) state[slot] = 0;
  for (let place = period - 2; place > 0; place -= 1) {
    const entry = ring + 5 * place;
    const x = (state[entry + MEAN_X] ?? NaN) - anchorX;
    const y = (state[entry + MEAN_Y] ?? NaN) - anchorY;
    include(state, entry + 5, entry, period - 1 - place, x, y);
  }
}
