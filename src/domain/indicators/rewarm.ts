import { OPEN_BAR_START_US } from '../market/bar.ts';
import { type BarHistory, NO_BAR } from '../market/bars/bar-history.ts';
import { BAR_WIDTH } from './indicator.ts';
import { readRecord } from './read-record.ts';

const DIRTY = 0;
const HISTORY = 1;
/** No bar has changed since the indicators were right. */
const CLEAN = -1;

/**
 * Whatever learns from closed bars and keeps all of it in its slots: an indicator set, the part of
 * a feature set that hears nothing else.
 */
export interface BarLearner {
  readonly width: number;
  reset(state: Float64Array, at: number): void;
  update(state: Float64Array, at: number, bar: Float64Array): void;
}

/**
 * How many of the last bars can be corrected wherever rows live by bars: of a minute, a quarter of
 * an hour. Feeds correct a trade, and tell a bar anew, within a minute of it as a rule.
 */
export const REWARM_BARS = 16;

/**
 * Lets a closed bar be corrected after a learner has learned from it. It remembers the last bars
 * and the learner's slots from before them; after a correction the slots begin there again and
 * the bars are taken once more: bit by bit what they would be had the right bars come first.
 *
 * Two checkpoints make that cheap: one before the oldest bar that is remembered, one in the middle,
 * which becomes the first when the older half is forgotten. A bar costs its update and, on average,
 * one bar's part of a copy of the slots; the latest `barsMin` bars can always be corrected.
 */
export class Rewarm {
  /** Doubles of `memory` that one symbol needs: history and checkpoints, not the live slots. */
  readonly width: number;
  readonly #learner: BarLearner;
  readonly #history: BarHistory;
  readonly #firstAt: number;
  readonly #middleAt: number;
  readonly #bar = new Float64Array(BAR_WIDTH);

  constructor(learner: BarLearner, history: BarHistory) {
    this.#learner = learner;
    this.#history = history;
    this.#firstAt = HISTORY + history.width;
    this.#middleAt = this.#firstAt + learner.width;
    this.width = this.#middleAt + learner.width;
  }

  /** Forgets all bars; `state` holds the live slots, and they begin anew with it. */
  reset(memory: Float64Array, at: number, state: Float64Array, stateAt: number): void {
    this.#learner.reset(state, stateAt);
    this.begin(memory, at, state, stateAt, NaN);
  }

  /**
   * Forgets all bars, and takes the live slots as they are for what was learned from them. Of a
   * bar that began at or before `forgottenUs` none can be told anew.
   */
  begin(
    memory: Float64Array,
    at: number,
    state: Float64Array,
    stateAt: number,
    forgottenUs: number,
  ): void {
    const { width } = this.#learner;
    memory[at + DIRTY] = CLEAN;
    this.#history.begin(memory, at + HISTORY, forgottenUs);
    copySlots(memory, at + this.#firstAt, state, stateAt, width);
    copySlots(memory, at + this.#middleAt, state, stateAt, width);
  }

  /** One closed bar, a record of `bars/bar-record.ts`, for the live slots. */
  update(
    memory: Float64Array,
    at: number,
    state: Float64Array,
    stateAt: number,
    record: Float64Array,
    recordAt: number,
  ): void {
    this.remember(memory, at, state, stateAt, record, recordAt);
    readRecord(this.#bar, record, recordAt);
    this.#learner.update(state, stateAt, this.#bar);
  }

  /** The same, where the caller lets the live slots learn from the bar, after this. */
  remember(
    memory: Float64Array,
    at: number,
    state: Float64Array,
    stateAt: number,
    record: Float64Array,
    recordAt: number,
  ): void {
    this.rewarm(memory, at, state, stateAt);
    const history = at + HISTORY;
    // A history begins with its first bar: none from before is put in front of it.
    if (this.#history.count(memory, history) === 0) {
      this.begin(memory, at, state, stateAt, (record[recordAt + OPEN_BAR_START_US] ?? NaN) - 1);
    }
    const count = this.#history.count(memory, history);
    const { width } = this.#learner;
    if (count === this.#history.barsMax) {
      // The older half is about to be forgotten: its checkpoint is the one in the middle.
      memory.copyWithin(at + this.#firstAt, at + this.#middleAt, at + this.#middleAt + width);
    }
    if (count === this.#history.barsMax || count === this.#history.barsMin) {
      copySlots(memory, at + this.#middleAt, state, stateAt, width);
    }
    this.#history.push(memory, history, record, recordAt);
  }

  /**
   * A bar told anew (`BarHistory.replace`). Answers its place, or why there is none (TOO_OLD,
   * NOT_CLOSED). The live slots are right again after `rewarm`: several bars may come before it.
   */
  correct(memory: Float64Array, at: number, record: Float64Array): number {
    const history = at + HISTORY;
    const startUs = record[OPEN_BAR_START_US] ?? NaN;
    const found = this.#history.find(memory, history, startUs);
    const isOneMore = found === NO_BAR && this.#history.isFull(memory, history);
    // The oldest makes room for it, and the first checkpoint takes that in.
    if (isOneMore && !this.#history.isBeforeAll(memory, history, startUs)) this.#fold(memory, at);
    return this.#soil(memory, at, this.#history.replace(memory, history, record));
  }

  /** A corrected trade (`BarHistory.repair`); answers as `correct` does. */
  repair(memory: Float64Array, at: number, old: Float64Array, now: Float64Array): number {
    return this.#soil(memory, at, this.#history.repair(memory, at + HISTORY, old, now));
  }

  /** A part that came after its bar had closed (`BarHistory.join`); answers as `correct` does. */
  join(memory: Float64Array, at: number, part: Float64Array, alone: Float64Array): number {
    const history = at + HISTORY;
    const isOneMore = this.#history.isFull(memory, history);
    if (isOneMore && this.#history.takesBetween(memory, history, alone)) this.#fold(memory, at);
    return this.#soil(memory, at, this.#history.join(memory, history, part, alone));
  }

  /** Takes out a bar that has turned out to be none. */
  remove(memory: Float64Array, at: number, bar: number): void {
    this.#history.remove(memory, at + HISTORY, bar);
    this.#soil(memory, at, bar);
  }

  /** Where in the memory the record of a bar begins: of a place that was answered. */
  recordAt(at: number, bar: number): number {
    return this.#history.barAt(at + HISTORY, bar);
  }

  /** Makes the live slots what the bars as they now are would have made of them. */
  rewarm(memory: Float64Array, at: number, state: Float64Array, stateAt: number): void {
    const dirty = memory[at + DIRTY] ?? NaN;
    if (dirty === CLEAN) return;
    memory[at + DIRTY] = CLEAN;
    const history = at + HISTORY;
    const { width } = this.#learner;
    const middle = this.#history.barsMin;
    const isLate = dirty >= middle;
    copySlots(state, stateAt, memory, at + (isLate ? this.#middleAt : this.#firstAt), width);
    const count = this.#history.count(memory, history);
    for (let bar = isLate ? middle : 0; bar < count; bar += 1) {
      if (bar === middle) copySlots(memory, at + this.#middleAt, state, stateAt, width);
      readRecord(this.#bar, memory, this.#history.barAt(history, bar));
      this.#learner.update(state, stateAt, this.#bar);
    }
  }

  #soil(memory: Float64Array, at: number, bar: number): number {
    const dirty = memory[at + DIRTY] ?? NaN;
    if (bar >= 0 && (dirty === CLEAN || bar < dirty)) memory[at + DIRTY] = bar;
    return bar;
  }

  #fold(memory: Float64Array, at: number): void {
    const history = at + HISTORY;
    readRecord(this.#bar, memory, this.#history.barAt(history, 0));
    this.#learner.update(memory, at + this.#firstAt, this.#bar);
    this.#history.forget(memory, history, 1);
    // Another bar is in the middle now.
    memory[at + DIRTY] = 0;
  }
}

function copySlots(
  to: Float64Array,
  toAt: number,
  from: Float64Array,
  fromAt: number,
  width: number,
): void {
  for (let slot = 0; slot < width; slot += 1) to[toAt + slot] = from[fromAt + slot] ?? NaN;
}
