import type { Decision } from './decisions.ts';
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
  lifeOf,
  only,
  type Side,
  sidesOf,
  unexplained,
} from './parity-rules.ts';
import type { OrderAnswer } from './parity-trace.ts';

/** Codes of an answer that no venue gave: our own side refused, or nobody was there to ask. */
const SERVICE_CODES =
  /^(SERVICE_|UPDATES_DOWN|RATE_LIMITED|WITHDRAWN|TIMEOUT|UNREADABLE|NO_SERVICE)/u;
const VENUES_WORD =
  /^(orderUpdated|answered (submit|enquire|cancel|replace)Order|answered reconcile)$/u;

/** Why the life of an order that both sessions intended was another one. */
export function orderWhy(evidence: Evidence, pair: Pair): Why {
  const { parent, kind } = pair;
  if (parent !== undefined && (parent.left === undefined || parent.right === undefined)) {
    return followsPair(evidence, parent, 'only one session made the order');
  }
  const sides = sidesOf(evidence, pair);
  if (sides.length === 0) return unexplained('it has no place in its journal');
  switch (kind) {
    case 'fills':
      return fillWhy(pair, sides);
    case 'standings':
      return standingWhy(evidence, pair, sides);
    case 'enquiries':
      return enquiryWhy(evidence, pair, sides);
    default:
      return cancelWhy(evidence, pair, sides);
  }
}

/** Whatever the venue's chance, an order is not filled past its limit or its size. */
function fillWhy({ parent }: Pair, sides: readonly Side[]): Why {
  for (const { decision, own } of sides) {
    const intent = [parent?.left, parent?.right].find(
      (one) => one !== undefined && own.grounds.has(one),
    );
    if (intent === undefined) return unexplained('its order is not known');
    if (!isWithin(decision, intent)) return unexplained('it is outside of what was ordered');
  }
  return because('fill', 'the same order at the venue, filled otherwise');
}

function isWithin({ fields: fill }: Decision, { fields: order }: Decision): boolean {
  const [unit, limit] = [Number(fill['price']), Number(order['limitPrice'] ?? Number.NaN)];
  const isBuy = order['side'] === 'buy';
  if (fill['side'] !== order['side']) return false;
  if (Number(fill['quantity']) > Number(order['quantity'])) return false;
  return limit !== limit || (isBuy ? unit <= limit : unit >= limit);
}

function standingWhy(evidence: Evidence, { stream }: Pair, sides: readonly Side[]): Why {
  for (const { decision, grounds } of sides) {
    const { standing, reason = '' } = decision.fields;
    if (SERVICE_CODES.test(reason)) return because('service', reason);
    if (reason.startsWith('halted: ')) return follows(evidence, HALTS, reason);
    if (standing === 'rejected') return because('venue', reason);
    if (grounds.view !== undefined && standing === 'unknown') return doubtWhy(sides, stream);
  }
  const isHeard = sides.every(({ grounds }) => VENUES_WORD.test(grounds.occasion));
  if (!isHeard) return follows(evidence, lifeOf(stream), 'the order had gone another way');
  const isFill = sides.some(({ decision }) => /filled/iu.test(decision.fields['standing'] ?? ''));
  const why: ParityClass = isFill ? 'fill' : 'answer';
  return because(why, 'the venue said so at another time or in other words');
}

/** Unknown is what nobody answered for, or what was answered without being known. */
function doubtWhy(sides: readonly Side[], stream: string): Why {
  for (const { decision, own } of sides) {
    if (decision.fields['standing'] !== 'unknown') continue;
    if (!isOpenQuestion(own.answers.get(decision.order) ?? [], decision.atUs)) {
      return unexplained(`${stream} was in doubt, and every question had been answered`);
    }
  }
  return because('answer', 'the venue had not answered');
}

function isOpenQuestion(answers: readonly OrderAnswer[], atUs: number): boolean {
  return answers.some(
    ({ requestedUs, answeredUs, outcome }) =>
      requestedUs <= atUs &&
      (answeredUs === undefined ||
        answeredUs >= atUs ||
        outcome === 'unknown' ||
        outcome === 'failed'),
  );
}

/** An order is asked about while its fate is not known. */
function enquiryWhy(evidence: Evidence, { stream, fields }: Pair, sides: readonly Side[]): Why {
  const isDoubted = sides.every(({ decision, own }) =>
    isOpenQuestion(own.answers.get(decision.order) ?? [], decision.atUs),
  );
  if (isDoubted) return because('answer', 'the venue had not answered');
  if (sides.length === 2 && only(fields, [TIME])) {
    return follows(evidence, lifeOf(stream), 'the order was in doubt at another time');
  }
  return follows(evidence, lifeOf(stream), 'the order had gone another way');
}

function cancelWhy(evidence: Evidence, { stream, parent }: Pair, sides: readonly Side[]): Why {
  const [side] = sides;
  if (evidence.last(lifeOf(stream)) !== undefined) {
    return follows(evidence, lifeOf(stream), 'the order had gone another way');
  }
  if (parent !== undefined && evidence.placeOf(parent) !== undefined) {
    return followsPair(evidence, parent, 'the order was made at another time');
  }
  if (evidence.last(HALTS) !== undefined) return follows(evidence, HALTS, 'trading was halted');
  return follows(evidence, booksOf(side?.grounds.symbol ?? ''), 'the books differed');
}

/** Halts, bans and what keeps hands off. */
export function haltWhy(evidence: Evidence, pair: Pair): Why {
  const sides = sidesOf(evidence, pair);
  if (sides.length === 2 && only(pair.fields, [TIME])) {
    return because('waiting', 'the same at another time');
  }
  const texts = sides.map(({ decision: { fields } }) => fields['code'] ?? fields['by'] ?? '');
  const isAll = (of: RegExp): boolean => texts.every((text) => of.test(text));
  if (isAll(/^(DAILY_LOSS|RATE_MAX)$/u)) {
    return follows(evidence, ACCOUNT, 'the account had gone another way');
  }
  if (isAll(/^JOURNAL_DOWN$/u)) return because('service', 'the journal was down');
  if (isAll(/^reconciliation$/u)) return because('reconciliation', 'the statement said otherwise');
  if (isAll(/CRASH|QUARANTINE/u)) return because('crash', 'an actor failed');
  return unexplained('a halt that only one session has');
}

/** Only the broker's word is adopted: what it holds, and what was not ours. */
export function adoptionWhy(evidence: Evidence, pair: Pair): Why {
  const isHeard = sidesOf(evidence, pair).every(({ grounds }) =>
    VENUES_WORD.test(grounds.occasion),
  );
  return isHeard
    ? because('reconciliation', 'the statement said otherwise')
    : unexplained('adopted without a word of the broker');
}
