import type { FeatureSet } from '../../domain/features/feature-set.ts';
import type { IndicatorSet } from '../../domain/indicators/indicator-set.ts';
import {
  OPEN_BAR_START_US,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
  resetBar,
} from '../../domain/market/bar.ts';
import { CHANNEL_BARS, CHANNEL_QUOTES, type EventBatch } from '../../domain/market/event-batch.ts';
import {
  type QuotePlaces,
  ROW_BAR,
  ROW_BAR_US,
  ROW_CLOSE,
  ROW_CLOSE_BEFORE,
  ROW_DAMAGED_US,
  ROW_GAP,
  ROW_NBBO,
  ROW_QUOTE_US,
} from '../../domain/market/symbol-row.ts';
import { forgetQuotes } from './row-quotes.ts';

export interface RowParts {
  /** Who makes the bars: we, of trades, or the venue. */
  readonly bars: 'trades' | 'venue';
  readonly cadence: 'bar' | 'event';
  readonly barSpanUs: number;
  readonly quotes: QuotePlaces;
  readonly features: FeatureSet;
  readonly featuresAt: number;
  /** In event cadence, what moves on every trade and quote. */
  readonly observed: IndicatorSet;
  readonly observedAt: number;
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
  const { quotes, cadence, barSpanUs } = parts;
  if (parts.bars === 'venue') return loseFeed(values, at, parts, channel, nowUs);
  const isQuotes = channel === CHANNEL_QUOTES;
  if (isQuotes) {
    forgetQuotes(values, at + ROW_NBBO, quotes);
    values[at + ROW_QUOTE_US] = 0;
  } else {
    values[at + ROW_DAMAGED_US] = (Math.floor(nowUs / barSpanUs) + 1) * barSpanUs;
    values[at + ROW_CLOSE] = Number.NaN;
    values[at + ROW_CLOSE_BEFORE] = Number.NaN;
    resetBar(values, at + ROW_BAR);
    parts.features.resetSymbol(values, at + parts.featuresAt);
  }
  if (cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
}

/**
 * The same where the venue makes the bars: trades and quotes make none, so their loss costs the
 * quote. Lost bars may yet be sent, in order; whether any is missing the next bar shows.
 */
function loseFeed(
  values: Float64Array,
  at: number,
  parts: RowParts,
  channel: number,
  nowUs: number,
): void {
  if (channel === CHANNEL_QUOTES) {
    forgetQuotes(values, at + ROW_NBBO, parts.quotes);
    values[at + ROW_QUOTE_US] = 0;
  }
  if (channel === CHANNEL_BARS) {
    values[at + ROW_GAP] = 1;
    // What is there of the open bar may lack a part.
    resetBar(values, at + ROW_BAR);
    values[at + ROW_DAMAGED_US] = (Math.floor(nowUs / parts.barSpanUs) + 1) * parts.barSpanUs;
  }
  if (parts.cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
}

/**
 * The first bar after a gap. Where it begins as the last one ended none was lost, or all were sent
 * again; where it does not, there may be a hole, and indicators begin anew (I7, D6).
 */
export function healGap(values: Float64Array, at: number, parts: RowParts, startUs: number): void {
  values[at + ROW_GAP] = 0;
  if (startUs === values[at + ROW_BAR_US]) return;
  values[at + ROW_CLOSE] = Number.NaN;
  values[at + ROW_CLOSE_BEFORE] = Number.NaN;
  parts.features.resetSymbol(values, at + parts.featuresAt);
  if (parts.cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
}

/**
 * The venue tells a closed bar anew. Only the volume of the last one is repaired, in the history
 * that features are made of: what indicators made of it, and prices, are not made anew.
 */
export function repairBar(
  values: Float64Array,
  at: number,
  parts: RowParts,
  batch: EventBatch,
  event: number,
): void {
  const endUs = (batch.venueUs[event] ?? 0) + (batch.f[event] ?? 0);
  const isLast = batch.f[event] === parts.barSpanUs && endUs === values[at + ROW_BAR_US];
  if (!isLast) return;
  const { features, featuresAt } = parts;
  const volume = batch.e[event] ?? Number.NaN;
  features.repairVolume(values, at + featuresAt, features.timeframe, volume);
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
