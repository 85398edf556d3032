import type { MomentumFeatures } from '../../domain/features/momentum-features.ts';
import type { IndicatorSet } from '../../domain/indicators/indicator-set.ts';
import {
  OPEN_BAR_START_US,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
  resetBar,
} from '../../domain/market/bar.ts';
import { CHANNEL_QUOTES, type EventBatch } from '../../domain/market/event-batch.ts';
import {
  type QuotePlaces,
  ROW_BAR,
  ROW_CLOSE,
  ROW_CLOSE_BEFORE,
  ROW_DAMAGED_US,
  ROW_NBBO,
  ROW_QUOTE_US,
} from '../../domain/market/symbol-row.ts';
import { forgetQuotes } from './row-quotes.ts';

export interface RowParts {
  readonly cadence: 'bar' | 'event';
  readonly barSpanUs: number;
  readonly quotes: QuotePlaces;
  readonly indicators: IndicatorSet;
  readonly features: MomentumFeatures;
  readonly indicatorsAt: number;
  readonly historyAt: number;
}

/**
 * Data were lost. A quote from before is none any more; trades and bars from before are not joined
 * to those after: indicators begin again, and the bar in which it happened is not made.
 */
export function loseData(
  values: Float64Array,
  at: number,
  parts: RowParts,
  channel: number,
  nowUs: number,
): void {
  const { quotes, cadence, barSpanUs, indicators, features } = parts;
  const isQuotes = channel === CHANNEL_QUOTES;
  if (isQuotes) {
    forgetQuotes(values, at + ROW_NBBO, quotes);
    values[at + ROW_QUOTE_US] = 0;
    if (cadence === 'bar') return; // Indicators know nothing of quotes there.
  } else {
    values[at + ROW_DAMAGED_US] = (Math.floor(nowUs / barSpanUs) + 1) * barSpanUs;
    values[at + ROW_CLOSE] = Number.NaN;
    values[at + ROW_CLOSE_BEFORE] = Number.NaN;
    resetBar(values, at + ROW_BAR);
    features.reset(values, at + parts.historyAt);
  }
  indicators.reset(values, at + parts.indicatorsAt);
}

/**
 * Takes a corrected trade's volume back while its bar is open, and answers whether it was. A high,
 * a low or a closed bar is not made anew.
 */
export function correctVolume(
  values: Float64Array,
  bar: number,
  batch: EventBatch,
  event: number,
  barSpanUs: number,
): boolean {
  const startUs = Math.floor((batch.f[event] ?? 0) / barSpanUs) * barSpanUs;
  if (values[bar + OPEN_BAR_START_US] !== startUs) return false;
  const [oldPrice, oldSize] = [batch.a[event] ?? 0, batch.b[event] ?? 0];
  const [newPrice, newSize] = [batch.c[event] ?? 0, batch.d[event] ?? 0];
  const volume = (values[bar + OPEN_BAR_VOLUME] ?? 0) - oldSize + newSize;
  const turnover = (values[bar + OPEN_BAR_TURNOVER] ?? 0) - oldPrice * oldSize;
  values[bar + OPEN_BAR_VOLUME] = Math.max(0, volume);
  values[bar + OPEN_BAR_TURNOVER] = Math.max(0, turnover + newPrice * newSize);
  return true;
}
