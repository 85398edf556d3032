import { MS } from '../core/time.ts';
import type { RefusalCode } from '../domain/risk/refusal.ts';
import type { ParityClass, Why } from './parity-classes.ts';
import { type Pair, TIME } from './parity-pairs.ts';
import {
  ACCOUNT,
  because,
  booksOf,
  type Evidence,
  follows,
  followsPair,
  HALTS,
  isLivePair,
  only,
  partsDiffer,
  type Side,
  sidesOf,
  unexplained,
} from './parity-rules.ts';
import type { StatePart } from './parity-state.ts';

/** Why risk answered the same signal otherwise, or a signal that only one session made. */
export function answerWhy(evidence: Evidence, pair: Pair): Why {
  const { parent, fields } = pair;
  if (parent === undefined) return unexplained('its signal is not known');
  if (parent.left === undefined || parent.right === undefined) {
    return followsPair(evidence, parent, 'only one session made the signal');
  }
  if (pair.instead === undefined && (pair.left === undefined || pair.right === undefined)) {
    return unexplained('the other session never answered the same signal');
  }
  if (pair.instead === undefined && only(fields, [TIME])) {
    return followsPair(evidence, parent, 'the signal came at another time');
  }
  const both = { ...pair, left: pair.left ?? pair.instead, right: pair.right ?? pair.instead };
  const sides = sidesOf(evidence, both);
  const codes = sides.flatMap(({ decision }) => decision.fields['code'] ?? []);
  if (codes.length > 0) return refusalWhy(evidence, parent, sides, codes);
  return intentWhy(evidence, pair, sides, parent);
}

/** Prices and sizes of the order that the same signal became. */
function intentWhy(
  evidence: Evidence,
  { fields }: Pair,
  sides: readonly Side[],
  parent: Pair,
): Why {
  if (!only(fields, [TIME, 'quantity', 'limitPrice', 'referencePrice', 'patientUntilUs'])) {
    return unexplained(`${fields.join(', ')} differ`);
  }
  if (isLivePair(evidence) && fields.includes('limitPrice') && !isSameOffset(sides)) {
    return unexplained('the limit stands farther from its price in one of them');
  }
  const [side] = sides;
  if (fields.includes('quantity') && side !== undefined) {
    const isEntry = side.decision.fields['purpose'] === 'entry';
    if (!isEntry && partsDiffer(sides, 'holding')) {
      return follows(evidence, booksOf(side.grounds.symbol), 'another quantity was held');
    }
    if (isEntry && partsDiffer(sides, 'account')) {
      return follows(evidence, ACCOUNT, 'the account was worth or exposed otherwise');
    }
  }
  return followsPair(evidence, parent, 'the signal came at another time or price');
}

/** As a share of the price; both are whole cents at the venue. */
function isSameOffset(sides: readonly Side[]): boolean {
  const [a, b] = sides.map(({ decision: { fields } }) => {
    const [limit, price] = [Number(fields['limitPrice']), Number(fields['referencePrice'])];
    return { share: limit / price, cent: CENT / price };
  });
  if (a === undefined || b === undefined || Number.isNaN(a.share + b.share)) return true;
  return Math.abs(a.share - b.share) <= a.cent + b.cent;
}

const CENT = 100;

type Chain = 'books' | 'account' | 'halts';
type Part = readonly [part: StatePart, why: Exclude<ParityClass, 'consequence'> | Chain];

/** The chain in which an earlier difference is looked for. */
function aboutOf(chain: Chain, symbol: string): string {
  if (chain === 'books') return booksOf(symbol);
  return chain === 'account' ? ACCOUNT : HALTS;
}

function isChain(why: Part[1]): why is Chain {
  return why === 'books' || why === 'account' || why === 'halts';
}

/** On what a refusal rests besides the market, by its code. The order is that of risk's checks. */
const RESTS_ON: Readonly<Record<string, readonly Part[]>> = {
  HALTED: [['halt', 'halts']],
  ENDING: [['halt', 'halts']],
  POLICY: [['halt', 'halts']],
  BANNED: [['said', 'halts']],
  HANDS_OFF: [['said', 'halts']],
  NOT_TRADABLE: [],
  MARKET_CLOSED: [],
  REDUCE_ONLY: [
    ['health', 'service'],
    ['unreconciled', 'reconciliation'],
  ],
  NOT_RECONCILED: [['reconciled', 'reconciliation']],
  SYMBOL_QUARANTINED: [['row', 'crash']],
  NO_SLOT: [['slot', 'subscription']],
  NO_QUOTE: [['slot', 'subscription']],
  SYMBOL_HALTED: [],
  QUOTE_STALE: [],
  BAR_STALE: [],
  QUOTE_CROSSED: [],
  LIMIT_BAND: [],
  SPREAD_WIDE: [],
  NOTHING_TO_CLOSE: [['holding', 'books']],
  ORDER_OPEN: [['holding', 'books']],
  POSITION_OPEN: [['holding', 'books']],
  ENTRIES_MAX: [['entries', 'books']],
  POSITIONS_MAX: [['account', 'account']],
  SIZE_ZERO: [['account', 'account']],
  ORDER_NOTIONAL_MAX: [['account', 'account']],
  POSITION_NOTIONAL_MAX: [['account', 'account']],
  SECTOR_MAX: [['account', 'account']],
  EXPOSURE_MAX: [['account', 'account']],
  CASH_SHORT: [['account', 'account']],
  RATE_MAX: [['account', 'account']],
} satisfies Readonly<Record<RefusalCode, readonly Part[]>>;

const CHECKS = Object.keys(RESTS_ON);
/** What a quote looks like depends on when it is looked at. */
const OF_THE_QUOTE: ReadonlySet<string> = new Set([
  'NO_QUOTE',
  'SYMBOL_HALTED',
  'QUOTE_STALE',
  'BAR_STALE',
  'QUOTE_CROSSED',
  'LIMIT_BAND',
  'SPREAD_WIDE',
]);

/** The check that comes first decided: on the other side it let the signal through. */
function refusalWhy(
  evidence: Evidence,
  parent: Pair,
  sides: readonly Side[],
  codes: readonly string[],
): Why {
  const [code = ''] = codes.toSorted((one, other) => CHECKS.indexOf(one) - CHECKS.indexOf(other));
  if (codes.length === 2 && codes[0] === codes[1] && !isSameLimit(code, sides)) {
    return unexplained(`${code}: the limit was another one`);
  }
  for (const [part, why] of RESTS_ON[code] ?? []) {
    if (!partsDiffer(sides, part)) continue;
    const text = `${code}: ${said(sides, part)}`;
    if (!isChain(why)) return because(why, text);
    const about = aboutOf(why, sides[0]?.grounds.symbol ?? '');
    // Where nothing differed before, the signal was overtaken: it met the books of a later time.
    const isOvertaken = evidence.last(about) === undefined && parent.fields.includes(TIME);
    return isOvertaken ? followsPair(evidence, parent, text) : follows(evidence, about, text);
  }
  if (OF_THE_QUOTE.has(code) && hasWaited(sides)) {
    return because('waiting', `${code}: what is stale was taken in at another time`);
  }
  const [one, other] = sides;
  const isMoved =
    one?.grounds.place.events !== other?.grounds.place.events ||
    one?.decision.atUs !== other?.decision.atUs;
  if (!isMoved) return unexplained(`${code}: both had seen the same at the same time`);
  if (OF_THE_QUOTE.has(code)) return because('quote', `${code}: looked at at another time`);
  if (code === 'MARKET_CLOSED') return because('waiting', `${code}: asked at another time`);
  if (RESTS_ON[code]?.[0]?.[0] !== 'account') return unexplained(`${code}: on equal grounds`);
  return followsPair(evidence, parent, `${code}: the signal came at another price`);
}

/** A limit is a setting; only shares of the equity, and the cash, move with the account. */
function isSameLimit(code: string, sides: readonly Side[]): boolean {
  const [a = 0, b = 0] = sides.map(({ decision }) => Number(decision.fields['limit']));
  if (a === b || code === 'CASH_SHORT' || code === 'HALTED') return true;
  if (code !== 'SECTOR_MAX' && code !== 'EXPOSURE_MAX') return false;
  const [one = 0, other = 0] = sides.map(({ grounds }) => Number(grounds.view?.equity));
  // Both are cut to whole ten-thousandths, so the shares agree to a few of them.
  return Math.abs(a * other - b * one) <= 2 * (one + other);
}

/** What is stale on one side came in a frame that waited before one of the sessions took it. */
function hasWaited(sides: readonly Side[]): boolean {
  return sides.some(({ decision: { atUs, fields }, own, other }) => {
    if (fields['code'] !== 'QUOTE_STALE' && fields['code'] !== 'BAR_STALE') return false;
    const ageUs = Math.round(Number(fields['value']) * MS);
    return own.market.hasWaitedOtherwise(atUs - ageUs, other.market);
  });
}

function said(sides: readonly Side[], part: StatePart): string {
  if (part === 'account') return 'the account was worth or exposed otherwise';
  const [a, b] = sides.map(({ grounds }) => grounds.view?.[part] ?? '');
  return `${part} was ${a}, and ${b}`;
}
