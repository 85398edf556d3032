import {
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_SHORT_RESTRICTED,
  STATUS_TRADING,
} from '../../../domain/market/event-batch.ts';

/** The letters that `domain/market/conditions.ts` has rows for. */
const CTA_LETTERS = ' @BCEFHIKLMNOPQRTUVXZ45679';
const UTP_LETTERS = ' @ABCDFGHIKLMNOPQRSTUVWXYZ12345679';

/**
 * Conditions that keep a quote out of the best bid and offer: closed, halted, or not firm (CQS
 * Multicast Output Specification, "Quote condition"; UTP Quote Data Feed Specification, the same).
 * A slow or manual quote of one side is a quote; manual on both sides is not executable at once.
 */
const CTA_INELIGIBLE = 'CLN4';
const CTA_ELIGIBLE = 'ABEFHORUWY ';
const UTP_INELIGIBLE = 'HILNUXZ4';
const UTP_ELIGIBLE = 'ABFORY ';

const CTA = 1;
const UTP = 2;

const CONDITIONS = bits([CTA_LETTERS, CTA], [UTP_LETTERS, UTP]);
const ELIGIBLE = bits([CTA_ELIGIBLE, CTA], [UTP_ELIGIBLE, UTP]);
const INELIGIBLE = bits([CTA_INELIGIBLE, CTA], [UTP_INELIGIBLE, UTP]);

function bits(...letters: readonly (readonly [string, number])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const [text, bit] of letters) {
    for (const letter of text) {
      const code = letter.charCodeAt(0);
      table[code] = (table[code] ?? 0) | bit;
    }
  }
  return table;
}

/** Which plans know a sale condition: bit 1 CTA, bit 2 UTP. */
export function knownConditions(code: number): number {
  return CONDITIONS[code] ?? 0;
}

/** Tapes A and B are the CTA plan's, C and O are told in UTP's letters; others in neither. */
export function planOf(tape: number): number {
  if (tape === 0x41 || tape === 0x42) return CTA;
  return tape === 0x43 || tape === 0x4f || tape === 0x4e ? UTP : 0;
}

export const PLAN_CTA = CTA;
export const PLAN_UTP = UTP;

/** May a quote of this condition set the best bid or offer? A letter we do not know may not. */
export function isEligible(code: number, plan: number): boolean {
  const known = ELIGIBLE[code] ?? 0;
  // Without a tape both plans must agree.
  return plan === 0 ? known === (CTA | UTP) : (known & plan) !== 0;
}

export function isKnownQuote(code: number): boolean {
  return ((ELIGIBLE[code] ?? 0) | (INELIGIBLE[code] ?? 0)) !== 0;
}

/** The status code says nothing about whether the symbol trades: an indication, an imbalance. */
export const STATUS_NEUTRAL = 0;
export const STATUS_UNKNOWN = -1;

/**
 * What a status code does (venues.md 2.5). No letter or digit has two meanings on the two plans, so
 * the tape need not be known. `Q` is not tradable yet. `F` tells of a price band, and is a pause
 * only where its reason says so.
 */
export function statusOf(code: number, isPause: boolean): number {
  switch (String.fromCharCode(code)) {
    case '2':
    case 'H':
    case 'P':
      return STATUS_HALTED;
    case '3':
    case 'T':
      return STATUS_TRADING;
    case 'Q':
      return STATUS_QUOTING;
    case 'E':
      return STATUS_SHORT_RESTRICTED;
    case 'F':
      return isPause ? STATUS_HALTED : STATUS_NEUTRAL;
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
    case 'A':
    case 'C':
    case 'D':
      return STATUS_NEUTRAL;
    default:
      return STATUS_UNKNOWN;
  }
}
