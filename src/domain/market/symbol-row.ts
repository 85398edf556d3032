import { assert } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import { OPEN_WIDTH, resetOpen } from './bars/closing-rule.ts';
import { CONSOLIDATED_WIDTH, NBBO_WIDTH, resetConsolidated, resetNbbo } from './nbbo.ts';

/**
 * Places in a symbol's row of doubles. What decisions wrote comes first and outlives a reset; then
 * what the market said; then the open bar, the quotes and, after `symbolRowWidth`, whatever the
 * composition adds (what is learned from bars and ticks).
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
/** When the last move between layers was decided; 0 before. */
export const ROW_MOVED_US = 6;
/** The layer as it was before that moment. */
export const ROW_LAYER_BEFORE = 7;
const DECIDED_WIDTH = 8;

/** Last price that may update the last sale, ten-thousandths; NaN before. */
export const ROW_LAST = 8;
/** Receive time of the last quote; 0 before the first. */
export const ROW_QUOTE_US = 9;
/** 0 trading, 1 halted, 2 resumed and waiting for a fresh quote. */
export const ROW_HALT = 10;
export const ROW_BAND_LOW = 11;
export const ROW_BAND_HIGH = 12;
/** End of the last closed bar; 0 before. */
export const ROW_BAR_US = 13;
/**
 * Events that are not of the time in which they came: too late for their bar, if nobody remembers
 * it or its grace is over, or dated too far ahead (`isAheadOfClock`). With them trades that are
 * none (`isSoundTrade`) and corrections that could not be applied.
 */
export const ROW_LATE = 14;
/** Corrections after which a price of their bar is in doubt. */
export const ROW_DOUBTED = 15;
/** 1 where a bar was corrected since the last one closed: what was said of that is of another. */
export const ROW_REWARMED = 16;
/** 1 once the feed has shown a quote for this symbol. */
export const ROW_HAS_QUOTES = 17;
/** 1 where bars of the venue may have been lost since the last that was closed. */
export const ROW_GAP = 18;
/** Venue time of the last price, where it comes from trades and bars alike; 0 before. */
export const ROW_LAST_US = 19;
/** Of bars of the venue: when the last one that was taken began; 0 before. */
export const ROW_TOLD_US = 20;
/** The open bar, as bars/closing-rule.ts keeps it. */
export const ROW_BAR = 21;
export const ROW_NBBO = ROW_BAR + OPEN_WIDTH;

/**
 * Last in the row, before what is learned from bars: closes of the last bar and the one before
 * it, in dollars.
 */
export const CLOSE_BEFORE = 0;
export const LAST_CLOSE = 1;
export const CLOSES_WIDTH = 2;

/**
 * Sections of a row: what nearly every event writes, to the end of the open bar; the quotes; the
 * closes and what is learned from bars and ticks; what moves on every trade and quote.
 */
export const SECTION_QUOTES = 1;
export const SECTION_LEARNED = 2;
export const SECTION_OBSERVED = 3;

/** `full`: with a place for the quotes of every exchange, where a feed carries those. */
export type QuotePlaces = 'full' | 'consolidated';

export function symbolRowWidth(quotes: QuotePlaces): number {
  return closesAt(quotes) + CLOSES_WIDTH;
}

/** Where in the row the closes begin; NaN while there are none. */
export function closesAt(quotes: QuotePlaces): number {
  return ROW_NBBO + (quotes === 'full' ? NBBO_WIDTH : CONSOLIDATED_WIDTH);
}

/** Of the places above; joined with the layouts of what follows them. */
export function symbolRowLayout(quotes: QuotePlaces): string {
  return hashText(`symbol-row/6;${ROW_BAR};${ROW_NBBO};${symbolRowWidth(quotes) - ROW_NBBO}`);
}

/**
 * Does what began at the time of an event, in a column of times, belong to the core session? The
 * column and not the number: handed on, that would be one on the heap for every event.
 */
export function isCore(
  values: Float64Array,
  at: number,
  times: Float64Array,
  event: number,
): boolean {
  const venueUs = times[event] ?? Number.NaN;
  const closeUs = values[at + ROW_CLOSE_US] ?? 0;
  return closeUs === 0 || (venueUs >= (values[at + ROW_OPEN_US] ?? 0) && venueUs < closeUs);
}

/**
 * Is the symbol liquid, or held: worth what it costs to be able to correct it? What was decided in
 * this very moment does not count yet, so that rows which learn again from recorded events, and
 * hear of decisions after them, remember what the row in its first life did.
 */
export function isWatched(values: Float64Array, at: number, nowUs: number): boolean {
  const isSettled = nowUs > (values[at + ROW_MOVED_US] ?? 0);
  const layer = values[at + (isSettled ? ROW_LAYER : ROW_LAYER_BEFORE)] ?? 0;
  return layer >= 1 || values[at + ROW_HELD] !== 0;
}

/** Takes in that the symbol joined or left a layer, by a decision of that moment. */
export function moveLayer(
  values: Float64Array,
  at: number,
  layer: number,
  isIn: boolean,
  atUs: number,
): void {
  if (values[at + ROW_MOVED_US] !== atUs) {
    values[at + ROW_MOVED_US] = atUs;
    values[at + ROW_LAYER_BEFORE] = values[at + ROW_LAYER] ?? 0;
  }
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
  resetOpen(values, at + ROW_BAR);
  resetCloses(values, at + closesAt(quotes));
  if (quotes === 'full') resetNbbo(values, at + ROW_NBBO);
  else resetConsolidated(values, at + ROW_NBBO);
}

export function resetCloses(values: Float64Array, closes: number): void {
  values.fill(Number.NaN, closes, closes + CLOSES_WIDTH);
}

/** One bar more has closed. */
export function pushClose(values: Float64Array, closes: number, close: number): void {
  values[closes + CLOSE_BEFORE] = values[closes + LAST_CLOSE] ?? Number.NaN;
  values[closes + LAST_CLOSE] = close;
}
