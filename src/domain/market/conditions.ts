import {
  QUOTE_INELIGIBLE,
  TRADE_HIGH_LOW,
  TRADE_LAST,
  TRADE_OPEN_CLOSE,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from './event-batch.ts';

/**
 * What a sale condition lets a trade do, as four bits of event-batch.ts, and one of our own.
 *
 * Source: the consolidated processing guidelines of the two plans (CTS Multicast Output
 * Specification, "Trade conditions"; UTP Trade Data Feed Specification, "Sale condition matrix"),
 * read through their public copies: polygon.io/glossary/us/stocks/conditions-indicators and
 * docs.dxfeed.com/misc/dxFeed_TimeAndSale_Sale_Conditions.htm. They give three columns, "update
 * high/low", "update last" and "update volume"; a bar's open is its first and its close its last
 * trade that may update the last price, so OPEN_CLOSE goes with LAST. Footnotes such as "only if
 * it is the first trade of the day" need the day's history and are read as "no": a price missed
 * is repaired by the next trade, a wrong one is not.
 *
 * The bits of several conditions are combined by AND: the strictest one decides.
 */
const ALL = 47;
/** Yes, no (footnote), yes: out of its time, but a real price of the day. */
const HIGH_LOW_VOLUME = TRADE_HIGH_LOW | TRADE_VOLUME;
const VOLUME_ONLY = TRADE_VOLUME;
const NOTHING = 0;

/**
 * The trade may set prices of a minute bar that lies outside the core session, even where the
 * plan's bits (made for the day's bar) forbid it. Nearly every trade before 09:30 and after 16:00
 * carries `T`, which updates the day's volume only; minute bars of those hours are made from it all
 * the same (venues.md 2.5; massive.com knowledge base, "Does a Form T trade update a pre-market
 * minute bar's high, low, open and close?": yes, unless another condition such as odd lot forbids).
 */
export const TRADE_EXTENDED = 32;
const EXTENDED_HOURS = TRADE_VOLUME | TRADE_EXTENDED;
/** Corrected consolidated close: yes, yes, no volume (it was counted before). */
const PRICE_ONLY = TRADE_HIGH_LOW | TRADE_LAST | TRADE_OPEN_CLOSE;

/** Where a combination of conditions starts, and what a trade without any condition may do. */
export const NO_CONDITION = ALL;

/** The flags of an event, from the combination of all its conditions. */
export function tradeFlags(combined: number): number {
  // A trade that is regular anyway needs no leave for the other hours.
  return (combined & TRADE_LAST) !== 0 ? combined & TRADE_REGULAR : combined;
}

/** What a trade does to a minute bar outside the core session, from the flags of its event. */
export function extendedHoursFlags(flags: number): number {
  return (flags & TRADE_EXTENDED) !== 0 ? flags | TRADE_REGULAR : flags;
}

/** Sale conditions of tapes A and B (CTA plan), by letter. */
const CTA: Readonly<Record<string, number>> = {
  ' ': ALL, // No condition: yes, yes, yes.
  '@': ALL, // Regular sale: yes, yes, yes.
  B: VOLUME_ONLY, // Average price trade: no, no, yes.
  C: VOLUME_ONLY, // Cash sale, same day clearing: no, no, yes.
  E: ALL, // Automatic execution: yes, yes, yes.
  F: ALL, // Intermarket sweep: yes, yes, yes.
  H: VOLUME_ONLY, // Price variation trade: no, no, yes.
  I: VOLUME_ONLY, // Odd lot trade (CAP election before 2013 [uncertain]): no, no, yes.
  K: ALL, // Rule 127 (NYSE) or 155 (NYSE American): yes, yes, yes.
  L: HIGH_LOW_VOLUME, // Sold last: yes, only from the market of the last sale [uncertain], yes.
  M: NOTHING, // Market center official close: no, no, no. A statement, not a trade.
  N: VOLUME_ONLY, // Next day clearing: no, no, yes.
  O: ALL, // Market center opening trade: yes, yes, yes.
  P: HIGH_LOW_VOLUME, // Prior reference price: yes, no (footnote), yes.
  Q: NOTHING, // Market center official open: no, no, no. A statement, not a trade.
  R: VOLUME_ONLY, // Seller: no, no, yes.
  T: EXTENDED_HOURS, // Extended hours trade: no, no, yes.
  U: VOLUME_ONLY, // Extended hours, sold out of sequence: no, no, yes.
  V: VOLUME_ONLY, // Contingent trade: no, no, yes.
  X: ALL, // Cross trade: yes, yes, yes.
  Z: HIGH_LOW_VOLUME, // Sold out of sequence: yes, no (footnote), yes.
  '4': HIGH_LOW_VOLUME, // Derivatively priced: yes, no (footnote), yes.
  '5': ALL, // Market center reopening trade: yes, yes, yes.
  '6': ALL, // Market center closing trade: yes, yes, yes.
  '7': VOLUME_ONLY, // Qualified contingent trade: no, no, yes.
  '9': PRICE_ONLY, // Corrected consolidated close, listing market: yes, yes, no.
};

/** Sale conditions of tape C (UTP plan), by letter. */
const UTP: Readonly<Record<string, number>> = {
  ' ': ALL,
  '@': ALL, // Regular sale: yes, yes, yes.
  A: ALL, // Acquisition: yes, yes, yes.
  B: ALL, // Bunched trade: yes, yes, yes. Average price on tapes A and B.
  C: VOLUME_ONLY, // Cash sale: no, no, yes.
  D: ALL, // Distribution: yes, yes, yes.
  F: ALL, // Intermarket sweep: yes, yes, yes.
  G: HIGH_LOW_VOLUME, // Bunched sold trade: yes, no (footnote), yes.
  H: VOLUME_ONLY, // Price variation trade: no, no, yes.
  I: VOLUME_ONLY, // Odd lot trade: no, no, yes.
  K: ALL, // Rule 155 trade: yes, yes, yes.
  L: HIGH_LOW_VOLUME, // Sold last: yes, yes with a footnote [uncertain], yes.
  M: NOTHING, // Market center official close: no, no, no; its volume counts elsewhere.
  N: VOLUME_ONLY, // Next day: no, no, yes.
  O: ALL, // Opening prints: yes, yes, yes.
  P: HIGH_LOW_VOLUME, // Prior reference price: yes, no (footnote), yes.
  Q: NOTHING, // Market center official open: no, no, no; its volume counts elsewhere.
  R: VOLUME_ONLY, // Seller: the copies disagree on high/low [uncertain]; the stricter one.
  S: ALL, // Split trade: yes, yes, yes.
  T: EXTENDED_HOURS, // Form T: no, no, yes.
  U: VOLUME_ONLY, // Extended hours, sold out of sequence: no, no, yes.
  V: VOLUME_ONLY, // Contingent (once stock-option) trade: no, no, yes.
  W: VOLUME_ONLY, // Average price trade: no, no, yes.
  X: ALL, // Cross trade: yes, yes, yes.
  Y: ALL, // Yellow flag: "eligible to update all market center and consolidated statistics".
  Z: HIGH_LOW_VOLUME, // Sold out of sequence: yes, no (footnote), yes.
  '1': ALL, // Stopped stock, regular trade: yes, yes, yes.
  '2': HIGH_LOW_VOLUME, // Stopped stock, sold last: as L [uncertain].
  '3': HIGH_LOW_VOLUME, // Stopped stock, sold out of sequence: as Z.
  '4': HIGH_LOW_VOLUME, // Derivatively priced: yes, no (footnote), yes.
  '5': ALL, // Re-opening prints: yes, yes, yes.
  '6': ALL, // Closing prints: yes, yes, yes.
  '7': VOLUME_ONLY, // Qualified contingent trade: no, no, yes.
  '9': PRICE_ONLY, // Corrected consolidated close, listing market: yes, yes, no.
};

const CTA_BY_CODE = byCode(CTA);
const UTP_BY_CODE = byCode(UTP);

/**
 * One condition of a trade on tape A or B, by its character code; combine by AND with the others,
 * starting from `NO_CONDITION`, then `tradeFlags`. A letter we do not know counts volume only.
 */
export function ctaFlags(code: number): number {
  return CTA_BY_CODE[code] ?? VOLUME_ONLY;
}

/** The same for tape C. */
export function utpFlags(code: number): number {
  return UTP_BY_CODE[code] ?? VOLUME_ONLY;
}

function byCode(table: Readonly<Record<string, number>>): Uint8Array {
  const codes = new Uint8Array(128).fill(VOLUME_ONLY);
  for (const [letter, flags] of Object.entries(table)) codes[letter.charCodeAt(0)] = flags;
  return codes;
}

/**
 * AlgoSeek's bits as QuantConnect Lean stores them (`TradeConditionFlags`), by place. Both tapes
 * share them, so where the plans differ the stricter rule is taken.
 */
const LEAN: readonly number[] = [
  ALL, // 0x1 Regular.
  VOLUME_ONLY, // 0x2 Cash: as C.
  VOLUME_ONLY, // 0x4 Next day: as N.
  VOLUME_ONLY, // 0x8 Seller: as R.
  ALL, // 0x10 Yellow flag: as Y.
  ALL, // 0x20 Intermarket sweep: as F. Lean's own bars leave it out, the plans do not.
  ALL, // 0x40 Opening print: as O.
  ALL, // 0x80 Closing print: as 6.
  ALL, // 0x100 Reopening print: as 5.
  HIGH_LOW_VOLUME, // 0x200 Derivatively priced: as 4.
  EXTENDED_HOURS, // 0x400 Form T: as T.
  HIGH_LOW_VOLUME, // 0x800 Sold: as Z, with which it comes; described as L [uncertain].
  ALL, // 0x1000 Stopped stock: as 1.
  EXTENDED_HOURS, // 0x2000 Extended hours: as T.
  HIGH_LOW_VOLUME, // 0x4000 Out of sequence: as Z in the core session, with 0x2000 as U.
  ALL, // 0x8000 Split: as S.
  ALL, // 0x10000 Acquisition: as A.
  ALL, // 0x20000 Bunched: as B of tape C.
  VOLUME_ONLY, // 0x40000 Stock-option trade: as V.
  ALL, // 0x80000 Distribution: as D.
  VOLUME_ONLY, // 0x100000 Average price: as B of tape A, W of tape C.
  ALL, // 0x200000 Cross: as X.
  VOLUME_ONLY, // 0x400000 Price variation: as H.
  ALL, // 0x800000 Rule 155: as K.
  NOTHING, // 0x1000000 Official close: as M.
  HIGH_LOW_VOLUME, // 0x2000000 Prior reference price: as P.
  NOTHING, // 0x4000000 Official open: as Q.
  ALL, // 0x8000000 CAP election: updates all (Polygon's condition 6).
  ALL, // 0x10000000 Automatic execution: as E.
  ALL, // 0x20000000 Trade-through exempt: says why, not what; the other bits decide.
  VOLUME_ONLY, // 0x40000000 Not described by AlgoSeek [uncertain].
  VOLUME_ONLY, // 0x80000000 Odd lot: as I.
];

// One mask per flag, so that a trade costs five ANDs and no loop.
const LEAN_NOT_HIGH_LOW = leanMask(TRADE_HIGH_LOW);
const LEAN_NOT_LAST = leanMask(TRADE_LAST);
const LEAN_NOT_VOLUME = leanMask(TRADE_VOLUME);
const LEAN_NOT_OPEN_CLOSE = leanMask(TRADE_OPEN_CLOSE);
const LEAN_NOT_EXTENDED = leanMask(TRADE_EXTENDED);

/** The flags of an event from Lean's 32 condition bits, which may be given as 0 .. 2^32 - 1. */
export function leanTradeFlags(hexFlags: number): number {
  let combined = 0;
  if ((hexFlags & LEAN_NOT_HIGH_LOW) === 0) combined |= TRADE_HIGH_LOW;
  if ((hexFlags & LEAN_NOT_LAST) === 0) combined |= TRADE_LAST;
  if ((hexFlags & LEAN_NOT_VOLUME) === 0) combined |= TRADE_VOLUME;
  if ((hexFlags & LEAN_NOT_OPEN_CLOSE) === 0) combined |= TRADE_OPEN_CLOSE;
  if ((hexFlags & LEAN_NOT_EXTENDED) === 0) combined |= TRADE_EXTENDED;
  return tradeFlags(combined);
}

function leanMask(flag: number): number {
  let mask = 0;
  for (let place = 0; place < LEAN.length; place += 1) {
    if (((LEAN[place] ?? 0) & flag) === 0) mask |= 1 << place;
  }
  return mask;
}

/**
 * Lean's quote bits (`QuoteConditionFlags`) that keep a quote out of the best bid and offer: not
 * firm, in a halt, an indication, or the participant's last word of the day. Eligible stay regular
 * (0x1), slow (0x2), opening (0x800) and fast (0x200000) quotes.
 */
const LEAN_INELIGIBLE =
  0x4 | // Gap: "manual and non-firm in the Bid and Offer".
  0x8 | // Closing: "the last quote for a security for that Participant".
  0x10 | // News dissemination: halt.
  0x20 | // News pending: halt.
  0x40 | // Trading range indication: "no sizes".
  0x80 | // Order imbalance: halt.
  0x100 | // Closed market maker.
  0x200 | // Volatility trading pause.
  0x400 | // Non-firm.
  0x1000 | // Due to related security: halt.
  0x2000 | // Resume: "zero-filled bid, offer and size".
  0x4000 | // In view of common: halt.
  0x8000 | // Equipment changeover: halt.
  0x10000 | // Sub-penny trading: halt.
  0x20000 | // No open, no resume.
  0x40000 | // Price band: its prices are limits, not offers [uncertain].
  0x80000 | // Price band, repeated [uncertain].
  0x100000 | // Manual on both sides: not executable at once, "can be traded through".
  0x400000; // Order influx: halt.

/** `QUOTE_INELIGIBLE` or 0. */
export function leanQuoteFlags(hexFlags: number): number {
  return (hexFlags & LEAN_INELIGIBLE) === 0 ? 0 : QUOTE_INELIGIBLE;
}
