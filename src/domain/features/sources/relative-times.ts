import { log } from '../../../core/math.ts';
import { DAY } from '../../../core/time.ts';
import { CLOSE, OPEN, SESSION, START_US } from '../../indicators/indicator.ts';
import { BENCHMARKS, type Member } from '../source.ts';

/**
 * The market's bar times, and what every symbol closed at in the last of them.
 *
 * A bar time is the start of a bar that any symbol has closed; they are numbered as they come. A
 * symbol's row holds for each of the last of them its return from the bar time before, where it has
 * a bar at both and they are of one session, else NaN. Two symbols have a pair where both have a
 * return to one bar time, whoever told it first: what is read depends on the bars that were heard,
 * not on the order in which they came.
 */

/** Bar times for which returns are kept, and closes. All are logarithms. */
export const TIMES = 390;
const CLOSE_TIMES = 96;

const NEWEST = 0; // Number of the newest bar time, -1 before the first.
const UNPLACED = 1; // Bars that had no place.
const TIME_RING = 2; // When each bar time is.
const SESSION_RING = TIME_RING + TIMES; // And of which session.
const FUND_ROWS = SESSION_RING + TIMES; // Row of each benchmark, NaN until it was heard.
const ROWS = FUND_ROWS + BENCHMARKS.length;

const LAST = 0; // Number of the bar time of the symbol's last bar, -1 before the first.
const ROW_SESSION = 1;
const ROW_OPEN = 2; // Logarithm of the price at which its session opened.
const CLOSES = 3;
const RETURNS = CLOSES + CLOSE_TIMES;
const ROW_WIDTH = RETURNS + TIMES;

export function timesWidth(symbolsMax: number): number {
  return ROWS + symbolsMax * ROW_WIDTH;
}

export function resetTimes(state: Float64Array, at: number, symbolsMax: number): void {
  state.fill(NaN, at, at + timesWidth(symbolsMax));
  state[at + NEWEST] = -1;
  state[at + UNPLACED] = 0;
  for (let row = 0; row < symbolsMax; row += 1) state[rowOf(at, row) + LAST] = -1;
}

/** A sound bar of the core session. A bar of a day is a session of its own, which parts nothing. */
export function placeBar(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  who: Member,
  spanUs: number,
): void {
  const time = timeOf(state, at, bar);
  const row = rowOf(at, who.symbol);
  const last = state[row + LAST] ?? NaN;
  if (!(time > last)) return countUnplaced(state, at);
  if (who.benchmark >= 0) state[at + FUND_ROWS + who.benchmark] = row - at;
  skipTimes(state, row, last + 1, time);
  const close = log(bar[CLOSE] ?? NaN);
  const isNext = last >= 0 && last === time - 1;
  const isSame = state[row + ROW_SESSION] === bar[SESSION];
  const before = state[row + CLOSES + (last % CLOSE_TIMES)] ?? NaN;
  state[row + RETURNS + (time % TIMES)] =
    isNext && (isSame || spanUs >= DAY) ? close - before : NaN;
  state[row + CLOSES + (time % CLOSE_TIMES)] = close;
  state[row + LAST] = time;
  if (isSame) return;
  state[row + ROW_SESSION] = bar[SESSION] ?? NaN;
  state[row + ROW_OPEN] = log(bar[OPEN] ?? NaN);
}

/** The symbol had no bar at these. */
function skipTimes(state: Float64Array, row: number, from: number, until: number): void {
  for (let time = Math.max(from, until - TIMES + 1); time < until; time += 1)
    state[row + RETURNS + (time % TIMES)] = NaN;
  for (let time = Math.max(from, until - CLOSE_TIMES + 1); time < until; time += 1)
    state[row + CLOSES + (time % CLOSE_TIMES)] = NaN;
}

/** The number of the bar's time, a new one where it is later than all; -1 where it is none. */
function timeOf(state: Float64Array, at: number, bar: Float64Array): number {
  const startUs = bar[START_US] ?? NaN;
  const newest = state[at + NEWEST] ?? NaN;
  if (newest < 0 || startUs > (state[at + TIME_RING + (newest % TIMES)] ?? NaN)) {
    return beginTime(state, at, bar);
  }
  const oldest = Math.max(0, newest - TIMES + 1);
  for (let time = newest; time >= oldest; time -= 1) {
    const us = state[at + TIME_RING + (time % TIMES)] ?? NaN;
    if (us === startUs) return time;
    if (us < startUs) return -1;
  }
  return -1;
}

function beginTime(state: Float64Array, at: number, bar: Float64Array): number {
  const time = (state[at + NEWEST] ?? NaN) + 1;
  state[at + NEWEST] = time;
  state[at + TIME_RING + (time % TIMES)] = bar[START_US] ?? NaN;
  state[at + SESSION_RING + (time % TIMES)] = bar[SESSION] ?? NaN;
  return time;
}

export function countUnplaced(state: Float64Array, at: number): void {
  state[at + UNPLACED] = (state[at + UNPLACED] ?? NaN) + 1;
}

export function unplacedBars(state: Float64Array, at: number): number {
  return state[at + UNPLACED] ?? NaN;
}

/** Number of the newest bar time; -1 before the first. */
export function newestTime(state: Float64Array, at: number): number {
  return state[at + NEWEST] ?? NaN;
}

/** Where a symbol's row begins. */
export function rowOf(at: number, symbol: number): number {
  return at + ROWS + symbol * ROW_WIDTH;
}

/** Where the row of a benchmark begins; -1 where the data have none of it. */
export function fundRow(state: Float64Array, at: number, benchmark: number): number {
  const row = state[at + FUND_ROWS + benchmark] ?? NaN;
  return row === row ? at + row : -1;
}

/** The last bar time at which a row has a close. */
export function lastTime(state: Float64Array, row: number): number {
  return state[row + LAST] ?? NaN;
}

/** Where the returns of a row begin: to time `n` at `n % TIMES`, for `n` from its last back. */
export function returnsOf(row: number): number {
  return row + RETURNS;
}

/** Logarithm of the last close at or before a bar time; NaN where none is kept. */
export function closeAsOf(state: Float64Array, at: number, row: number, time: number): number {
  const oldest = Math.max(0, newestTime(state, at) - CLOSE_TIMES + 1);
  for (let asOf = Math.min(time, lastTime(state, row)); asOf >= oldest; asOf -= 1) {
    const close = state[row + CLOSES + (asOf % CLOSE_TIMES)] ?? NaN;
    if (close === close) return close;
  }
  return NaN;
}

/** Logarithm of what the session of a bar time opened at; NaN where that is not the row's last. */
export function openOf(state: Float64Array, at: number, row: number, time: number): number {
  const isSame = state[row + ROW_SESSION] === state[at + SESSION_RING + (time % TIMES)];
  return isSame ? (state[row + ROW_OPEN] ?? NaN) : NaN;
}
