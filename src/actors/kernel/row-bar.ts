import { PRICE_SCALE } from '../../core/money.ts';
import {
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

/** Joins a part to the row's open bar, which begins with it where none is open. */
export function joinOpenBar(
  values: Float64Array,
  at: number,
  part: Float64Array,
  startUs: number,
  endUs: number,
): void {
  const open = at + ROW_BAR;
  closeUntil(values, open, startUs);
  if (!isOpenRecord(values, open)) beginBar(values, open, values, at, startUs, endUs);
  joinPart(values, open, part, 0);
}

/** Writes the bar that a part would be, if nothing else were in it. */
export function barAlone(
  bar: Float64Array,
  values: Float64Array,
  at: number,
  part: Float64Array,
  startUs: number,
  endUs: number,
): void {
  resetRecord(bar, 0);
  beginBar(bar, 0, values, at, startUs, endUs);
  joinPart(bar, 0, part, 0);
}

function beginBar(
  bar: Float64Array,
  barAt: number,
  values: Float64Array,
  at: number,
  startUs: number,
  endUs: number,
): void {
  bar[barAt + OPEN_BAR_START_US] = startUs;
  bar[barAt + BAR_END_US] = endUs;
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
export function priceBar(
  bar: Float64Array,
  values: Float64Array,
  at: number,
  price: number,
  volume: number,
  nowUs: number,
): void {
  bar.fill(price / PRICE_SCALE, OPEN, VOLUME);
  bar[VOLUME] = volume;
  bar[SESSION] = newYorkDayNumber(nowUs);
  bar[START_US] = nowUs;
  bar[SINCE_OPEN_US] = nowUs - coreOpenUs(values, at);
}
