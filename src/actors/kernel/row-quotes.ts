import type { EventBatch } from '../../domain/market/event-batch.ts';
import {
  applyConsolidated,
  applyQuote,
  resetConsolidated,
  resetNbbo,
} from '../../domain/market/nbbo.ts';
import type { QuotePlaces } from '../../domain/market/symbol-row.ts';

/**
 * Puts a quote event into the quotes of a row. Throws where the row has no place for it: taken for
 * the whole market's, one exchange's quote would be a wrong price.
 */
export function takeQuote(
  values: Float64Array,
  at: number,
  quotes: QuotePlaces,
  batch: EventBatch,
  event: number,
): void {
  const place = batch.exchange[event] ?? 0;
  const flags = batch.flags[event] ?? 0;
  const bid = batch.a[event] ?? 0;
  const bidSize = batch.b[event] ?? 0;
  const ask = batch.c[event] ?? 0;
  const askSize = batch.d[event] ?? 0;
  if (quotes === 'full') {
    applyQuote(values, at, place, flags, bid, bidSize, ask, askSize);
    return;
  }
  if (place !== 0)
    throw new Error(`a quote of exchange ${place}; this row takes consolidated ones`);
  applyConsolidated(values, at, flags, bid, bidSize, ask, askSize);
}

/** What was quoted before is no quote any more. */
export function forgetQuotes(values: Float64Array, at: number, quotes: QuotePlaces): void {
  if (quotes === 'full') resetNbbo(values, at);
  else resetConsolidated(values, at);
}
