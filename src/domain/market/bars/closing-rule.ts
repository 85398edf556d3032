import { BAR_END_US, BAR_RECORD_WIDTH, resetRecord } from './bar-record.ts';

/** Behind the record of an open bar: each bar that ended at or before this moment is closed. */
const CLOSED_US = BAR_RECORD_WIDTH;
/** Of each bar that ended at or before this moment, and is not closed, data were lost. */
const DAMAGED_US = BAR_RECORD_WIDTH + 1;
/** An open bar of the clock, with what is known of others. */
export const OPEN_WIDTH = BAR_RECORD_WIDTH + 2;

/** How the bar stands that something belongs to. */
export type Standing = typeof OPEN | typeof LATE_IN_GRACE | typeof PAST_GRACE;
/** It takes it. */
export const OPEN = 0;
/** It is closed, and it was so just now: what learned from it learns again, with this. */
export const LATE_IN_GRACE = 1;
/** It is closed for good. */
export const PAST_GRACE = 2;
/** Data of it were lost. */
export const DAMAGED = 3;

/**
 * When a bar of the clock closes, wherever bars are made. It is over as soon as that is known: the
 * first trade, or bar of the venue, from after its end closes it. Where none comes our own clock
 * does, at its end and the grace: until then what is reported late is taken, into the open bar,
 * or, after it has closed, into what is remembered of it. Later it is counted, no more.
 *
 * A bar of which data were lost is not made of parts; the venue may yet tell it whole.
 *
 * State: a record of bar-record.ts and two moments, `OPEN_WIDTH` doubles from `at`.
 */
export class ClosingRule {
  readonly graceUs: number;

  constructor(graceUs: number) {
    this.graceUs = graceUs;
  }

  /** Is the open bar over by our clock? Never where none is open. */
  isTimeOver(state: Float64Array, at: number, nowUs: number): boolean {
    return nowUs >= (state[at + BAR_END_US] ?? NaN) + this.graceUs;
  }

  /** Of the bar that ends then, to which something belongs that came at `nowUs`. */
  standing(state: Float64Array, at: number, endUs: number, nowUs: number): Standing {
    if (nowUs >= endUs + this.graceUs) return PAST_GRACE;
    return isClosed(state, at, endUs) ? LATE_IN_GRACE : OPEN;
  }

  /**
   * The same and whether it is damaged, of a bar whose end stands in `span[1]`, and now in
   * `span[2]`: for every trade, so that neither is a number on the heap.
   */
  standingOf(state: Float64Array, at: number, span: Float64Array): Standing | typeof DAMAGED {
    const endUs = span[1] ?? NaN;
    if (isDamaged(state, at, endUs)) return DAMAGED;
    if ((span[2] ?? NaN) >= endUs + this.graceUs) return PAST_GRACE;
    return isClosed(state, at, endUs) ? LATE_IN_GRACE : OPEN;
  }
}

/** @param closedUs bars that ended at or before it count as closed. */
export function resetOpen(state: Float64Array, at: number, closedUs = -Infinity): void {
  resetRecord(state, at);
  state[at + CLOSED_US] = closedUs;
  state[at + DAMAGED_US] = -Infinity;
}

/** Is the open bar over by something that was made then? Never where none is open. */
export function isOverBy(state: Float64Array, at: number, us: number): boolean {
  return us >= (state[at + BAR_END_US] ?? NaN);
}

/** Is a bar closed that ends then? */
export function isClosed(state: Float64Array, at: number, endUs: number): boolean {
  return endUs <= (state[at + CLOSED_US] ?? NaN);
}

/** Something of the bar that begins then has come: all before it are closed. */
export function closeUntil(state: Float64Array, at: number, startUs: number): void {
  if (startUs > (state[at + CLOSED_US] ?? NaN)) state[at + CLOSED_US] = startUs;
}

/** The open bar was handed over: it is closed, and none is open. */
export function endOpen(state: Float64Array, at: number): void {
  closeUntil(state, at, state[at + BAR_END_US] ?? NaN);
  resetRecord(state, at);
}

/**
 * Data were lost of the bar that ends then, in which our clock is, and of the open one: the clock
 * of a venue may be ahead. Nothing is open any more.
 */
export function loseOpen(state: Float64Array, at: number, endUs: number): void {
  const openEndUs = state[at + BAR_END_US] ?? NaN;
  const lostUs = openEndUs > endUs ? openEndUs : endUs;
  if (lostUs > (state[at + DAMAGED_US] ?? NaN)) state[at + DAMAGED_US] = lostUs;
  resetRecord(state, at);
}

/** Were data lost of the bar that ends then? */
export function isDamaged(state: Float64Array, at: number, endUs: number): boolean {
  return endUs <= (state[at + DAMAGED_US] ?? NaN);
}
