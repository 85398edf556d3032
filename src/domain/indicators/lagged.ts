/** A ring of the last values, to know what was so many bars ago. */
const PLACE = 0;
const RING = 1;

/** Slots of a ring, for `lagged`. */
export function lagWidth(bars: number): number {
  return RING + bars;
}

export function resetLag(state: Float64Array, at: number, bars: number): void {
  state[at + PLACE] = 0;
  state.fill(NaN, at + RING, at + RING + bars);
}

/** Takes a value and answers the one `bars` before it; NaN until there is one. */
export function lagged(state: Float64Array, at: number, bars: number, value: number): number {
  const place = (state[at + PLACE] ?? NaN) | 0;
  const before = state[at + RING + place] ?? NaN;
  state[at + RING + place] = value;
  state[at + PLACE] = place + 1 === bars ? 0 : place + 1;
  return before;
}
