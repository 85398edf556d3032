import { PRICE_SCALE } from '../../core/money.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_VOLUME,
} from '../market/bar.ts';
import { BAR_CORE_OPEN_US } from '../market/bars/bar-record.ts';
import { newYorkDayNumber } from '../market/calendar.ts';
import { CLOSE, HIGH, LOW, OPEN, SESSION, SINCE_OPEN_US, START_US, VOLUME } from './indicator.ts';

/** A closed bar's record (bars/bar-record.ts) as indicators read one: prices in dollars. */
export function readRecord(bar: Float64Array, record: Float64Array, at: number): void {
  const startUs = record[at + OPEN_BAR_START_US] ?? NaN;
  bar[OPEN] = (record[at + OPEN_BAR_OPEN] ?? NaN) / PRICE_SCALE;
  bar[HIGH] = (record[at + OPEN_BAR_HIGH] ?? NaN) / PRICE_SCALE;
  bar[LOW] = (record[at + OPEN_BAR_LOW] ?? NaN) / PRICE_SCALE;
  bar[CLOSE] = (record[at + OPEN_BAR_CLOSE] ?? NaN) / PRICE_SCALE;
  bar[VOLUME] = record[at + OPEN_BAR_VOLUME] ?? NaN;
  bar[SESSION] = newYorkDayNumber(startUs);
  bar[START_US] = startUs;
  bar[SINCE_OPEN_US] = startUs - (record[at + BAR_CORE_OPEN_US] ?? NaN);
}
