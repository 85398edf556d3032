import { CLOSE } from '../../domain/indicators/indicator.ts';
import { type BarLearner, Rewarm, REWARM_BARS } from '../../domain/indicators/rewarm.ts';
import type { BarPart } from '../../domain/features/placement.ts';
import { isEmptyBar } from '../../domain/market/bar.ts';
import { BarHistory } from '../../domain/market/bars/bar-history.ts';
import {
  BAR_DOUBTFUL,
  BAR_MARKS,
  BAR_RECORD_WIDTH,
  copyRecord,
} from '../../domain/market/bars/bar-record.ts';
import {
  CLOSES_WIDTH,
  pushClose,
  resetCloses,
  ROW_BAR,
  ROW_DOUBTED,
  ROW_REWARMED,
  SECTION_LEARNED,
} from '../../domain/market/symbol-row.ts';
import type { RowTable } from '../runtime/row-table.ts';

/**
 * The last closed bars of a row and what was learned before them, in the row's cold part: so a bar
 * that is corrected leaves the row, to the bit, as if the right one had closed. One object serves
 * all rows. A history begins with a bar: what the row learned before is taken as it is.
 */
export class RowHistory {
  /** Doubles of a cold part. */
  readonly width: number;
  /** The closed bar that was last replaced, repaired or joined to, as it is since. */
  readonly changed = new Float64Array(BAR_RECORD_WIDTH);
  readonly #rewarm: Rewarm;
  readonly #learnedAt: number;

  /** @param closesAt where the closes stand in a row, and after them what learns from bars. */
  constructor(part: BarPart, closesAt: number, barsMin = REWARM_BARS) {
    this.#rewarm = new Rewarm(learnerOf(part), new BarHistory(barsMin));
    this.#learnedAt = closesAt;
    this.width = this.#rewarm.width;
  }

  /** The row's open bar is complete, and nothing has learned from it yet. */
  remember(rows: RowTable, row: number): void {
    const isBegun = rows.coldRow(row) !== undefined;
    const memory = rows.openCold(row);
    const { values } = rows;
    const learned = rows.at(row) + this.#learnedAt;
    const open = rows.at(row) + ROW_BAR;
    if (!isBegun) this.#rewarm.begin(memory, 0, values, learned, Number.NaN);
    this.#rewarm.remember(memory, 0, values, learned, values, open);
  }

  /** The row begins anew, or is not worth it any more. */
  forget(rows: RowTable, row: number): void {
    if (rows.coldRow(row) !== undefined) rows.dropCold(row);
  }

  /** A closed bar told anew; answers whether it could be taken in. */
  replace(rows: RowTable, row: number, record: Float64Array): boolean {
    if (rows.coldRow(row) === undefined) return false;
    const memory = rows.openCold(row);
    return this.#settle(rows, row, memory, this.#rewarm.correct(memory, 0, record));
  }

  /** One part of a closed bar in the place of another; answers whether it could be. */
  repair(rows: RowTable, row: number, old: Float64Array, now: Float64Array): boolean {
    if (rows.coldRow(row) === undefined) return false;
    const memory = rows.openCold(row);
    return this.#settle(rows, row, memory, this.#rewarm.repair(memory, 0, old, now));
  }

  /**
   * A part that came after its bar had closed, or that bar where there was none; answers whether it
   * could be taken in. What was said of the last bar was said of what was known, and stands: so it
   * was learned from rows as they were when their bars closed.
   */
  join(rows: RowTable, row: number, part: Float64Array, alone: Float64Array): boolean {
    if (rows.coldRow(row) === undefined) return false;
    const memory = rows.openCold(row);
    rows.openSection(row, SECTION_LEARNED);
    const bar = this.#rewarm.join(memory, 0, part, alone);
    if (bar < 0) return false;
    copyRecord(this.changed, 0, memory, this.#rewarm.recordAt(0, bar));
    this.#rewarm.rewarm(memory, 0, rows.values, rows.at(row) + this.#learnedAt);
    return true;
  }

  #settle(rows: RowTable, row: number, memory: Float64Array, bar: number): boolean {
    if (bar < 0) return false;
    rows.openSection(row, SECTION_LEARNED);
    const { values } = rows;
    const at = rows.at(row);
    const record = this.#rewarm.recordAt(0, bar);
    copyRecord(this.changed, 0, memory, record);
    const isDoubtful = ((memory[record + BAR_MARKS] ?? 0) & BAR_DOUBTFUL) !== 0;
    // Without volume it never was a bar, and nobody can doubt it.
    if (isEmptyBar(memory, record)) this.#rewarm.remove(memory, 0, bar);
    else if (isDoubtful) values[at + ROW_DOUBTED] = (values[at + ROW_DOUBTED] ?? 0) + 1;
    this.#rewarm.rewarm(memory, 0, values, at + this.#learnedAt);
    values[at + ROW_REWARMED] = 1;
    return true;
  }
}

/** The closes and the bar part: side by side in the row, so one copy holds both. */
function learnerOf(part: BarPart): BarLearner {
  return {
    width: CLOSES_WIDTH + part.width,

    reset(state, at) {
      resetCloses(state, at);
      part.reset(state, at + CLOSES_WIDTH);
    },

    update(state, at, bar) {
      pushClose(state, at, bar[CLOSE] ?? Number.NaN);
      part.update(state, at + CLOSES_WIDTH, bar);
    },
  };
}
