import { ctaFlags, NO_CONDITION, tradeFlags, utpFlags } from '../../../domain/market/conditions.ts';
import { QUOTE_ASK, QUOTE_BID, TRADE_VOLUME } from '../../../domain/market/event-batch.ts';
import { exchangePlace } from '../../../domain/market/nbbo.ts';

/**
 * The whole numbers that Polygon has for the letters of the plans. Sources: the answers of
 * `/v3/reference/conditions` and `/v3/reference/exchanges`, and the glossary
 * (polygon.io/glossary/us/stocks/conditions-indicators) where those say nothing.
 */

/** Letters of the participants, by number. 5 and 13 are the plans themselves, not exchanges. */
const EXCHANGES = ' ABCD IJKMNPT LVWXYZHU';
/** An exchange of over-the-counter trades: no plan has a letter for it. */
const OTC = 62;

const EXCHANGE_PLACES = Uint8Array.from(EXCHANGES, (letter) => exchangePlace(letter.charCodeAt(0)));

/** The place of an exchange; 0 for one that the plans do not know. */
export function placeOfExchange(number: number): number {
  const isKnown = number >= 0 && number < EXCHANGE_PLACES.length && Number.isInteger(number);
  return isKnown ? (EXCHANGE_PLACES[number] ?? 0) : 0;
}

/** Is it an exchange's number at all, with or without a place? */
export function isKnownExchange(number: number): boolean {
  return placeOfExchange(number) > 0 || number === OTC;
}

/** A sale condition by its letters on CTA and UTP; where a plan has none, the other's counts. */
const TRADE_LETTERS: readonly (readonly [number: number, cta: string, utp: string])[] = [
  [0, '@', '@'], // Regular sale.
  [1, '', 'A'], // Acquisition.
  [2, 'B', 'W'], // Average price trade.
  [3, 'E', ''], // Automatic execution.
  [4, '', 'B'], // Bunched trade.
  [5, '', 'G'], // Bunched sold trade.
  [6, 'E', ''], // CAP election, until 2013: updates all, as E does.
  [7, 'C', 'C'], // Cash sale.
  [8, '', '6'], // Closing prints.
  [9, 'X', 'X'], // Cross trade.
  [10, '4', '4'], // Derivatively priced.
  [11, '', 'D'], // Distribution.
  [12, 'T', 'T'], // Form T, extended hours.
  [13, 'U', 'U'], // Extended hours, sold out of sequence.
  [14, 'F', 'F'], // Intermarket sweep.
  [15, 'M', 'M'], // Market center official close.
  [16, 'Q', 'Q'], // Market center official open.
  [17, 'O', ''], // Market center opening trade.
  [18, '5', ''], // Market center reopening trade.
  [19, '6', ''], // Market center closing trade.
  [20, 'N', 'N'], // Next day.
  [21, 'H', 'H'], // Price variation trade.
  [22, 'P', 'P'], // Prior reference price.
  [23, '', 'K'], // Rule 155.
  [24, 'K', ''], // Rule 127.
  [25, '', 'O'], // Opening prints.
  [27, '', '1'], // Stopped stock, regular trade.
  [28, '', '5'], // Re-opening prints.
  [29, 'R', 'R'], // Seller.
  [30, 'L', 'L'], // Sold last.
  [31, '', '2'], // Sold last and stopped stock.
  [32, 'Z', 'Z'], // Sold, out of sequence.
  [33, '', '3'], // Sold, out of sequence, and stopped stock.
  [34, '', 'S'], // Split trade.
  [35, 'V', ''], // Stock option: the sources disagree; the stricter one.
  [36, '', 'Y'], // Yellow flag.
  [37, 'I', 'I'], // Odd lot trade.
  [38, '9', '9'], // Corrected consolidated close.
  [41, '@', '@'], // Trade-through exempt: says why, not what; the others decide.
  [52, 'V', 'V'], // Contingent trade.
  [53, '7', '7'], // Qualified contingent trade.
  [55, 'O', ''], // Opening or reopening trade detail.
];
/** Of the symbol, not of the trade: short sale restrictions, the issuer's finances. */
const TRADE_NEUTRAL = [57, 58, 59, 60, ...Array.from({ length: 10 }, (_, at) => 62 + at)];

const NUMBERS_MAX = 128;
/** Of a condition's bits: what CTA lets the trade do, above that UTP, above that "we know it". */
const UTP_SHIFT = 8;
const FLAGS = 0xff;
const KNOWN = 1 << 16;
const UNKNOWN_CONDITION = TRADE_VOLUME | (TRADE_VOLUME << UTP_SHIFT);
const CONDITIONS = new Int32Array(NUMBERS_MAX).fill(UNKNOWN_CONDITION);
for (const [number, cta, utp] of TRADE_LETTERS) {
  const ctaBits = cta === '' ? flagsOfUtp(utp) : flagsOfCta(cta);
  const utpBits = utp === '' ? flagsOfCta(cta) : flagsOfUtp(utp);
  CONDITIONS[number] = ctaBits | (utpBits << UTP_SHIFT) | KNOWN;
}
for (const number of TRADE_NEUTRAL) {
  CONDITIONS[number] = NO_CONDITION | (NO_CONDITION << UTP_SHIFT) | KNOWN;
}

function flagsOfCta(letter: string): number {
  return ctaFlags(letter.charCodeAt(0));
}

function flagsOfUtp(letter: string): number {
  return utpFlags(letter.charCodeAt(0));
}

/** Where a combination of conditions starts; each is combined by AND. */
export const NO_CONDITIONS = NO_CONDITION | (NO_CONDITION << UTP_SHIFT) | KNOWN;

/** What a sale condition lets a trade do; volume only where we do not know it. */
export function conditionOf(number: number): number {
  const isIn = number >= 0 && number < NUMBERS_MAX;
  return isIn ? (CONDITIONS[number] ?? UNKNOWN_CONDITION) : UNKNOWN_CONDITION;
}

/** Were all conditions of a combination known? */
export function areKnown(conditions: number): boolean {
  return (conditions & KNOWN) !== 0;
}

/** The flags of an event, by the plan of its tape: 1 and 2 are the CTA's, 3 is UTP's. */
export function flagsOf(conditions: number, tape: number): number {
  const utp = (conditions >>> UTP_SHIFT) & FLAGS;
  if (tape === TAPE_UTP) return tradeFlags(utp);
  // On a tape that we do not know the stricter plan decides.
  const cta = conditions & FLAGS;
  return tradeFlags(tape === 1 || tape === 2 ? cta : cta & utp);
}

const TAPE_UTP = 3;

/**
 * Quotes that may set the best bid and offer: regular, slow or manual on one side, opening, fast,
 * one-sided, of other settlement, or with depth behind them; locked and crossed ones are reported
 * as they are.
 */
const ELIGIBLE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 34, 41, 42, 71, 84, 85, 86, 87, 88];
/**
 * And those that may not: manual on both sides (12), closing and closed (14, 15), resume, which is
 * filled with zeros (16), a trading range (18), a closed market maker (19), not firm (20), halts
 * and imbalances (21 to 33), price bands, breakers and auctions (35 to 40), a pause (43), a quote
 * taken back or made up by the plan (80 to 83), indications and syndicate bids (89 to 92).
 */
const INELIGIBLE = [
  12, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 37, 38,
  39, 40, 43, 80, 81, 82, 83, 89, 90, 91, 92,
];
const QUOTE_CONDITIONS = new Uint8Array(NUMBERS_MAX);
const MAY_COUNT = 1;
const MAY_NOT = 2;
for (const number of ELIGIBLE) QUOTE_CONDITIONS[number] = MAY_COUNT;
for (const number of INELIGIBLE) QUOTE_CONDITIONS[number] = MAY_NOT;

export function isQuoteCondition(number: number): boolean {
  // -1 is "invalid".
  return number === -1 || quoteConditionOf(number) !== 0;
}

/** The sides of a quote that its condition lets count. */
export function sidesOf(number: number): number {
  return quoteConditionOf(number) === MAY_COUNT ? QUOTE_BID | QUOTE_ASK : 0;
}

function quoteConditionOf(number: number): number {
  const isIn = number >= 0 && number < NUMBERS_MAX && Number.isInteger(number);
  return isIn ? (QUOTE_CONDITIONS[number] ?? 0) : 0;
}

/** "Halt and resumption messages (17 and 18) are only available for NASDAQ listed securities." */
export const BAND_SUSPENDED = 17;
export const BAND_REOPENED = 18;
/** Opening and intraday update, restated, outside of hours, band, band told again. */
export function isBandIndicator(number: number): boolean {
  return number >= 14 && number <= 23;
}
