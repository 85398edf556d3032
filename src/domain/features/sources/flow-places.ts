import { MINUTE, SECOND } from '../../../core/time.ts';

/** Closed bars that the flow looks back. */
export const FLOW_BARS = 20;

/** A bar's sums, in the order in which they lie side by side. */
/** Trades that count, their shares, and those bought less those sold. */
export const TRADES = 0;
export const VOLUME = 1;
export const SIGNED = 2;
/** Order flow at the best, in shares. */
export const ORDER_FLOW = 3;
/** Half the shares at both sides, over quotes; and how many. */
export const DEPTH = 4;
export const DEPTHS = 5;
/** Spread as a share of the middle, times microseconds; and those. */
export const SPREAD_TIME = 6;
export const TIME = 7;
/** Spreads as shares of the middle, times shares traded; and those. */
export const EFFECTIVE = 8;
export const EFFECTIVE_VOLUME = 9;
export const REALISED = 10;
export const REALISED_VOLUME = 11;
/** Price changes from trade to trade, with the one before each. */
export const MOVES = 12;
export const MOVE_SUM = 13;
export const MOVE_BEFORE_SUM = 14;
export const MOVE_PRODUCT = 15;
/** Change of the middle since the bar before closed; NaN where it cannot be told. */
export const MIDDLE_MOVE = 16;
export const MINUTES = 17;
export const SUMS = 18;

/** The open bar, then the closed ones in a ring. */
export const OPEN_BAR = 0;
export const BAR_RING = OPEN_BAR + SUMS;
const AFTER_BARS = BAR_RING + FLOW_BARS * SUMS;
export const BAR_PLACE = AFTER_BARS;
/** Of the last bar that closed. */
export const MIDDLE_AT_CLOSE = AFTER_BARS + 1;
export const SESSION_AT_CLOSE = AFTER_BARS + 2;
export const STARTED_US = AFTER_BARS + 3;

/** The book as last heard of, and the latest time heard of at all. */
export const BID = AFTER_BARS + 4;
export const BID_SIZE = AFTER_BARS + 5;
export const ASK = AFTER_BARS + 6;
export const ASK_SIZE = AFTER_BARS + 7;
export const NOW_US = AFTER_BARS + 8;

/** The last trade that counted, and the last two changes of price. */
export const LAST_PRICE = AFTER_BARS + 9;
export const LAST_MOVE = AFTER_BARS + 10;
export const LAST_TRADE_US = AFTER_BARS + 11;
/** 1 after an uptick, -1 after a downtick, 0 before the first of either. */
export const LAST_TICK = AFTER_BARS + 12;
/** Trades that count for nothing here; and those whose realised spread cannot be told. */
export const PASSED_OVER = AFTER_BARS + 13;
export const REALISED_LOST = AFTER_BARS + 14;

/** Trades that wait for a later middle, summed by cells of time. */
export const CELL_US = 5 * SECOND;
export const HORIZON_US = 5 * MINUTE;
/** A cell waits for the horizon after its end; one more is open. */
export const CELLS = HORIZON_US / CELL_US + 1;
export const OLDEST_CELL = AFTER_BARS + 15;
export const NEWEST_CELL = AFTER_BARS + 16;
export const DUE_US = AFTER_BARS + 17;
export const CELL_RING = AFTER_BARS + 18;
/** Sums of sign x shares x price / middle, sign x shares / middle, shares; and trades. */
export const CELL_PRICE = 0;
export const CELL_UNITS = 1;
export const CELL_SHARES = 2;
export const CELL_TRADES = 3;
export const CELL_WIDTH = 4;

/** Buckets of equal volume: the open one, and those that are full in a ring. */
export const BUCKETS = 50;
const AFTER_CELLS = CELL_RING + CELLS * CELL_WIDTH;
/** Shares that the next bucket will hold; NaN until known. */
export const BUCKET_NEXT = AFTER_CELLS;
export const BUCKET_SIZE = AFTER_CELLS + 1;
export const BUCKET_FILLED = AFTER_CELLS + 2;
export const BUCKET_SIGNED = AFTER_CELLS + 3;
export const BUCKET_PLACE = AFTER_CELLS + 4;
export const BUCKET_GAPS = AFTER_CELLS + 5;
export const BUCKET_SIZES = BUCKET_GAPS + BUCKETS;
export const FLOW_WIDTH = BUCKET_SIZES + BUCKETS;

/** All that is known is that nothing is. */
export function resetFlow(state: Float64Array, at: number): void {
  state.fill(NaN, at, at + FLOW_WIDTH);
  state.fill(0, at + OPEN_BAR, at + OPEN_BAR + SUMS);
  state.fill(0, at + CELL_RING, at + CELL_RING + CELLS * CELL_WIDTH);
  state[at + BAR_PLACE] = 0;
  state[at + BUCKET_PLACE] = 0;
  state[at + LAST_TICK] = 0;
  state[at + PASSED_OVER] = 0;
  state[at + REALISED_LOST] = 0;
  state[at + DUE_US] = Infinity;
}

/** `state[place] += value`. */
export function add(state: Float64Array, place: number, value: number): void {
  state[place] = (state[place] ?? NaN) + value;
}
