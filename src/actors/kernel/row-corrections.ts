import { OPEN_BAR_START_US } from '../../domain/market/bar.ts';
import {
  isSoundCorrection,
  isSoundVenueBar,
  readCorrection,
  readVenueBar,
} from '../../domain/market/bars/bar-parts.ts';
import {
  BAR_CORE_OPEN_US,
  BAR_RECORD_WIDTH,
  isOfVenue,
} from '../../domain/market/bars/bar-record.ts';
import { REPAIR_DOUBTFUL, REPAIR_REFUSED, repairBar } from '../../domain/market/bars/repair-bar.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import {
  isCore,
  ROW_BAR,
  ROW_BAR_US,
  ROW_DOUBTED,
  ROW_LATE,
} from '../../domain/market/symbol-row.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { coreOpenUs } from './row-bar.ts';
import type { RowParts } from './row-losses.ts';

/**
 * What was told wrongly and is told again. In the open bar a part takes the place of another; after
 * a closed one was made right, the row learns again from there. What the row does not remember, or
 * cannot be of the bar, is counted. Nothing that was said is taken back.
 */
export class RowCorrections {
  readonly #parts: RowParts;
  readonly #old = new Float64Array(BAR_RECORD_WIDTH);
  readonly #now = new Float64Array(BAR_RECORD_WIDTH);

  constructor(parts: RowParts) {
    this.#parts = parts;
  }

  /**
   * A trade corrected or busted. Where the venue makes the bars, it tells the bar anew. Answers the
   * closed bar that is another one now.
   */
  trade(rows: RowTable, row: number, batch: EventBatch, event: number): Float64Array | undefined {
    const isOurs = this.#parts.bars === 'trades';
    const isRead = isOurs && this.#read(rows, row, batch, event);
    const startUs = this.#startOf(batch.f[event] ?? Number.NaN);
    if (isRead && rows.values[rows.at(row) + ROW_BAR + OPEN_BAR_START_US] === startUs) {
      if (!this.#repairOpen(rows.values, rows.at(row))) countLate(rows, row);
      return undefined;
    }
    const { history } = this.#parts;
    if (isRead && history.repair(rows, row, this.#old, this.#now)) return history.changed;
    countLate(rows, row);
    return undefined;
  }

  /**
   * The venue tells one of its bars anew: its word is the last one, also on bars of our own, and
   * where the row does not remember the bar. Answers the closed bar that is another one now.
   */
  bar(rows: RowTable, row: number, batch: EventBatch, event: number): Float64Array | undefined {
    const isRead = this.#readBar(rows, row, batch, event);
    const { history } = this.#parts;
    if (isRead && history.replace(rows, row, this.#now)) return history.changed;
    countLate(rows, row);
    const endUs = (batch.venueUs[event] ?? Number.NaN) + this.#parts.barSpanUs;
    const isClosed = endUs <= (rows.values[rows.at(row) + ROW_BAR_US] ?? 0);
    return isRead && isClosed ? this.#now : undefined;
  }

  #startOf(us: number): number {
    const { barSpanUs } = this.#parts;
    return Math.floor(us / barSpanUs) * barSpanUs;
  }

  /** Into the parts that the right one takes the place of, and is. */
  #read(rows: RowTable, row: number, batch: EventBatch, event: number): boolean {
    if (!isSoundCorrection(batch, event)) return false;
    if (!isCore(rows.values, rows.at(row), batch.f, event)) return false;
    readCorrection(this.#old, this.#now, batch, event, false);
    return true;
  }

  /** Answers whether the open bar is as if the right trade had come. */
  #repairOpen(values: Float64Array, at: number): boolean {
    // What the venue told of it need not hold the trade, and may hold its correction.
    if (isOfVenue(values, at + ROW_BAR)) return false;
    const repaired = repairBar(values, at + ROW_BAR, this.#old, this.#now);
    if (repaired === REPAIR_DOUBTFUL) {
      values[at + ROW_DOUBTED] = (values[at + ROW_DOUBTED] ?? 0) + 1;
    }
    return repaired !== REPAIR_REFUSED;
  }

  #readBar(rows: RowTable, row: number, batch: EventBatch, event: number): boolean {
    const { barSpanUs } = this.#parts;
    const startUs = batch.venueUs[event] ?? Number.NaN;
    const isOwn = batch.f[event] === barSpanUs && startUs % barSpanUs === 0;
    const at = rows.at(row);
    if (!isOwn || !isSoundVenueBar(batch, event)) return false;
    if (!isCore(rows.values, at, batch.venueUs, event)) return false;
    readVenueBar(this.#now, batch, event);
    this.#now[BAR_CORE_OPEN_US] = coreOpenUs(rows.values, at);
    return true;
  }
}

function countLate(rows: RowTable, row: number): void {
  const { values } = rows;
  const at = rows.at(row) + ROW_LATE;
  values[at] = (values[at] ?? 0) + 1;
}
