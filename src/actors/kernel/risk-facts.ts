import { unreachable } from '../../core/assert.ts';
import { type AccountId, textId } from '../../core/ids.ts';
import { add } from '../../core/money.ts';
import type { RiskBook } from '../../domain/risk/book.ts';
import { followed } from '../../domain/risk/policies.ts';
import type { Said, Watched } from '../../domain/risk/restrictions.ts';
import type { FactOf } from '../../ports/fact.ts';
import type { Input } from '../../ports/input.ts';
import type { Applied, AppliedOf } from '../runtime/definition.ts';
import { ACTORS } from './actor-table.ts';

/** Of which facts and inputs risk's book is made. */
export const RISK_APPLIES = [
  'opened',
  'symbolNamed',
  'sessionChanged',
  'serviceChanged',
  'accountOpened',
  'tradingHalted',
  'tradingResumed',
  'symbolBanned',
  'handsOff',
  'dayOpened',
  'quarantined',
  'lifted',
  'reconcileAsked',
  'reconciled',
  'entriesEnded',
  'slotsHeld',
  'policyTaken',
  'positionAdopted',
  'cashAdjusted',
  'crashed',
  'reserved',
  'intended',
  'stood',
  'absent',
  'filled',
  'cancelAsked',
  'released',
  'marked',
  'holdingCarried',
  'reservationCarried',
  'entriesCarried',
  'paceCarried',
  'sequenceCarried',
] as const;

export type RiskKind = (typeof RISK_APPLIES)[number];
type InputKinds = Extract<RiskKind, Input['kind']>;
const RESTRICTING = [
  'tradingHalted',
  'tradingResumed',
  'symbolBanned',
  'handsOff',
  'dayOpened',
  'quarantined',
  'lifted',
  'reconcileAsked',
  'reconciled',
  'entriesEnded',
  'slotsHeld',
  'policyTaken',
] as const;
type RestrictingKind = (typeof RESTRICTING)[number];
const CARRYING = [
  'holdingCarried',
  'reservationCarried',
  'entriesCarried',
  'paceCarried',
  'sequenceCarried',
] as const;
type CarryingKind = (typeof CARRYING)[number];
type OrderKind = Exclude<RiskKind, InputKinds | RestrictingKind | CarryingKind>;

/** The only writer of the book, live and on recovery. */
export function applyToBook(book: RiskBook, applied: AppliedOf<RiskKind>): void {
  if (isOrder(applied)) return applyOrder(book, applied); // First: it is on the way of orders.
  if (isInput(applied)) return applyInput(book, applied);
  if (isRestricting(applied)) return applyRestriction(book, applied);
  return applyCarried(book, applied);
}

const inputKinds: ReadonlySet<string> = new Set([
  'opened',
  'symbolNamed',
  'sessionChanged',
  'serviceChanged',
] satisfies readonly InputKinds[]);
const restrictingKinds: ReadonlySet<string> = new Set(RESTRICTING);
const carryingKinds: ReadonlySet<string> = new Set(CARRYING);
const orderKinds: ReadonlySet<string> = new Set(
  RISK_APPLIES.filter(
    (kind) => !inputKinds.has(kind) && !restrictingKinds.has(kind) && !carryingKinds.has(kind),
  ),
);

function isInput(applied: Applied): applied is AppliedOf<InputKinds> {
  return inputKinds.has(applied.kind);
}

function isRestricting(applied: Applied): applied is FactOf<RestrictingKind> {
  return restrictingKinds.has(applied.kind);
}

function isOrder(applied: Applied): applied is FactOf<OrderKind> {
  return orderKinds.has(applied.kind);
}

function applyInput({ listings, restrictions, exposure }: RiskBook, input: AppliedOf<InputKinds>) {
  switch (input.kind) {
    case 'opened':
      if (input.life > 1) exposure.reopen();
      restrictions.isEnding = false;
      restrictions.slots = new Set();
      return;
    case 'symbolNamed': {
      // Written out, because there are ten thousand: a rest would keep twice the bytes.
      const { symbol, name, assetClass, sector, isTradable } = input;
      if (sector !== listings.get(symbol)?.sector) exposure.moveSector(symbol, sector);
      listings.set(symbol, { symbol, name, assetClass, sector, isTradable });
      return;
    }
    case 'sessionChanged': {
      const { kind: _, ...session } = input;
      restrictions.session = session;
      return;
    }
    case 'serviceChanged': {
      const { service, state } = input;
      if (isWatched(service)) restrictions.health.set(service, state);
      // What it did while it was away it has to tell first.
      if (service === 'broker' && state !== 'up') restrictions.isReconciled = false;
      return;
    }
    default:
      return unreachable(input);
  }
}

function isWatched(service: string): service is Watched {
  return service === 'broker' || service === 'journal' || service === 'market';
}

function applyRestriction(book: RiskBook, fact: FactOf<RestrictingKind>): void {
  const { restrictions, pace, exposure } = book;
  switch (fact.kind) {
    case 'tradingHalted': {
      const { level, code, reason, by } = fact;
      return restrictions.raise({ level, code, reason, by });
    }
    case 'tradingResumed':
      restrictions.halt = undefined;
      return;
    case 'symbolBanned':
      return say(restrictions.banned, fact.isBanned, fact);
    case 'handsOff':
      return say(restrictions.handsOff, fact.isOff, fact);
    case 'dayOpened': {
      const { kind: _, ...day } = fact;
      // Said again with other hours, a day keeps its counts.
      if (day.date !== restrictions.day?.date) {
        pace.entries.clear();
        exposure.beginDay();
      }
      restrictions.day = day;
      return;
    }
    case 'quarantined':
      if (fact.actor === FAMILY) restrictions.quarantined.set(fact.row, fact.untilUs);
      return;
    case 'lifted':
      if (fact.actor === FAMILY) restrictions.quarantined.delete(fact.row);
      return;
    case 'reconcileAsked':
      if (!fact.isBlocking) return;
      restrictions.isReconciled = false;
      restrictions.hasAgreed = false;
      return;
    case 'reconciled':
      restrictions.isReconciled = true;
      restrictions.hasAgreed = true;
      return;
    case 'entriesEnded':
      restrictions.isEnding = true;
      return;
    case 'slotsHeld':
      restrictions.slots = new Set(fact.symbols);
      return;
    case 'policyTaken': {
      const { kind: _, ...policy } = fact;
      const { policies } = restrictions;
      policies.set(policy.name, followed(policies.get(policy.name), policy));
      return;
    }
    default:
      return unreachable(fact);
  }
}

/** The family whose rows are symbols: without its row a symbol has no price and no indicator. */
const FAMILY = ACTORS[0];

function say<Key>(
  said: Map<Key, Said>,
  isSaid: boolean,
  { symbol, by, reason }: { readonly symbol: Key } & Said,
): void {
  if (isSaid) said.set(symbol, { by, reason });
  else said.delete(symbol);
}

function applyOrder(book: RiskBook, fact: FactOf<OrderKind>): void {
  const { exposure, pace, restrictions } = book;
  switch (fact.kind) {
    case 'accountOpened':
      book.isOpened = true;
      exposure.cash = fact.cash;
      return;
    case 'reserved':
      pace.approved(fact);
      return exposure.reserve(fact);
    case 'intended':
      return exposure.intend(fact);
    case 'stood':
      return exposure.stand(fact.clientOrderId, fact.standing);
    case 'absent':
      return exposure.missed(fact.clientOrderId);
    case 'filled':
      return exposure.fill(fact.clientOrderId, fact.symbol, fact.side, fact.execution);
    case 'positionAdopted': {
      const { symbol, quantity, price } = fact;
      return restrictions.shiftDay(exposure.adopt(symbol, quantity, price));
    }
    case 'cashAdjusted':
      exposure.cash = add(exposure.cash, fact.amount);
      return restrictions.shiftDay(fact.amount);
    case 'cancelAsked':
      return exposure.askCancel(fact.clientOrderId);
    case 'released':
      return exposure.release(fact.clientOrderId);
    case 'marked':
      return exposure.mark(fact.symbol, fact.price);
    case 'crashed':
      // Said when no message is left: what execution has not taken by now, it never will.
      return exposure.dropUnintended();
    default:
      return unreachable(fact);
  }
}

function applyCarried({ exposure, pace }: RiskBook, fact: FactOf<CarryingKind>): void {
  switch (fact.kind) {
    case 'holdingCarried':
      return exposure.hold(fact.symbol, fact.quantity, fact.mark);
    case 'reservationCarried': {
      const { kind: _, ...order } = fact;
      return exposure.carry(order);
    }
    case 'entriesCarried':
      pace.entries.set(fact.symbol, fact.entries);
      return;
    case 'paceCarried':
      return pace.carry(fact);
    case 'sequenceCarried': {
      const { strategy, symbol, next } = fact;
      return pace.sequenceIs({ strategy: textId(strategy), symbol, next });
    }
    default:
      return unreachable(fact);
  }
}

/** The whole book as inputs and facts: applied to an empty book they give this one. */
export function condenseBook(book: RiskBook, account: AccountId): readonly Applied[] {
  const applied: Applied[] = [];
  for (const listing of book.listings.values()) applied.push({ kind: 'symbolNamed', ...listing });
  applied.push(...condenseRestrictions(book, account), ...condenseOrders(book, account));
  return applied;
}

function condenseRestrictions({ restrictions }: RiskBook, account: AccountId): readonly Applied[] {
  const { halt, session, day, health, banned, handsOff, quarantined } = restrictions;
  const facts: Applied[] = [{ kind: 'sessionChanged', ...session }];
  if (halt !== undefined) facts.push({ kind: 'tradingHalted', account, ...halt });
  if (day !== undefined) facts.push({ kind: 'dayOpened', ...day });
  const { isReconciled, hasAgreed, isEnding, slots } = restrictions;
  if (hasAgreed) facts.push({ kind: 'reconciled', account, attempt: 0, atUs: 0 });
  const wasAway = { kind: 'serviceChanged', service: 'broker', state: 'down' } as const;
  // A broker that was away since takes the one back and leaves the other.
  if (hasAgreed && !isReconciled) facts.push({ ...wasAway, reason: 'carried' });
  for (const [service, state] of health) {
    facts.push({ kind: 'serviceChanged', service, state, reason: 'carried' });
  }
  if (isEnding) facts.push({ kind: 'entriesEnded', account, by: 'carried', reason: 'carried' });
  if (slots.size > 0) facts.push({ kind: 'slotsHeld', symbols: [...slots] });
  for (const policy of restrictions.policies.values()) {
    facts.push({ kind: 'policyTaken', ...policy });
  }
  for (const [symbol, said] of banned) {
    facts.push({ kind: 'symbolBanned', symbol, isBanned: true, ...said });
  }
  for (const [symbol, said] of handsOff) {
    facts.push({ kind: 'handsOff', symbol, isOff: true, ...said });
  }
  for (const [row, untilUs] of quarantined) {
    facts.push({ kind: 'quarantined', actor: FAMILY, row, untilUs });
  }
  return facts;
}

function condenseOrders(book: RiskBook, account: AccountId): readonly Applied[] {
  const { exposure, pace, isOpened } = book;
  const facts: Applied[] = [];
  if (isOpened) facts.push({ kind: 'accountOpened', account, cash: exposure.cash });
  for (const [symbol, { quantity, mark }] of exposure.holdings) {
    facts.push({ kind: 'holdingCarried', symbol, quantity, mark });
  }
  for (const order of [...exposure.orders.values(), ...exposure.missing.values()]) {
    facts.push({ kind: 'reservationCarried', ...order });
  }
  for (const sequence of pace.sequences()) {
    facts.push({ kind: 'sequenceCarried', ...sequence });
  }
  for (const [symbol, entries] of pace.entries) {
    facts.push({ kind: 'entriesCarried', symbol, entries });
  }
  for (const paced of pace.recent) facts.push({ kind: 'paceCarried', ...paced });
  return facts;
}
