import { assert } from '../../../core/assert.ts';
import { isEmptyBar, OPEN_BAR_START_US, OPEN_BAR_TRADES } from '../bar.ts';
import {
  BAR_CORE_OPEN_US,
  BAR_DOUBTFUL,
  BAR_END_US,
  BAR_MARKS,
  BAR_PARTIAL,
  BAR_RECORD_WIDTH,
  copyRecord,
  isOfVenue,
  joinPart,
  markRecord,
} from './bar-record.ts';
import { REPAIR_REFUSED, repairBar } from './repair-bar.ts';

/** Why no bar was found, where a place in the history was asked for. */
/** It is older than any that is remembered: the caller counts it. */
export const TOO_OLD = -1;
/** It is not closed yet. */
export const NOT_CLOSED = -2;
/** There is no such bar, or none that this can be a part of. */
export const NO_BAR = -3;

const COUNT = 0;
/** When the newest of those that are forgotten began; NaN before. */
const FORGOTTEN_US = 1;
const BARS = 2;

/**
 * The last closed bars of one stream, in `state[at .. at + width)`: at least `barsMin` of them once
 * there were as many. When twice as many are there the older half is forgotten, so that a push
 * costs a few doubles however long the history is. Bars are found by their place: 0 is the oldest.
 */
export class BarHistory {
  readonly barsMin: number;
  readonly barsMax: number;
  readonly width: number;
  readonly #isOfTime: boolean;

  /** @param isOfTime whether a bar's end is the first moment after it, not its last trade's. */
  constructor(barsMin: number, isOfTime = true) {
    assert(Number.isInteger(barsMin) && barsMin > 0, 'a history has a bar');
    this.barsMin = barsMin;
    this.barsMax = 2 * barsMin;
    this.width = BARS + this.barsMax * BAR_RECORD_WIDTH;
    this.#isOfTime = isOfTime;
  }

  reset(state: Float64Array, at: number): void {
    state.fill(NaN, at, at + this.width);
    state[at + COUNT] = 0;
  }

  /** Begins in the middle of a stream: no bar that began at or before then can be told anew. */
  begin(state: Float64Array, at: number, forgottenUs: number): void {
    this.reset(state, at);
    state[at + FORGOTTEN_US] = forgottenUs;
  }

  count(state: Float64Array, at: number): number {
    return state[at + COUNT] ?? NaN;
  }

  isFull(state: Float64Array, at: number): boolean {
    return state[at + COUNT] === this.barsMax;
  }

  isBeforeAll(state: Float64Array, at: number, us: number): boolean {
    return us < (state[this.barAt(at, 0) + OPEN_BAR_START_US] ?? NaN);
  }

  /** Where the record of a bar begins. */
  barAt(at: number, bar: number): number {
    return at + BARS + bar * BAR_RECORD_WIDTH;
  }

  push(state: Float64Array, at: number, record: Float64Array, recordAt: number): void {
    if (this.isFull(state, at)) this.forget(state, at, this.barsMin);
    const count = this.count(state, at);
    copyRecord(state, this.barAt(at, count), record, recordAt);
    state[at + COUNT] = count + 1;
  }

  /** Drops the oldest bars. */
  forget(state: Float64Array, at: number, bars: number): void {
    const count = this.count(state, at);
    assert(bars > 0 && bars <= count, 'what is forgotten was remembered');
    state[at + FORGOTTEN_US] = state[this.barAt(at, bars - 1) + OPEN_BAR_START_US] ?? NaN;
    state.copyWithin(this.barAt(at, 0), this.barAt(at, bars), this.barAt(at, count));
    state[at + COUNT] = count - bars;
  }

  /** Takes one bar out, as if it had never been. */
  remove(state: Float64Array, at: number, bar: number): void {
    const count = this.count(state, at);
    assert(bar >= 0 && bar < count, 'what is taken out was remembered');
    state.copyWithin(this.barAt(at, bar), this.barAt(at, bar + 1), this.barAt(at, count));
    state[at + COUNT] = count - 1;
  }

  /** The place of the bar that began then. */
  find(state: Float64Array, at: number, startUs: number): number {
    const bar = this.#lastFrom(state, at, startUs);
    if (bar >= 0 && state[this.barAt(at, bar) + OPEN_BAR_START_US] === startUs) return bar;
    if (startUs <= (state[at + FORGOTTEN_US] ?? NaN)) return TOO_OLD;
    return bar === this.count(state, at) - 1 ? NOT_CLOSED : NO_BAR;
  }

  /**
   * Puts a bar that was told anew in the place of the one that began with it, or between two where
   * there was none; answers its place. What the new one does not tell stays: the day's open, that
   * an edge of the session cut it, and the trades that the old one counted.
   */
  replace(state: Float64Array, at: number, record: Float64Array): number {
    const startUs = record[OPEN_BAR_START_US] ?? NaN;
    const found = this.find(state, at, startUs);
    if (found === NO_BAR) return this.#insert(state, at, record);
    if (found < 0) return found;
    const barAt = this.barAt(at, found);
    const coreOpenUs = state[barAt + BAR_CORE_OPEN_US] ?? NaN;
    const trades = state[barAt + OPEN_BAR_TRADES] ?? NaN;
    const kept = (state[barAt + BAR_MARKS] ?? 0) & BAR_PARTIAL;
    copyRecord(state, barAt, record, 0);
    state[barAt + BAR_CORE_OPEN_US] = coreOpenUs;
    if (record[OPEN_BAR_TRADES] === 0) state[barAt + OPEN_BAR_TRADES] = trades;
    markRecord(state, barAt, kept);
    return found;
  }

  /**
   * Puts one part in the place of another (repair-bar.ts) in the bar that holds its moment; answers
   * the bar's place. A bar that does not live by the clock might have closed elsewhere: doubtful.
   * Of a bar that the venue told no trade is known: what became of one, the venue tells.
   */
  repair(state: Float64Array, at: number, old: Float64Array, now: Float64Array): number {
    const found = this.#holding(state, at, old[OPEN_BAR_START_US] ?? NaN);
    if (found < 0) return found;
    const barAt = this.barAt(at, found);
    if (isOfVenue(state, barAt) && !isOfVenue(old, 0)) return NO_BAR;
    if (repairBar(state, barAt, old, now) === REPAIR_REFUSED) return NO_BAR;
    if (!this.#isOfTime) markRecord(state, barAt, BAR_DOUBTFUL);
    return found;
  }

  /**
   * Joins a part that came after its bar had closed; answers the bar's place. `alone` is the bar
   * where there was none: it goes between two, and never before all. What a bar of the venue's
   * holds is not known: trades are not joined to it, nor it to trades.
   */
  join(state: Float64Array, at: number, part: Float64Array, alone: Float64Array): number {
    const found = this.#holding(state, at, part[OPEN_BAR_START_US] ?? NaN);
    if (found >= 0) {
      const barAt = this.barAt(at, found);
      if (isOfVenue(state, barAt) !== isOfVenue(part, 0)) return NO_BAR;
      joinPart(state, barAt, part, 0);
      return found;
    }
    if (!this.takesBetween(state, at, alone)) return found === TOO_OLD ? TOO_OLD : NO_BAR;
    return this.#insert(state, at, alone);
  }

  /** Would `join` put a bar of its own between those that are there, or after them? */
  takesBetween(state: Float64Array, at: number, alone: Float64Array): boolean {
    const startUs = alone[OPEN_BAR_START_US] ?? NaN;
    if (!(this.count(state, at) > 0) || isEmptyBar(alone, 0)) return false;
    return !this.isBeforeAll(state, at, startUs) && this.find(state, at, startUs) < 0;
  }

  /** A trade of this moment came too late: its bar is doubtful until the venue tells it anew. */
  doubt(state: Float64Array, at: number, us: number): number {
    const found = this.#holding(state, at, us);
    if (found >= 0) markRecord(state, this.barAt(at, found), BAR_DOUBTFUL);
    return found;
  }

  #holding(state: Float64Array, at: number, us: number): number {
    const bar = this.#lastFrom(state, at, us);
    if (bar < 0) return this.find(state, at, us);
    const endUs = state[this.barAt(at, bar) + BAR_END_US] ?? NaN;
    if (us < endUs || (us === endUs && !this.#isOfTime)) return bar;
    return bar === this.count(state, at) - 1 ? NOT_CLOSED : NO_BAR;
  }

  /** The newest bar that began at or before a moment; -1 where all began later. */
  #lastFrom(state: Float64Array, at: number, us: number): number {
    let bar = this.count(state, at) - 1;
    while (bar >= 0 && (state[this.barAt(at, bar) + OPEN_BAR_START_US] ?? NaN) > us) bar -= 1;
    return bar;
  }

  #insert(state: Float64Array, at: number, record: Float64Array): number {
    const startUs = record[OPEN_BAR_START_US] ?? NaN;
    if (this.isFull(state, at)) {
      if (this.isBeforeAll(state, at, startUs)) return TOO_OLD;
      this.forget(state, at, 1);
    }
    const bar = this.#lastFrom(state, at, startUs) + 1;
    const count = this.count(state, at);
    state.copyWithin(this.barAt(at, bar + 1), this.barAt(at, bar), this.barAt(at, count));
    copyRecord(state, this.barAt(at, bar), record, 0);
    state[at + COUNT] = count + 1;
    return bar;
  }
}
