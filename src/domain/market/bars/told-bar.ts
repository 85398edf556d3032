import { PRICE_SCALE } from '../../../core/money.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from '../bar.ts';
import { isOfVenue } from './bar-record.ts';

/**
 * A closed bar in the eight doubles that leave the kernel, prices in dollars: start, open, high,
 * low, close, volume, volume-weighted price, trades. The last two are NaN of bars of the venue's,
 * which do not tell them; volume 0 is of a bar whose trades were all busted.
 */
export const TOLD_BAR_WIDTH = 8;

export function toldBar(record: Float64Array, at: number): Float64Array {
  const told = new Float64Array(TOLD_BAR_WIDTH);
  told[0] = record[at + OPEN_BAR_START_US] ?? NaN;
  told[1] = (record[at + OPEN_BAR_OPEN] ?? NaN) / PRICE_SCALE;
  told[2] = (record[at + OPEN_BAR_HIGH] ?? NaN) / PRICE_SCALE;
  told[3] = (record[at + OPEN_BAR_LOW] ?? NaN) / PRICE_SCALE;
  told[4] = (record[at + OPEN_BAR_CLOSE] ?? NaN) / PRICE_SCALE;
  const volume = record[at + OPEN_BAR_VOLUME] ?? NaN;
  const turnover = record[at + OPEN_BAR_TURNOVER] ?? NaN;
  const isCounted = !isOfVenue(record, at);
  told[5] = volume;
  told[6] = isCounted ? turnover / volume / PRICE_SCALE : NaN;
  told[7] = isCounted ? (record[at + OPEN_BAR_TRADES] ?? NaN) : NaN;
  return told;
}
