import { OPEN_BAR_TRADES } from '../../domain/market/bar.ts';
import { readTrade, readVenueBar } from '../../domain/market/bars/bar-parts.ts';
import { BAR_RECORD_WIDTH } from '../../domain/market/bars/bar-record.ts';
import {
  type ClosingRule,
  DAMAGED,
  isClosed,
  isDamaged,
  LATE_IN_GRACE,
  OPEN,
} from '../../domain/market/bars/closing-rule.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { ROW_BAR, ROW_TOLD_US } from '../../domain/market/symbol-row.ts';
import type { FamilyTurn } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { barAlone, joinOpenBar } from './row-bar.ts';
import type { RowParts } from './row-losses.ts';

/** What became of a trade or a venue's bar, of which the row's bars are made. */
export type Parted = typeof JOINED | typeof LEARNED | typeof TOO_LATE | typeof NOT_OURS;
/** It is in the open bar. */
export const JOINED = 0;
/** Its bar had closed, and the row has learned of it all the same. */
export const LEARNED = 1;
/** It is in no bar, and counted. */
export const TOO_LATE = 2;
/** Trades tell this bar. */
export const NOT_OURS = 3;

/** Puts parts into a row's bars, after those that are over by them have closed. */
export class PartsOfRow {
  readonly #parts: RowParts;
  readonly #rule: ClosingRule;
  readonly #part = new Float64Array(BAR_RECORD_WIDTH);
  readonly #alone = new Float64Array(BAR_RECORD_WIDTH);
  /** Where the bar of the part begins and ends; of a trade also the moment of handling it. */
  readonly #span = new Float64Array(3);

  constructor(parts: RowParts, rule: ClosingRule) {
    this.#parts = parts;
    this.#rule = rule;
  }

  /** Its time and ours are read here: numbers that are handed on would be boxed. */
  trade(
    rows: RowTable,
    row: number,
    batch: EventBatch,
    event: number,
    turn: FamilyTurn | undefined,
  ): Parted {
    const { values } = rows;
    const at = rows.at(row);
    const { barSpanUs } = this.#parts;
    const span = this.#span;
    const startUs = Math.floor((batch.venueUs[event] ?? 0) / barSpanUs) * barSpanUs;
    span[0] = startUs;
    span[1] = startUs + barSpanUs;
    // No choice between two numbers: what is chosen would be on the heap.
    if (turn !== undefined) span[2] = turn.nowUs;
    const standing = this.#rule.standingOf(values, at + ROW_BAR, span);
    if (standing === DAMAGED) return TOO_LATE;
    const isRead = readTrade(this.#part, batch, event, false);
    if (standing === OPEN) {
      if (isRead) joinOpenBar(values, at, this.#part, span);
      return JOINED;
    }
    const isLearned = standing === LATE_IN_GRACE && isRead;
    return isLearned && this.#joinClosed(rows, row) ? LEARNED : TOO_LATE;
  }

  /** A bar of the venue's, of our span or a part of it. None is too late: it is told once. */
  venueBar(rows: RowTable, row: number, batch: EventBatch, event: number): Parted {
    const { values } = rows;
    const at = rows.at(row);
    const open = at + ROW_BAR;
    const { barSpanUs, bars } = this.#parts;
    if ((values[open + OPEN_BAR_TRADES] ?? 0) > 0) return NOT_OURS;
    const partUs = batch.venueUs[event] ?? Number.NaN;
    const spanUs = batch.f[event] ?? Number.NaN;
    const startUs = Math.floor(partUs / barSpanUs) * barSpanUs;
    const isPart = barSpanUs % spanUs === 0 && (partUs - startUs) % spanUs === 0;
    const isRepeated = partUs <= (values[at + ROW_TOLD_US] ?? 0);
    if (!isPart || isRepeated) return TOO_LATE;
    const endUs = startUs + barSpanUs;
    if (spanUs < barSpanUs && isDamaged(values, open, endUs)) return TOO_LATE;
    const isLate = isClosed(values, open, endUs);
    // Trades may have told it.
    if (isLate && bars === 'trades') return TOO_LATE;
    values[at + ROW_TOLD_US] = partUs;
    readVenueBar(this.#part, batch, event);
    this.#span[0] = startUs;
    this.#span[1] = endUs;
    if (isLate) return this.#joinClosed(rows, row) ? LEARNED : TOO_LATE;
    joinOpenBar(values, at, this.#part, this.#span);
    return JOINED;
  }

  #joinClosed(rows: RowTable, row: number): boolean {
    const { history } = this.#parts;
    const { values } = rows;
    barAlone(this.#alone, values, rows.at(row), this.#part, this.#span);
    return history.join(rows, row, this.#part, this.#alone);
  }
}
