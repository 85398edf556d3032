import { PRICE_SCALE } from '../../core/money.ts';
import { HOUR } from '../../core/time.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  START_US,
  VOLUME,
} from '../../domain/indicators/indicator.ts';
import { OPEN_BAR_CLOSE, OPEN_BAR_START_US } from '../../domain/market/bar.ts';
import {
  BAR_CORE_OPEN_US,
  BAR_END_US,
  isOpenRecord,
  joinPart,
  resetRecord,
} from '../../domain/market/bars/bar-record.ts';
import { closeUntil } from '../../domain/market/bars/closing-rule.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import { ROW_BAR, ROW_OPEN_US } from '../../domain/market/symbol-row.ts';

/**
 * Joins a part to the row's open bar, which begins with it where none is open. The span of the bar
 * is two numbers, from and to.
 */
export function joinOpenBar(
  values: Float64Array,
  at: number,
  part: Float64Array,
  span: Float64Array,
): void {
  const open = at + ROW_BAR;
  closeUntil(values, open, span[0] ?? Number.NaN);
  if (!isOpenRecord(values, open)) beginBar(values, open, values, at, span);
  joinPart(values, open, part, 0);
}

/** Writes the bar that a part would be, if nothing else were in it. */
export function barAlone(
  bar: Float64Array,
  values: Float64Array,
  at: number,
  part: Float64Array,
  span: Float64Array,
): void {
  resetRecord(bar, 0);
  beginBar(bar, 0, values, at, span);
  joinPart(bar, 0, part, 0);
}

function beginBar(
  bar: Float64Array,
  barAt: number,
  values: Float64Array,
  at: number,
  span: Float64Array,
): void {
  bar[barAt + OPEN_BAR_START_US] = span[0] ?? Number.NaN;
  bar[barAt + BAR_END_US] = span[1] ?? Number.NaN;
  bar[barAt + BAR_CORE_OPEN_US] = coreOpenUs(values, at);
}

/** Of the row's open bar so far, in ten-thousandths. */
export function openBarClose(values: Float64Array, at: number): number {
  return values[at + ROW_BAR + OPEN_BAR_CLOSE] ?? Number.NaN;
}

/** When the core session opened; NaN where none is known. */
export function coreOpenUs(values: Float64Array, at: number): number {
  const openUs = values[at + ROW_OPEN_US] ?? 0;
  return openUs > 0 ? openUs : Number.NaN;
}

/** A single price as a bar in dollars: what indicators read where they move on every event. */
export class TickBar {
  readonly bar = new Float64Array(BAR_WIDTH).fill(Number.NaN);
  /** Ten-thousandths and shares: in columns, since a number that is handed on is on the heap. */
  readonly price = new Float64Array(1);
  readonly volume = new Float64Array(1);

  /** Makes the bar of the price that was set, at the time that the row is handled. */
  make(values: Float64Array, at: number, { nowUs }: { readonly nowUs: number }): void {
    const { bar } = this;
    const dollars = (this.price[0] ?? Number.NaN) / PRICE_SCALE;
    bar[OPEN] = dollars;
    bar[HIGH] = dollars;
    bar[LOW] = dollars;
    bar[CLOSE] = dollars;
    bar[VOLUME] = this.volume[0] ?? Number.NaN;
    // Looked up when the hour is another one: no day begins within.
    const isSameHour =
      Math.floor(nowUs / HOUR) === Math.floor((bar[START_US] ?? Number.NaN) / HOUR);
    if (!isSameHour) bar[SESSION] = newYorkDayNumber(nowUs);
    bar[START_US] = nowUs;
    bar[SINCE_OPEN_US] = nowUs - coreOpenUs(values, at);
  }
}
