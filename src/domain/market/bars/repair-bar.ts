import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_VOLUME,
} from '../bar.ts';
import {
  BAR_CLOSE_AT_US,
  BAR_DOUBTFUL,
  BAR_END_US,
  BAR_OPEN_AT_US,
  COUNTS_WIDTH,
  markRecord,
} from './bar-record.ts';

/** What became of a correction: it cannot be of this bar, which then has not changed. */
export const REPAIR_REFUSED = 0;
/** The bar is as if the right part had come first. */
export const REPAIR_EXACT = 1;
/** What it counts is right; a price may not be, and the bar is marked. */
export const REPAIR_DOUBTFUL = 2;

/**
 * Puts one part in the place of another that was joined to the bar before: a corrected trade, a
 * bust (a part without anything), a smaller bar told anew. Volume, turnover and trades are exact.
 * A high, low, open or close is exact unless the old part set it and the new one does not do
 * better: without the other parts nobody knows what was next to it, and the bar is marked doubtful.
 */
export function repairBar(
  state: Float64Array,
  at: number,
  old: Float64Array,
  now: Float64Array,
): number {
  for (let place = OPEN_BAR_VOLUME; place < OPEN_BAR_VOLUME + COUNTS_WIDTH; place += 1) {
    // It would take away more than there is: it was never joined to this bar.
    if (!((state[at + place] ?? NaN) >= (old[place] ?? NaN))) return REPAIR_REFUSED;
  }
  for (let place = OPEN_BAR_VOLUME; place < OPEN_BAR_VOLUME + COUNTS_WIDTH; place += 1) {
    state[at + place] = (state[at + place] ?? NaN) - (old[place] ?? NaN) + (now[place] ?? NaN);
  }
  const isHighRight = repairExtreme(state, at + OPEN_BAR_HIGH, old, now, OPEN_BAR_HIGH, 1);
  const isLowRight = repairExtreme(state, at + OPEN_BAR_LOW, old, now, OPEN_BAR_LOW, -1);
  const isOpenRight = repairEdge(state, at, old, now, OPEN_BAR_OPEN, BAR_OPEN_AT_US);
  const isCloseRight = repairEdge(state, at, old, now, OPEN_BAR_CLOSE, BAR_CLOSE_AT_US);
  if (isHighRight && isLowRight && isOpenRight && isCloseRight) return REPAIR_EXACT;
  markRecord(state, at, BAR_DOUBTFUL);
  return REPAIR_DOUBTFUL;
}

/** @param sign 1 for the high, -1 for the low. */
function repairExtreme(
  state: Float64Array,
  at: number,
  old: Float64Array,
  now: Float64Array,
  place: number,
  sign: number,
): boolean {
  const before = state[at] ?? NaN;
  const wanted = now[place] ?? NaN;
  const isBeaten = sign * wanted >= sign * before;
  if (isBeaten || before !== before) state[at] = wanted;
  // It was the extreme: what was next to it is not known, unless the new one is beyond it.
  return isBeaten || !(sign * (old[place] ?? NaN) >= sign * before);
}

/** The open or the close: who set it is known by the time, unless trades share their moment. */
function repairEdge(
  state: Float64Array,
  at: number,
  old: Float64Array,
  now: Float64Array,
  place: number,
  timePlace: number,
): boolean {
  const before = old[place] ?? NaN;
  const price = now[place] ?? NaN;
  const nowUs = now[timePlace] ?? NaN;
  if (before !== before && price !== price) return true;
  if (before === price && old[timePlace] === nowUs) return true;
  const edgeUs = state[at + timePlace] ?? NaN;
  const startUs = old[OPEN_BAR_START_US] ?? NaN;
  const endUs = old[BAR_END_US] ?? NaN;
  const isTrade = startUs === endUs;
  if (isTrade ? edgeUs === startUs : edgeUs >= startUs && edgeUs < endUs) {
    // Of trades of one moment another set the price; one that set none may now be before it.
    if (isTrade && before !== state[at + place]) return before === before;
    if (price !== price) return false;
    state[at + place] = price;
    state[at + timePlace] = nowUs;
    return !isTrade;
  }
  if (price !== price) return true;
  const isBeyond = timePlace === BAR_OPEN_AT_US ? nowUs < edgeUs : nowUs > edgeUs;
  if (edgeUs === edgeUs && !isBeyond) return true;
  state[at + place] = price;
  state[at + timePlace] = nowUs;
  return true;
}
