import { trueRanges, smoothed, shifted, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const VOLATILITY_JUDGED: Readonly<Record<string, Judged>> = {
  atr: { reference: atr, scale: 'none' },
};

function atr(series: Series, period: number): Columns {
  return [shifted(smoothed(trueRanges(series), period, 1 / period), 1)];
}
