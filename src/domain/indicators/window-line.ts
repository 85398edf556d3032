/**
 * The straight line through the last `period` values with the least squares, by the laps and
 * anchors of window-shape.ts. Bars are a step apart, so two groups of a and b values join without
 * a division: their centres are (a + b) / 2 steps apart.
 */

/** Slots to read after a step: the mean is LINE_ANCHOR + LINE_MEAN. */
export const LINE_ANCHOR = 0;
export const LINE_MEAN = 1;
/** Sum of (bar - mean bar) * (value - mean). */
export const LINE_PRODUCTS = 2;
const COUNT = 3; // Below `period`: values so far. From it on: `period` + next place in the ring.
const LAP_ANCHOR = 4;
const LAP_MEAN = 5;
const LAP_PRODUCTS = 6;
const LAST_ANCHOR = 7; // Of what is left of the last lap.
const RING = 8; // `period` values of this lap or means of the last one's rests, then products.

export function lineWidth(period: number): number {
  return RING + 2 * period;
}

/** What is read is NaN until the window is full. */
export function resetLine(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + 2 * period);
  state.fill(NaN, at, at + COUNT);
}

/** Takes a value; mean and products now stand in the first three slots. */
export function slideLine(state: Float64Array, at: number, period: number, x: number): void {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  const mine = place + 1;
  const anchor = place === 0 ? x : (state[at + LAP_ANCHOR] ?? NaN);
  let mean = 0;
  let products = 0;
  if (place === 0) {
    state[at + LAP_ANCHOR] = x;
  } else {
    const before = state[at + LAP_MEAN] ?? NaN;
    const delta = x - anchor - before;
    mean = before + delta / mine;
    products = (state[at + LAP_PRODUCTS] ?? NaN) + delta * 0.5 * place;
  }
  state[at + LAP_MEAN] = mean;
  state[at + LAP_PRODUCTS] = products;
  state[ring + place] = x;

  if (mine === period) {
    state[at + COUNT] = period;
    state[at + LINE_ANCHOR] = anchor;
    state[at + LAST_ANCHOR] = x;
    turnLap(state, ring, period, x);
  } else {
    state[at + COUNT] = count + 1;
    if (count < period) return;
    const older = state[ring + mine] ?? NaN;
    const lastAnchor = state[at + LAST_ANCHOR] ?? NaN;
    const delta = mean - older + (anchor - lastAnchor);
    products += (state[ring + period + mine] ?? NaN) + delta * 0.5 * mine * (period - mine);
    mean = older + (delta * mine) / period;
    state[at + LINE_ANCHOR] = lastAnchor;
  }
  state[at + LINE_MEAN] = mean;
  state[at + LINE_PRODUCTS] = products;
}

/** What the products are divided by for the slope: the sum of (bar - mean bar) squared. */
export function lineSquares(period: number): number {
  return (period * (period * period - 1)) / 12;
}

/** The lap is complete: each place but the first takes mean and products from itself to the end. */
function turnLap(state: Float64Array, ring: number, period: number, anchor: number): void {
  let mean = 0;
  let products = 0;
  state[ring + period - 1] = 0;
  state[ring + 2 * period - 1] = 0;
  for (let place = period - 2; place > 0; place -= 1) {
    const others = period - 1 - place;
    const delta = mean - ((state[ring + place] ?? NaN) - anchor);
    products += delta * 0.5 * others;
    mean -= delta / (others + 1);
    state[ring + place] = mean;
    state[ring + period + place] = products;
  }
}
