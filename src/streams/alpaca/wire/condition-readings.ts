import { ctaFlags, NO_CONDITION, tradeFlags, utpFlags } from '../../../domain/market/conditions.ts';
import { QUOTE_ASK, QUOTE_BID, TRADE_VOLUME } from '../../../domain/market/event-batch.ts';
import { exchangePlace } from '../../../domain/market/nbbo.ts';
import { isEligible, isKnownQuote, knownConditions, PLAN_CTA, PLAN_UTP, planOf } from './codes.ts';
import type { FeedCounts } from '../../wire/feed-counts.ts';
import { ABSENT, LIST, type MessageFields, NO_CODE } from '../../wire/message-fields.ts';
import { placeOf } from './field-places.ts';

const TAPE = placeOf('z');
const X = placeOf('x');
const C = placeOf('c');
const RC = placeOf('rc');

/** A condition's bits: what CTA lets a trade do, above that UTP, above that who knows it. */
const UTP_SHIFT = 8;
const KNOWN_SHIFT = 16;
const FLAGS = 0xff;
const LETTERS_MAX = 128;
const CONDITIONS = Int32Array.from({ length: LETTERS_MAX }, (_, code) => bitsOf(code));
const OTHER_CONDITION = bitsOf(NO_CODE);
const NO_CONDITIONS =
  NO_CONDITION | (NO_CONDITION << UTP_SHIFT) | ((PLAN_CTA | PLAN_UTP) << KNOWN_SHIFT);

function bitsOf(code: number): number {
  return ctaFlags(code) | (utpFlags(code) << UTP_SHIFT) | (knownConditions(code) << KNOWN_SHIFT);
}

/** The place of the exchange; 0 where there is none, or one that we do not know. */
export function readExchange(fields: MessageFields, counts: FeedCounts): number {
  const code = fields.letter(X);
  const place = exchangePlace(code);
  if (place === 0 && code !== 0) counts.unknownCodes += 1;
  return place;
}

/** What a trade may do, from the list of its conditions; all of it where there is no list. */
export function readConditions(fields: MessageFields, place: number, counts: FeedCounts): number {
  const kind = fields.kind[place];
  if (kind === ABSENT) return tradeFlags(NO_CONDITION);
  if (kind !== LIST) {
    counts.unknownCodes += 1;
    return TRADE_VOLUME;
  }
  const plan = planOf(fields.letter(TAPE));
  const { items } = fields;
  let conditions = NO_CONDITIONS;
  const to = fields.to[place] ?? 0;
  for (let at = fields.from[place] ?? 0; at < to; at += 1) {
    const code = items[at] ?? NO_CODE;
    conditions &= code < LETTERS_MAX ? (CONDITIONS[code] ?? 0) : OTHER_CONDITION;
  }
  const known = conditions >>> KNOWN_SHIFT;
  if ((known & (plan === 0 ? PLAN_CTA | PLAN_UTP : plan)) === 0) counts.unknownCodes += 1;
  const cta = conditions & FLAGS;
  const utp = (conditions >>> UTP_SHIFT) & FLAGS;
  if (plan === PLAN_CTA) return tradeFlags(cta);
  // On a tape that we do not know the stricter plan decides.
  return tradeFlags(plan === PLAN_UTP ? utp : cta & utp);
}

/**
 * The sides of a quote that its conditions let count: one condition is that of both sides, two are
 * those of bid and ask.
 */
export function readSides(fields: MessageFields, counts: FeedCounts): number {
  const kind = fields.kind[C];
  if (kind === ABSENT) return QUOTE_BID | QUOTE_ASK;
  const from = fields.from[C] ?? 0;
  const count = (fields.to[C] ?? 0) - from;
  if (kind !== LIST || count > 2) {
    counts.unknownCodes += 1;
    return 0;
  }
  if (count === 0) return QUOTE_BID | QUOTE_ASK;
  const plan = planOf(fields.letter(TAPE));
  const bid = fields.items[from] ?? 0;
  const ask = count === 1 ? bid : (fields.items[from + 1] ?? 0);
  if (!isKnownQuote(bid) || !isKnownQuote(ask)) counts.unknownCodes += 1;
  return (isEligible(bid, plan) ? QUOTE_BID : 0) | (isEligible(ask, plan) ? QUOTE_ASK : 0);
}

/** A volatility pause: `M` of tapes A and B, `LUDP` and `LUDS` of tape C. */
export function isPauseReason(fields: MessageFields): boolean {
  if (fields.letter(RC) === 0x4d) return true;
  if (!fields.isText(RC)) return false;
  const source = fields.source(RC);
  const from = fields.from[RC] ?? 0;
  return (fields.to[RC] ?? 0) - from === 4 && source[from] === 0x4c && source[from + 1] === 0x55;
}
