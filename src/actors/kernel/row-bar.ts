import {
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  START_US,
  VOLUME,
} from '../../domain/indicators/indicator.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_VOLUME,
} from '../../domain/market/bar.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import { ROW_BAR, ROW_OPEN_US } from '../../domain/market/symbol-row.ts';

/** The row's open bar, as indicators read one. */
export function readOpenBar(
  bar: Float64Array,
  values: Float64Array,
  at: number,
  startUs: number,
): void {
  const open = at + ROW_BAR;
  bar[OPEN] = values[open + OPEN_BAR_OPEN] ?? Number.NaN;
  bar[HIGH] = values[open + OPEN_BAR_HIGH] ?? Number.NaN;
  bar[LOW] = values[open + OPEN_BAR_LOW] ?? Number.NaN;
  bar[CLOSE] = values[open + OPEN_BAR_CLOSE] ?? Number.NaN;
  bar[VOLUME] = values[open + OPEN_BAR_VOLUME] ?? 0;
  stampBar(bar, values, at, startUs);
}

/** A single price as a bar: what indicators read where they move on every event. */
export function priceBar(
  bar: Float64Array,
  values: Float64Array,
  at: number,
  price: number,
  volume: number,
  nowUs: number,
): void {
  bar.fill(price, OPEN, VOLUME);
  bar[VOLUME] = volume;
  stampBar(bar, values, at, nowUs);
}

/** When the bar began: by itself, and in its session where one is known. */
function stampBar(bar: Float64Array, values: Float64Array, at: number, startUs: number): void {
  const openUs = values[at + ROW_OPEN_US] ?? 0;
  bar[SESSION] = newYorkDayNumber(startUs);
  bar[START_US] = startUs;
  bar[SINCE_OPEN_US] = openUs > 0 ? startUs - openUs : Number.NaN;
}
