import { type BarRow, emptyBarRow } from './bar-row.ts';
import type { Adjustment } from './corporate-actions.ts';
import type { MarketArchive } from './market-archive.ts';

/** Minutes of the running day that are over, in time order. */
export function minuteRows(
  { bars }: MarketArchive,
  symbol: number,
  fromUs: number,
): readonly BarRow[] {
  const rows: BarRow[] = [];
  for (let place = 0; place < bars.minutes.count(symbol); place += 1) {
    const row = emptyBarRow();
    if (!bars.readSlot(bars.minutes.slotAt(symbol, place), row)) continue;
    if (row.startUs >= fromUs) rows.push(row);
  }
  return rows;
}

/** The last days, at most so many, and the running one where it has begun. */
export function dayRows(
  archive: MarketArchive,
  symbol: number,
  how: Adjustment,
  daysMax?: number,
): readonly BarRow[] {
  const rows = archive.days.read(symbol, how, daysMax);
  const running = emptyBarRow();
  return archive.bars.dayBar(symbol, running) ? [...rows, running] : rows;
}

/** Prices as they were traded, in shares of today. */
export const SPLITS_ADJUSTED: Adjustment = { splits: true, dividends: false };
