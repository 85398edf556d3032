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
import { isCore, ROW_BAR, ROW_DOUBTED, ROW_LATE } from '../../domain/market/symbol-row.ts';
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

  /** A trade corrected or busted. Where the venue makes the bars, it tells the bar anew. */
  trade(rows: RowTable, row: number, batch: EventBatch, event: number): void {
    const isOurs = this.#parts.bars === 'trades';
    if (!isOurs || !this.#repair(rows, row, batch, event)) countLate(rows, row);
  }

  /** The venue tells one of its bars anew: its word is the last one, also on bars of our own. */
  bar(rows: RowTable, row: number, batch: EventBatch, event: number): void {
    if (!this.#replace(rows, row, batch, event)) countLate(rows, row);
  }

  /** Answers whether the bar is as if the right trade had come. */
  #repair(rows: RowTable, row: number, batch: EventBatch, event: number): boolean {
    const { values } = rows;
    const at = rows.at(row);
    const tradeUs = batch.f[event] ?? Number.NaN;
    if (!isSoundCorrection(batch, event) || !isCore(values, at, tradeUs)) return false;
    readCorrection(this.#old, this.#now, batch, event, false);
    const { barSpanUs, history } = this.#parts;
    const startUs = Math.floor(tradeUs / barSpanUs) * barSpanUs;
    const isOpen = values[at + ROW_BAR + OPEN_BAR_START_US] === startUs;
    if (!isOpen) return history.repair(rows, row, this.#old, this.#now);
    // What the venue told of it need not hold the trade, and may hold its correction.
    if (isOfVenue(values, at + ROW_BAR)) return false;
    const repaired = repairBar(values, at + ROW_BAR, this.#old, this.#now);
    if (repaired === REPAIR_DOUBTFUL) {
      values[at + ROW_DOUBTED] = (values[at + ROW_DOUBTED] ?? 0) + 1;
    }
    return repaired !== REPAIR_REFUSED;
  }

  #replace(rows: RowTable, row: number, batch: EventBatch, event: number): boolean {
    const { barSpanUs, history } = this.#parts;
    const startUs = batch.venueUs[event] ?? Number.NaN;
    const isOwn = batch.f[event] === barSpanUs && startUs % barSpanUs === 0;
    const at = rows.at(row);
    if (!isOwn || !isSoundVenueBar(batch, event) || !isCore(rows.values, at, startUs)) return false;
    readVenueBar(this.#now, batch, event);
    this.#now[BAR_CORE_OPEN_US] = coreOpenUs(rows.values, at);
    return history.replace(rows, row, this.#now);
  }
}

function countLate(rows: RowTable, row: number): void {
  const { values } = rows;
  const at = rows.at(row) + ROW_LATE;
  values[at] = (values[at] ?? 0) + 1;
}
