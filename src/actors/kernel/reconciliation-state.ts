import { unreachable } from '../../core/assert.ts';
import type { AccountId, ClientOrderId, SymbolId } from '../../core/ids.ts';
import { type Money, money, ZERO } from '../../core/money.ts';
import { signOf } from '../../domain/market/side.ts';
import { isSettled } from '../../domain/orders/machine.ts';
import type { Difference } from '../../domain/portfolio/statement-check.ts';
import type { FactOf } from '../../ports/fact.ts';
import type { Applied, AppliedOf } from '../runtime/definition.ts';

export const RECONCILIATION_APPLIES = [
  'serviceChanged',
  'accountOpened',
  'intended',
  'stood',
  'filled',
  'symbolBanned',
  'handsOff',
  'reconcileAsked',
  'reconciled',
  'positionAdopted',
  'cashAdjusted',
  'positionDoubted',
  'cashDoubted',
  'externalOrder',
  'unlistedHeld',
  'holdingCarried',
] as const;

export type ReconciliationKind = (typeof RECONCILIATION_APPLIES)[number];

export type ExternalOrder = Omit<FactOf<'externalOrder'>, 'kind'>;

/** A third set of books, folded from the same facts: small, and only to lay beside the broker's. */
export interface ReconciliationState {
  account: AccountId | undefined;
  cash: Money;
  readonly holdings: Map<SymbolId, number>;
  /** Symbols in which this session ever meant an order. */
  readonly traded: Set<SymbolId>;
  readonly open: Map<ClientOrderId, SymbolId>;
  readonly banned: Set<SymbolId>;
  readonly handsOff: Set<SymbolId>;
  /** The last question. */
  asked: Omit<FactOf<'reconcileAsked'>, 'kind' | 'account' | 'isBlocking'>;
  /** Questions up to this one were asked before the broker went away. */
  voidUntil: number;
  /** Symbols in which anything was booked since the last question. */
  readonly moved: Set<SymbolId>;
  /** In this life, and since the broker was last away. */
  isReconciled: boolean;
  /** The first statement of the session was dealt with: it is no opening any more. */
  isBegun: boolean;
  readonly doubts: Map<SymbolId, Difference>;
  cashDoubt: Difference | undefined;
  readonly external: Map<ClientOrderId, ExternalOrder>;
  readonly unlisted: Set<string>;
}

export function emptyReconciliation(): ReconciliationState {
  return {
    account: undefined,
    cash: ZERO,
    holdings: new Map(),
    traded: new Set(),
    open: new Map(),
    banned: new Set(),
    handsOff: new Set(),
    asked: { attempt: 0, failures: 0, sinceUs: 0, atUs: 0 },
    voidUntil: 0,
    moved: new Set(),
    isReconciled: false,
    isBegun: false,
    doubts: new Map(),
    cashDoubt: undefined,
    external: new Map(),
    unlisted: new Set(),
  };
}

/** External orders that are remembered: past that the oldest that ended are forgotten. */
export const EXTERNAL_ORDERS_MAX = 10_000;

/** The only writer, live and on recovery. */
export function applyToReconciliation(
  state: ReconciliationState,
  applied: AppliedOf<ReconciliationKind>,
): void {
  switch (applied.kind) {
    case 'serviceChanged':
      if (applied.service !== 'broker' || applied.state === 'up') return;
      state.isReconciled = false;
      state.voidUntil = state.asked.attempt;
      return;
    case 'accountOpened':
      state.account = applied.account;
      state.cash = applied.cash;
      return;
    case 'intended':
      state.traded.add(applied.symbol);
      state.open.set(applied.clientOrderId, applied.symbol);
      state.moved.add(applied.symbol);
      return;
    case 'stood':
      if (isSettled(applied.standing)) state.open.delete(applied.clientOrderId);
      else state.open.set(applied.clientOrderId, applied.symbol);
      state.moved.add(applied.symbol);
      return;
    case 'filled':
      return applyFill(state, applied);
    case 'symbolBanned':
      return toggle(state.banned, applied.symbol, applied.isBanned);
    case 'handsOff':
      return toggle(state.handsOff, applied.symbol, applied.isOff);
    default:
      return applyCompared(state, applied);
  }
}

type ComparedKind = Exclude<
  ReconciliationKind,
  'serviceChanged' | 'accountOpened' | 'intended' | 'stood' | 'filled' | 'symbolBanned' | 'handsOff'
>;

function applyCompared(state: ReconciliationState, fact: AppliedOf<ComparedKind>): void {
  switch (fact.kind) {
    case 'reconcileAsked': {
      const { attempt, failures, sinceUs, atUs, isBlocking } = fact;
      if (isBlocking) state.isReconciled = false;
      state.asked = { attempt, failures, sinceUs, atUs };
      state.moved.clear();
      return;
    }
    case 'reconciled':
      state.isReconciled = true;
      state.isBegun = true;
      return;
    case 'positionAdopted':
      hold(state, fact.symbol, fact.quantity);
      state.doubts.delete(fact.symbol);
      return;
    case 'cashAdjusted':
      state.cash = money(state.cash + fact.amount);
      state.cashDoubt = undefined;
      return;
    case 'positionDoubted': {
      const { symbol, ours, theirs } = fact;
      if (ours === theirs) state.doubts.delete(symbol);
      else state.doubts.set(symbol, { ours, theirs });
      return;
    }
    case 'cashDoubted': {
      const { ours, theirs } = fact;
      state.cashDoubt = ours === theirs ? undefined : { ours, theirs };
      return;
    }
    case 'externalOrder':
      return applyExternal(state, fact);
    case 'unlistedHeld':
      state.unlisted.add(fact.name);
      return;
    case 'holdingCarried':
      hold(state, fact.symbol, fact.quantity);
      if (fact.mark === TRADED) state.traded.add(fact.symbol);
      return;
    default:
      return unreachable(fact);
  }
}

function applyFill(
  state: ReconciliationState,
  { symbol, side, execution }: FactOf<'filled'>,
): void {
  const change = signOf(side) * execution.quantity;
  hold(state, symbol, (state.holdings.get(symbol) ?? 0) + change);
  state.cash = money(state.cash - change * execution.price);
  state.moved.add(symbol);
}

function applyExternal({ external }: ReconciliationState, fact: FactOf<'externalOrder'>): void {
  const { kind: _, ...order } = fact;
  external.delete(order.clientOrderId); // The last that was heard of stands last.
  external.set(order.clientOrderId, order);
  if (external.size <= EXTERNAL_ORDERS_MAX) return;
  for (const [id, { isOpen }] of external) {
    if (isOpen) continue;
    external.delete(id);
    return;
  }
}

function hold({ holdings }: ReconciliationState, symbol: SymbolId, quantity: number): void {
  if (quantity === 0) holdings.delete(symbol);
  else holdings.set(symbol, quantity);
}

function toggle<Key>(keys: Set<Key>, key: Key, isIn: boolean): void {
  if (isIn) keys.add(key);
  else keys.delete(key);
}

/** A carried holding has no mark here; the place says whether the session traded the symbol. */
const TRADED = 1;

const SAID = { by: 'carried', reason: 'carried' } as const;

export function condenseReconciliation(state: ReconciliationState): readonly Applied[] {
  const { account, cash, asked, doubts, cashDoubt } = state;
  if (account === undefined) return [];
  const facts: Applied[] = [{ kind: 'accountOpened', account, cash }];
  for (const symbol of new Set([...state.holdings.keys(), ...state.traded])) {
    const quantity = state.holdings.get(symbol) ?? 0;
    const mark = state.traded.has(symbol) ? TRADED : 0;
    facts.push({ kind: 'holdingCarried', symbol, quantity, mark });
  }
  for (const symbol of state.banned) {
    facts.push({ kind: 'symbolBanned', symbol, isBanned: true, ...SAID });
  }
  for (const symbol of state.handsOff) {
    facts.push({ kind: 'handsOff', symbol, isOff: true, ...SAID });
  }
  facts.push({ kind: 'reconcileAsked', account, ...asked, isBlocking: false });
  for (const [clientOrderId, symbol] of state.open) {
    facts.push({ kind: 'stood', clientOrderId, symbol, standing: 'working', atUs: 0 });
  }
  for (const [symbol, difference] of doubts) {
    facts.push({ kind: 'positionDoubted', symbol, ...difference });
  }
  if (cashDoubt !== undefined) {
    const { ours, theirs } = cashDoubt;
    facts.push({ kind: 'cashDoubted', ours: money(ours), theirs: money(theirs) });
  }
  for (const order of state.external.values()) facts.push({ kind: 'externalOrder', ...order });
  for (const name of state.unlisted) facts.push({ kind: 'unlistedHeld', name });
  return [...facts, ...condenseProgress(state, account)];
}

/** A new life voids what was asked: of the last one is left whether the session had begun. */
function condenseProgress(
  { isBegun, isReconciled, asked }: ReconciliationState,
  account: AccountId,
): readonly Applied[] {
  if (!isBegun) return [];
  const { attempt, atUs } = asked;
  const reconciled: Applied = { kind: 'reconciled', account, attempt, atUs };
  const reason = 'carried';
  if (isReconciled) return [reconciled];
  return [reconciled, { kind: 'serviceChanged', service: 'broker', state: 'down', reason }];
}
