/**
 * How many values lie below one: a Fenwick tree (1994) over whole basis points, so that a value
 * comes, goes and is ranked in a dozen steps however many there are. Returns are alike within a
 * basis point, and beyond 2047 of them on either side.
 */
const BINS = 4_096;
const MIDDLE = 2_048;
const BASIS_POINTS = 10_000;

/** The place before the first bin is never used: steps of the tree end there. */
export const RANK_WIDTH = BINS + 1;

export function resetRank(state: Float64Array, at: number): void {
  state.fill(0, at, at + RANK_WIDTH);
}

/** The bin of a return: from 1 to 4095, half a point rounds up. */
export function binOf(change: number): number {
  const points = Math.floor(change * BASIS_POINTS + 0.5);
  return MIDDLE + Math.max(-2_047, Math.min(2_047, points));
}

/** Counts one more, or one less, in a bin. */
export function countInBin(state: Float64Array, at: number, bin: number, by: number): void {
  for (let place = bin; place <= BINS; place += place & -place) {
    state[at + place] = (state[at + place] ?? NaN) + by;
  }
}

/** How many are in bins below, and half of those in the bin itself. */
export function rankIn(state: Float64Array, at: number, bin: number): number {
  return (countTo(state, at, bin - 1) + countTo(state, at, bin)) / 2;
}

function countTo(state: Float64Array, at: number, bin: number): number {
  let count = 0;
  for (let place = bin; place > 0; place -= place & -place) count += state[at + place] ?? NaN;
  return count;
}
