import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_VOLUME,
  OPEN_BAR_WIDTH,
  resetBar,
} from '../bar.ts';

/**
 * A bar, open or closed, in thirteen doubles of somebody else's memory. The first eight are those
 * of `bar.ts`; what follows makes the bar independent of the order in which its parts arrive, and
 * says how far it can be trusted. A trade, a venue's bar and a smaller bar of our own are all parts
 * of this shape, so one function joins and one repairs them.
 */
/** When the trade that set the open was made; NaN before. */
export const BAR_OPEN_AT_US = 8;
/** When the trade that set the close was made; NaN before. */
export const BAR_CLOSE_AT_US = 9;
/** Where the bar ends: of time bars the first moment after it, of others their last trade's. */
export const BAR_END_US = 10;
/** When the core session of its day opened; NaN where no session is known. */
export const BAR_CORE_OPEN_US = 11;
/** BAR_DOUBTFUL and its like, added. */
export const BAR_MARKS = 12;
export const BAR_RECORD_WIDTH = 13;

/** A correction or a late trade could not be worked into it wholly: the venue's word is awaited. */
export const BAR_DOUBTFUL = 1;
/** Shorter than its kind: an edge of the session cut it. */
export const BAR_PARTIAL = 2;
/** Its turnover is close times volume of the venue's bars in it; their trades are not counted. */
export const BAR_ESTIMATED = 4;
/** The feed lost data while it was open. */
export const BAR_DAMAGED = 8;

export function resetRecord(state: Float64Array, at: number): void {
  resetBar(state, at);
  state.fill(NaN, at + OPEN_BAR_WIDTH, at + BAR_MARKS);
  state[at + BAR_MARKS] = 0;
}

export function copyRecord(
  state: Float64Array,
  at: number,
  source: Float64Array,
  sourceAt: number,
): void {
  for (let place = 0; place < BAR_RECORD_WIDTH; place += 1) {
    state[at + place] = source[sourceAt + place] ?? NaN;
  }
}

export function isOpenRecord(state: Float64Array, at: number): boolean {
  const start = state[at + OPEN_BAR_START_US] ?? NaN;
  return start === start;
}

/** Whether a moment lies in an open bar. */
export function holds(state: Float64Array, at: number, us: number): boolean {
  return us >= (state[at + OPEN_BAR_START_US] ?? NaN) && us < (state[at + BAR_END_US] ?? NaN);
}

export function isSameTime(state: Float64Array, at: number, otherAt: number): boolean {
  if (state[at + OPEN_BAR_START_US] !== state[otherAt + OPEN_BAR_START_US]) return false;
  return state[at + BAR_END_US] === state[otherAt + BAR_END_US];
}

/** Whether the venue's bars are in it: which trades they hold is not known. */
export function isOfVenue(state: Float64Array, at: number): boolean {
  return ((state[at + BAR_MARKS] ?? 0) & BAR_ESTIMATED) !== 0;
}

/** What it holds of after the close cannot be taken out again. */
export function doubtPast(state: Float64Array, at: number, closeUs: number): void {
  if ((state[at + BAR_CLOSE_AT_US] ?? NaN) >= closeUs) markRecord(state, at, BAR_DOUBTFUL);
}

export function markRecord(state: Float64Array, at: number, marks: number): void {
  state[at + BAR_MARKS] = (state[at + BAR_MARKS] ?? 0) | marks;
}

export function unmarkRecord(state: Float64Array, at: number, marks: number): void {
  state[at + BAR_MARKS] = (state[at + BAR_MARKS] ?? 0) & ~marks;
}

/**
 * Joins a part to a bar. Whatever the order of the parts, the result is the same: the open is the
 * earliest, the close the latest in venue time. Of trades of one moment the first to arrive opens
 * and the last to arrive closes. Start and end are the owner's business.
 */
export function joinPart(
  state: Float64Array,
  at: number,
  part: Float64Array,
  partAt: number,
): void {
  const high = part[partAt + OPEN_BAR_HIGH] ?? NaN;
  const low = part[partAt + OPEN_BAR_LOW] ?? NaN;
  const openAt = part[partAt + BAR_OPEN_AT_US] ?? NaN;
  const closeAt = part[partAt + BAR_CLOSE_AT_US] ?? NaN;
  // Written so that NaN, the state before the first price, gives way, and is never taken.
  if (high === high && !(high <= (state[at + OPEN_BAR_HIGH] ?? NaN))) {
    state[at + OPEN_BAR_HIGH] = high;
  }
  if (low === low && !(low >= (state[at + OPEN_BAR_LOW] ?? NaN))) state[at + OPEN_BAR_LOW] = low;
  if (openAt === openAt && !(openAt >= (state[at + BAR_OPEN_AT_US] ?? NaN))) {
    state[at + BAR_OPEN_AT_US] = openAt;
    state[at + OPEN_BAR_OPEN] = part[partAt + OPEN_BAR_OPEN] ?? NaN;
  }
  if (closeAt === closeAt && !(closeAt < (state[at + BAR_CLOSE_AT_US] ?? NaN))) {
    state[at + BAR_CLOSE_AT_US] = closeAt;
    state[at + OPEN_BAR_CLOSE] = part[partAt + OPEN_BAR_CLOSE] ?? NaN;
  }
  for (let place = OPEN_BAR_VOLUME; place <= OPEN_BAR_TRADES; place += 1) {
    state[at + place] = (state[at + place] ?? NaN) + (part[partAt + place] ?? NaN);
  }
  state[at + BAR_MARKS] = (state[at + BAR_MARKS] ?? 0) | (part[partAt + BAR_MARKS] ?? 0);
}

/** What a bar counts stands together: volume, turnover, trades. */
export const COUNTS_WIDTH = OPEN_BAR_TRADES - OPEN_BAR_VOLUME + 1;

/** Adds what a bar counted to as many slots of sums. */
export function addCounts(
  sums: Float64Array,
  sumsAt: number,
  state: Float64Array,
  at: number,
): void {
  for (let place = 0; place < COUNTS_WIDTH; place += 1) {
    const counted = state[at + OPEN_BAR_VOLUME + place] ?? NaN;
    sums[sumsAt + place] = (sums[sumsAt + place] ?? NaN) + counted;
  }
}
