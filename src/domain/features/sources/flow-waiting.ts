import {
  add,
  ASK,
  BID,
  CELL_PRICE,
  CELL_RING,
  CELL_SHARES,
  CELL_TRADES,
  CELL_UNITS,
  CELL_US,
  CELL_WIDTH,
  CELLS,
  DUE_US,
  HORIZON_US,
  NEWEST_CELL,
  NOW_US,
  OLDEST_CELL,
  OPEN_BAR,
  REALISED,
  REALISED_LOST,
  REALISED_VOLUME,
} from './flow-places.ts';
import { middleOf } from './quote-middle.ts';

/**
 * Realised spread (Huang and Stoll 1996): twice what the side that made the price keeps when the
 * middle has had its time to move, 2 sign (price - later middle) / middle.
 *
 * Trades of one cell of five seconds share one later middle: the one that stands five minutes
 * after the cell's end. So a cell is four sums however many trades it holds, and no burst of them
 * can push one out. What can be lost is counted: a trade without a side or a middle, and cells at
 * whose time the book has no middle.
 */
export function awaitMiddle(
  state: Float64Array,
  at: number,
  sign: number,
  shares: number,
  price: number,
  middle: number,
): void {
  const cell = Math.floor((state[at + NOW_US] ?? NaN) / CELL_US);
  if (state[at + DUE_US] === Infinity) {
    state[at + OLDEST_CELL] = cell;
    state[at + DUE_US] = dueUs(cell);
  }
  state[at + NEWEST_CELL] = cell;
  const sums = at + CELL_RING + (cell % CELLS) * CELL_WIDTH;
  const units = (sign * shares) / middle;
  add(state, sums + CELL_PRICE, units * price);
  add(state, sums + CELL_UNITS, units);
  add(state, sums + CELL_SHARES, shares);
  add(state, sums + CELL_TRADES, 1);
}

/** Cells whose time came before `nowUs` meet the middle that has stood since. */
export function settleDue(state: Float64Array, at: number, nowUs: number): void {
  const middle = middleOf(state[at + BID] ?? NaN, state[at + ASK] ?? NaN);
  const newest = state[at + NEWEST_CELL] ?? NaN;
  let cell = state[at + OLDEST_CELL] ?? NaN;
  for (; cell <= newest && dueUs(cell) <= nowUs; cell += 1) {
    const sums = at + CELL_RING + (cell % CELLS) * CELL_WIDTH;
    const trades = state[sums + CELL_TRADES] ?? NaN;
    if (trades === 0) continue;
    if (middle === middle) {
      const kept = (state[sums + CELL_PRICE] ?? NaN) - middle * (state[sums + CELL_UNITS] ?? NaN);
      add(state, at + OPEN_BAR + REALISED, 2 * kept);
      add(state, at + OPEN_BAR + REALISED_VOLUME, state[sums + CELL_SHARES] ?? NaN);
    } else add(state, at + REALISED_LOST, trades);
    state.fill(0, sums, sums + CELL_WIDTH);
  }
  state[at + OLDEST_CELL] = cell;
  state[at + DUE_US] = cell <= newest ? dueUs(cell) : Infinity;
}

function dueUs(cell: number): number {
  return (cell + 1) * CELL_US + HORIZON_US;
}
