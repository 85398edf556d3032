import { assert } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import { OPEN_BAR_WIDTH, resetBar } from './bar.ts';
import { CONSOLIDATED_WIDTH, NBBO_WIDTH, resetConsolidated, resetNbbo } from './nbbo.ts';

/**
 * Places in a symbol's row of doubles. What decisions wrote comes first and outlives a reset; then
 * what the market said; then the open bar, the quotes and, after `symbolRowWidth`, whatever the
 * composition adds (indicators, feature history).
 */
/** The highest layer it is in, with all below it; 0 also where it is in none. */
export const ROW_LAYER = 0;
/** Shares held, signed. */
export const ROW_HELD = 1;
export const ROW_IS_TRADABLE = 2;
/** The core session: only its trades and bars make bars. 0 and 0: no session to keep to. */
export const ROW_OPEN_US = 3;
export const ROW_CLOSE_US = 4;
/** A bit for each layer it is in: one may be left and come back while a higher one is not asked. */
export const ROW_LAYERS = 5;
const DECIDED_WIDTH = 6;

/** Last price that may update the last sale, ten-thousandths; NaN before. */
export const ROW_LAST = 6;
/** Receive time of the last quote; 0 before the first. */
export const ROW_QUOTE_US = 7;
/** 0 trading, 1 halted, 2 resumed and waiting for a fresh quote. */
export const ROW_HALT = 8;
export const ROW_BAND_LOW = 9;
export const ROW_BAND_HIGH = 10;
/** End of the last closed bar; 0 before. */
export const ROW_BAR_US = 11;
/** Close of the bar before the last one; NaN before. */
export const ROW_CLOSE_BEFORE = 12;
export const ROW_CLOSE = 13;
/** Events that came too late for their bar, and corrections that could not be applied. */
export const ROW_LATE = 14;
/** 1 once the feed has shown a quote for this symbol. */
export const ROW_HAS_QUOTES = 15;
/** End of the last bar of which data were lost: trades cannot make it whole. 0 for none. */
export const ROW_DAMAGED_US = 16;
/** 1 where bars of the venue may have been lost since the last that was closed. */
export const ROW_GAP = 17;
/** Venue time of the last price, where it comes from trades and bars alike; 0 before. */
export const ROW_LAST_US = 18;
export const ROW_BAR = 19;
export const ROW_NBBO = ROW_BAR + OPEN_BAR_WIDTH;

/** `full`: with a place for the quotes of every exchange, where a feed carries those. */
export type QuotePlaces = 'full' | 'consolidated';

export function symbolRowWidth(quotes: QuotePlaces): number {
  return ROW_NBBO + (quotes === 'full' ? NBBO_WIDTH : CONSOLIDATED_WIDTH);
}

/** Of the places above; joined with the layouts of what follows them. */
export function symbolRowLayout(quotes: QuotePlaces): string {
  return hashText(`symbol-row/4;${ROW_BAR};${ROW_NBBO};${symbolRowWidth(quotes) - ROW_NBBO}`);
}

/** Does a trade or bar that began at `venueUs` belong to the core session? */
export function isCore(values: Float64Array, at: number, venueUs: number): boolean {
  const closeUs = values[at + ROW_CLOSE_US] ?? 0;
  return closeUs === 0 || (venueUs >= (values[at + ROW_OPEN_US] ?? 0) && venueUs < closeUs);
}

/** Takes in that the symbol joined or left a layer. */
export function moveLayer(values: Float64Array, at: number, layer: number, isIn: boolean): void {
  const bit = 1 << layer;
  const layers = isIn
    ? (values[at + ROW_LAYERS] ?? 0) | bit
    : (values[at + ROW_LAYERS] ?? 0) & ~bit;
  values[at + ROW_LAYERS] = layers;
  // Ones from the lowest bit on: as many as the layers that it is in without a break.
  const unbroken = 31 - Math.clz32(~layers & -~layers);
  values[at + ROW_LAYER] = Math.max(0, unbroken - 1);
}

/** Forgets the market and keeps the decisions. */
export function resetSymbolRow(values: Float64Array, at: number, quotes: QuotePlaces): void {
  assert(at + symbolRowWidth(quotes) <= values.length, 'a row lies within its table');
  values.fill(0, at + DECIDED_WIDTH, at + ROW_BAR);
  values[at + ROW_LAST] = Number.NaN;
  values[at + ROW_BAND_LOW] = Number.NaN;
  values[at + ROW_BAND_HIGH] = Number.NaN;
  values[at + ROW_CLOSE_BEFORE] = Number.NaN;
  values[at + ROW_CLOSE] = Number.NaN;
  resetBar(values, at + ROW_BAR);
  if (quotes === 'full') resetNbbo(values, at + ROW_NBBO);
  else resetConsolidated(values, at + ROW_NBBO);
}
