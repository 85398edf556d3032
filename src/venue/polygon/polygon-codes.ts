import type { Tape } from '../archive/wire-codes.ts';

/** Tapes as numbers (venues.md 6.1). */
export const TAPE_NUMBERS: Readonly<Record<Tape, number>> = { A: 1, B: 2, C: 3 };

/** Exchanges by the letter that they have on the tapes (`/v3/reference/exchanges`). */
const EXCHANGES: Readonly<Record<string, number>> = {
  D: 4,
  J: 7,
  K: 8,
  N: 10,
  P: 11,
  Q: 12,
  V: 15,
  Y: 18,
  Z: 19,
  U: 21,
};

/** The facility through which what was traded off the exchanges is reported. */
export const REPORTING_FACILITY = 4;
export const FACILITY_ID = 202;

export function exchangeNumber(letter: string): number {
  return EXCHANGES[letter] ?? 0;
}

/** Sale conditions (`/v3/reference/conditions`) by the letters of tapes A and B. */
const CONSOLIDATED: Readonly<Record<string, number>> = {
  I: 37,
  T: 12,
  Z: 32,
  '9': 38,
  M: 15,
  O: 17,
  '5': 18,
  '6': 19,
};

/** The same of tape C, where the auctions have numbers of their own. */
const NASDAQ: Readonly<Record<string, number>> = { ...CONSOLIDATED, O: 25, '5': 28, '6': 8 };

/** A regular sale has no condition at all: its letters `@` and space are nobody's number. */
export function conditionNumbers(letters: readonly string[], tape: Tape): readonly number[] {
  const table = tape === 'C' ? NASDAQ : CONSOLIDATED;
  return letters.flatMap((letter) => table[letter] ?? []);
}

/** Quotes: both sides regular, and not firm. */
export const QUOTE_REGULAR = 1;
export const QUOTE_NOT_FIRM = 20;
/** The best bid and offer may be traded at, as far as the price bands go. */
export const QUOTE_INDICATORS: readonly number[] = [604];

/** Of a price band that is told as usual; halts and their ends are told of tape C alone. */
export const BAND_USUAL = 21;
export const BAND_HALT = 17;
export const BAND_RESUME = 18;
