import { QUOTE_ASK, QUOTE_BID, QUOTE_INELIGIBLE } from './event-batch.ts';

/**
 * The national best bid and offer of one symbol, built from the quotes of its exchanges, in
 * doubles of somebody else's memory: `state[at .. at + NBBO_WIDTH)`. Prices are ten-thousandths,
 * NaN where there is none; sizes are shares.
 *
 * The size at the best is that of the largest single exchange there, as the SIP plans rank quotes
 * (price, then size), not the sum. Locked (bid = ask) and crossed (bid > ask) books are reported
 * as they are: whether to act on one is a decision, not arithmetic.
 */
export const BEST_BID = 0;
export const BEST_BID_SIZE = 1;
export const BEST_ASK = 2;
export const BEST_ASK_SIZE = 3;

/** Places 1 to 20; place 0 is the consolidated quote. */
export const EXCHANGES_MAX = 20;
/** 1 while any exchange's own quote is held. */
const HAS_EXCHANGES = 4;
const PLACES = 5;
const PLACE_WIDTH = 4;
export const NBBO_WIDTH = PLACES + (EXCHANGES_MAX + 1) * PLACE_WIDTH;

/** A symbol of which only consolidated quotes come needs no places: the best of each side. */
export const CONSOLIDATED_WIDTH = 4;

/** Offsets from the start of the slots and inside a place, which have the same order. */
const BID = 0;
const ASK = 2;

/**
 * Letters of the plans' participants, in alphabetical order; the place is the one in this text,
 * from 1. `T` is NASDAQ's other letter and shares the place of `Q`; `G` is 24X National.
 */
const LETTERS = 'ABCDGHIJKLMNPQUVWXYZ';
const PLACE_BY_CODE = placesByCode();

/** The place of an exchange's letter, given as a character code; 0 for a letter we do not know. */
export function exchangePlace(code: number): number {
  return PLACE_BY_CODE[code] ?? 0;
}

/** The letter of a place, for people; `?` for what is no exchange. */
export function exchangeLetter(place: number): string {
  return LETTERS.charAt(place - 1) || '?';
}

export function resetNbbo(state: Float64Array, at: number): void {
  state.fill(Number.NaN, at, at + NBBO_WIDTH);
  state[at + BEST_BID_SIZE] = 0;
  state[at + BEST_ASK_SIZE] = 0;
  state[at + HAS_EXCHANGES] = 0;
}

export function resetConsolidated(state: Float64Array, at: number): void {
  state[at + BEST_BID] = Number.NaN;
  state[at + BEST_BID_SIZE] = 0;
  state[at + BEST_ASK] = Number.NaN;
  state[at + BEST_ASK_SIZE] = 0;
}

/** What `applyQuote` does with a consolidated quote where no exchange has shown one of its own. */
export function applyConsolidated(
  state: Float64Array,
  at: number,
  flags: number,
  bid: number,
  bidSize: number,
  ask: number,
  askSize: number,
): void {
  const isGone = (flags & QUOTE_INELIGIBLE) !== 0;
  if ((flags & QUOTE_BID) !== 0) {
    const isThere = !isGone && bid !== 0 && bid === bid;
    state[at + BEST_BID] = isThere ? bid : Number.NaN;
    state[at + BEST_BID_SIZE] = isThere ? bidSize : 0;
  }
  if ((flags & QUOTE_ASK) !== 0) {
    const isThere = !isGone && ask !== 0 && ask === ask;
    state[at + BEST_ASK] = isThere ? ask : Number.NaN;
    state[at + BEST_ASK_SIZE] = isThere ? askSize : 0;
  }
}

/**
 * Takes in one quote event. A side with price 0, and every side of an ineligible quote, takes away
 * what that place offered before. A consolidated quote (place 0) speaks for the whole market: the
 * sides it carries replace those of all exchanges.
 *
 * Looks at all places only where the best of a side may have become worse.
 */
export function applyQuote(
  state: Float64Array,
  at: number,
  place: number,
  flags: number,
  bid: number,
  bidSize: number,
  ask: number,
  askSize: number,
): void {
  const isGone = (flags & QUOTE_INELIGIBLE) !== 0;
  if (place !== 0) state[at + HAS_EXCHANGES] = 1;
  const isAlone = place === 0 && state[at + HAS_EXCHANGES] === 1;
  if ((flags & QUOTE_BID) !== 0) {
    if (isAlone) clearSide(state, at, BID);
    setSide(state, at, place, BID, isGone || bid === 0 ? Number.NaN : bid, bidSize);
  }
  if ((flags & QUOTE_ASK) !== 0) {
    if (isAlone) clearSide(state, at, ASK);
    setSide(state, at, place, ASK, isGone || ask === 0 ? Number.NaN : ask, askSize);
  }
  if (isAlone && (flags & (QUOTE_BID | QUOTE_ASK)) === (QUOTE_BID | QUOTE_ASK)) {
    state[at + HAS_EXCHANGES] = 0;
  }
}

function setSide(
  state: Float64Array,
  at: number,
  place: number,
  side: number,
  price: number,
  size: number,
): void {
  const slot = at + PLACES + place * PLACE_WIDTH + side;
  const before = state[slot] ?? Number.NaN;
  state[slot] = price;
  state[slot + 1] = price === price ? size : 0;
  const best = state[at + side] ?? Number.NaN;
  const isBetter = side === BID ? price > best : price < best;
  // Beside a consolidated quote there is no other.
  if (place === 0 || isBetter || (best !== best && price === price)) {
    state[at + side] = price;
    state[at + side + 1] = state[slot + 1] ?? 0;
    return;
  }
  if (price === best && size >= (state[at + side + 1] ?? 0)) state[at + side + 1] = size;
  // The place stood at the best and has left it, or may have shown the size that counted.
  else if (before === best) findBest(state, at, side);
}

function findBest(state: Float64Array, at: number, side: number): void {
  let best = Number.NaN;
  let bestSize = 0;
  const end = at + NBBO_WIDTH;
  for (let slot = at + PLACES + side; slot < end; slot += PLACE_WIDTH) {
    const price = state[slot] ?? Number.NaN;
    if (price !== price) continue;
    const size = state[slot + 1] ?? 0;
    const isBetter = best !== best || (side === BID ? price > best : price < best);
    if (isBetter || (price === best && size > bestSize)) {
      best = price;
      bestSize = size;
    }
  }
  state[at + side] = best;
  state[at + side + 1] = bestSize;
}

function clearSide(state: Float64Array, at: number, side: number): void {
  const end = at + NBBO_WIDTH;
  for (let slot = at + PLACES + side; slot < end; slot += PLACE_WIDTH) state[slot] = Number.NaN;
  state[at + side] = Number.NaN;
  state[at + side + 1] = 0;
}

function placesByCode(): Uint8Array {
  const places = new Uint8Array(256);
  for (let at = 0; at < LETTERS.length; at += 1) places[LETTERS.charCodeAt(at)] = at + 1;
  places['T'.charCodeAt(0)] = LETTERS.indexOf('Q') + 1;
  return places;
}
