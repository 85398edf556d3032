import { TICK_ASK, TICK_ASK_SIZE, TICK_BID, TICK_BID_SIZE } from '../source.ts';
import {
  add,
  ASK,
  ASK_SIZE,
  BID,
  BID_SIZE,
  DEPTH,
  DEPTHS,
  OPEN_BAR,
  ORDER_FLOW,
} from './flow-places.ts';

/**
 * Order flow at the best (Cont, Kukanov and Stoikov 2014), from each quote to the next: what is
 * shown at a bid that did not fall, less what was shown at one that did not rise; the same of the
 * ask with the other sign. A side that is absent in either of the two quotes adds nothing. Beside
 * it the depth that the paper divides by: half of both sides' shares.
 *
 * Keeps the new book.
 */
export function addOrderFlow(state: Float64Array, at: number, tick: Float64Array): void {
  const bid = tick[TICK_BID] ?? NaN;
  const ask = tick[TICK_ASK] ?? NaN;
  const bidSize = tick[TICK_BID_SIZE] ?? NaN;
  const askSize = tick[TICK_ASK_SIZE] ?? NaN;
  const bidBefore = state[at + BID] ?? NaN;
  const askBefore = state[at + ASK] ?? NaN;
  let flow = 0;
  if (bid >= bidBefore) flow += bidSize;
  if (bid <= bidBefore) flow -= state[at + BID_SIZE] ?? NaN;
  if (ask <= askBefore) flow -= askSize;
  if (ask >= askBefore) flow += state[at + ASK_SIZE] ?? NaN;
  if (flow - flow === 0) add(state, at + OPEN_BAR + ORDER_FLOW, flow);
  const depth = (bidSize + askSize) / 2;
  if (bid === bid && ask === ask && depth - depth === 0) {
    add(state, at + OPEN_BAR + DEPTH, depth);
    add(state, at + OPEN_BAR + DEPTHS, 1);
  }
  state[at + BID] = bid;
  state[at + BID_SIZE] = bidSize;
  state[at + ASK] = ask;
  state[at + ASK_SIZE] = askSize;
}
