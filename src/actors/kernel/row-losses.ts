import type { FeatureSet } from '../../domain/features/feature-set.ts';
import type { IndicatorSet } from '../../domain/indicators/indicator-set.ts';
import { OPEN_BAR_START_US } from '../../domain/market/bar.ts';
import { loseOpen } from '../../domain/market/bars/closing-rule.ts';
import { CHANNEL_BARS, CHANNEL_QUOTES, CHANNEL_TRADES } from '../../domain/market/event-batch.ts';
import {
  closesAt,
  isWatched,
  type QuotePlaces,
  resetCloses,
  ROW_BAR,
  ROW_BAR_US,
  ROW_GAP,
  ROW_NBBO,
  ROW_QUOTE_US,
  SECTION_LEARNED,
  SECTION_OBSERVED,
  SECTION_QUOTES,
} from '../../domain/market/symbol-row.ts';
import type { RowTable } from '../runtime/row-table.ts';
import type { RowHistory } from './row-history.ts';
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
  readonly history: RowHistory;
}

export interface SymbolRowOptions extends RowParts {
  readonly barGraceUs: number;
  readonly zEnter: number;
  readonly zExit: number;
  /** An older quote is of a symbol that has no slot any more: nothing is valued by it. */
  readonly quoteAgeUsMax: number;
}

/** The open bar is complete: it is kept where it may be corrected, if the row is worth that. */
export function keepBar(rows: RowTable, row: number, parts: RowParts, nowUs: number): void {
  const { values } = rows;
  const at = rows.at(row);
  if (values[at + ROW_GAP] === 1) rows.openSection(row, SECTION_OBSERVED);
  const isHealed = values[at + ROW_GAP] === 1 && healGap(values, at, parts);
  const isKept = isWatched(values, at, nowUs);
  if (isHealed || !isKept) parts.history.forget(rows, row);
  if (isKept) parts.history.remember(rows, row);
}

const ALL_SECTIONS = [SECTION_QUOTES, SECTION_LEARNED, SECTION_OBSERVED] as const;

/**
 * Data were lost. A quote from before is none any more; trades and bars from before are not joined
 * to those after: indicators begin again, and the bar in which it happened is not made.
 */
export function loseData(
  rows: RowTable,
  row: number,
  parts: RowParts,
  channel: number,
  nowUs: number,
): void {
  const { quotes, cadence, barSpanUs } = parts;
  const { values } = rows;
  for (const section of ALL_SECTIONS) rows.openSection(row, section);
  const at = rows.at(row);
  if (parts.bars === 'venue') return loseFeed(values, at, parts, channel, nowUs);
  if (channel === CHANNEL_QUOTES) {
    forgetQuotes(values, at + ROW_NBBO, quotes);
    values[at + ROW_QUOTE_US] = 0;
  } else {
    loseBar(values, at, barSpanUs, nowUs);
    resetCloses(values, at + closesAt(quotes));
    parts.features.loseTrades(values, at + parts.featuresAt);
    parts.features.loseBars(values, at + parts.featuresAt);
    parts.history.forget(rows, row);
  }
  if (cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
}

/**
 * The same where the venue makes the bars: trades and quotes make none, so their loss costs the
 * quote, and what learns from trades. Lost bars may yet be sent, in order; whether any is missing
 * the next bar shows.
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
  if (channel === CHANNEL_TRADES) parts.features.loseTrades(values, at + parts.featuresAt);
  if (channel === CHANNEL_BARS) {
    values[at + ROW_GAP] = 1;
    loseBar(values, at, parts.barSpanUs, nowUs);
  }
  if (parts.cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
}

function loseBar(values: Float64Array, at: number, barSpanUs: number, nowUs: number): void {
  loseOpen(values, at + ROW_BAR, (Math.floor(nowUs / barSpanUs) + 1) * barSpanUs);
}

/**
 * The first bar after a gap. Where it begins as the last one ended none was lost, or all were sent
 * again; where it does not, there may be a hole, and indicators begin anew (I7, D6): answers true.
 */
function healGap(values: Float64Array, at: number, parts: RowParts): boolean {
  values[at + ROW_GAP] = 0;
  if (values[at + ROW_BAR + OPEN_BAR_START_US] === values[at + ROW_BAR_US]) return false;
  resetCloses(values, at + closesAt(parts.quotes));
  parts.features.loseBars(values, at + parts.featuresAt, parts.features.timeframe);
  if (parts.cadence === 'event') parts.observed.reset(values, at + parts.observedAt);
  return true;
}
