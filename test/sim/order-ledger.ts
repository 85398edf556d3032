import type { Side } from '../../src/domain/market/side.ts';
import type { Standing } from '../../src/domain/orders/standing.ts';
import type { Fact, FactOf } from '../../src/ports/fact.ts';

/** One of our orders, as the facts alone tell it. */
export interface AuditedOrder {
  readonly id: string;
  readonly symbol: number;
  readonly side: Side;
  readonly isEntry: boolean;
  readonly quantity: number;
  standing: Standing;
  filled: number;
}

export interface AuditedFill {
  readonly clientOrderId: string;
  readonly symbol: number;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
}

/** Says that something is not as it must be. */
export type Accuse = (invariant: string, text: string) => void;

/**
 * The books of an auditor: what the recorded facts mean, reckoned by nobody else's code. Each fact
 * is checked as it comes: I1, I4, I5, and that nothing is intended that risk did not approve.
 */
export class OrderLedger {
  readonly orders = new Map<string, AuditedOrder>();
  readonly fills = new Map<string, AuditedFill>();
  readonly positions = new Map<number, number>();
  readonly edges = new Set<string>();
  cash = 0;
  halt: string | undefined;
  readonly banned = new Set<number>();
  /** Banned, or taken our hands off, by reconciliation. */
  readonly leftAlone = new Set<number>();
  /** The broker's books and ours were laid side by side, in this life. */
  isReconciled = false;
  #isOpened = false;
  readonly #approved = new Map<string, FactOf<'reserved'>>();
  readonly #released = new Set<string>();
  readonly #accuse: Accuse;

  constructor(accuse: Accuse) {
    this.#accuse = accuse;
  }

  /** Answers whether the fact moved an order. */
  take(fact: Fact): boolean {
    switch (fact.kind) {
      case 'accountOpened':
        if (this.#isOpened) this.#accuse('I3', 'the account was opened twice');
        this.#isOpened = true;
        this.cash = fact.cash;
        return false;
      case 'reconciled':
        this.isReconciled = true;
        return false;
      case 'symbolBanned':
        if (fact.isBanned) this.banned.add(fact.symbol);
        else this.banned.delete(fact.symbol);
        this.#leave(fact.symbol, fact.isBanned && fact.by === 'reconciliation');
        return false;
      case 'handsOff':
        this.#leave(fact.symbol, fact.isOff && fact.by === 'reconciliation');
        return false;
      case 'positionAdopted':
        this.positions.set(fact.symbol, fact.quantity);
        return false;
      case 'cashAdjusted':
        this.cash += fact.amount;
        return false;
      case 'tradingHalted':
        this.halt = fact.code;
        return false;
      case 'tradingResumed':
        this.halt = undefined;
        return false;
      case 'reserved':
        this.#approved.set(fact.clientOrderId, fact);
        return true;
      case 'intended':
        this.#intend(fact);
        return true;
      case 'stood':
        this.#stand(fact);
        return true;
      case 'filled':
        this.#fill(fact);
        return true;
      case 'released':
        if (this.#released.has(fact.clientOrderId)) {
          this.#accuse('I4', `${fact.clientOrderId} was released twice`);
        }
        this.#released.add(fact.clientOrderId);
        return true;
      default:
        return false;
    }
  }

  #leave(symbol: number, isLeft: boolean): void {
    if (isLeft) this.leftAlone.add(symbol);
    else this.leftAlone.delete(symbol);
  }

  #intend(fact: FactOf<'intended'>): void {
    const { clientOrderId: id, symbol, side, quantity, purpose } = fact;
    if (this.orders.has(id)) this.#accuse('I1', `${id} was intended twice`);
    const approved = this.#approved.get(id);
    const isAsApproved =
      approved?.symbol === symbol && approved.side === side && approved.quantity === quantity;
    if (!isAsApproved) this.#accuse('I2', `${id} was intended and not so approved`);
    const isEntry = purpose === 'entry';
    if (isEntry && !this.isReconciled)
      this.#accuse('C4', `${id} was intended before any statement`);
    this.orders.set(id, { id, symbol, side, isEntry, quantity, standing: 'intended', filled: 0 });
  }

  #stand({ clientOrderId: id, standing }: FactOf<'stood'>): void {
    const order = this.orders.get(id);
    if (order === undefined) return this.#accuse('I4', `${id} stands without an intent`);
    this.edges.add(`${order.standing}>${standing}`);
    if (!mayFollow(order.standing, standing)) {
      this.#accuse('I4', `${id} went from ${order.standing} to ${standing}`);
    }
    if (standing === 'filled' && order.filled !== order.quantity) {
      this.#accuse('I4', `${id} is filled with ${order.filled} of ${order.quantity}`);
    }
    order.standing = standing;
  }

  #fill({ clientOrderId, symbol, side, execution }: FactOf<'filled'>): void {
    const { executionId, quantity, price } = execution;
    if (this.fills.has(executionId)) this.#accuse('I5', `${executionId} was booked twice`);
    this.fills.set(executionId, { clientOrderId, symbol, side, quantity, price });
    const order = this.orders.get(clientOrderId);
    if (order === undefined) return this.#accuse('I5', `${executionId} fills no order of ours`);
    order.filled += quantity;
    if (order.filled > order.quantity) {
      this.#accuse('I4', `${clientOrderId} has ${order.filled} of ${order.quantity} filled`);
    }
    const signed = side === 'buy' ? quantity : -quantity;
    this.cash -= signed * price;
    this.positions.set(symbol, (this.positions.get(symbol) ?? 0) + signed);
  }
}

const SETTLED: ReadonlySet<Standing> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'notPlaced',
]);

/** Can it make no more exposure, as far as is known? */
export function isOver(standing: Standing): boolean {
  return SETTLED.has(standing);
}

/**
 * Said anew rather than taken from the machine under audit: an end is an end, but for fills that
 * complete a cancelled order; nobody goes back to `intended`; only what was never heard of can be
 * in doubt, and only what is in doubt can be given up; what is filled in part stays so.
 */
function mayFollow(from: Standing, to: Standing): boolean {
  if (from === to || to === 'intended') return false;
  if (from === 'filled' || from === 'rejected' || from === 'replaced') return false;
  if (from === 'canceled' || from === 'expired') return to === 'filled';
  if (to === 'unknown') return from === 'intended';
  if (to === 'notPlaced') return from === 'unknown';
  if (from === 'partiallyFilled') return to !== 'working' && to !== 'rejected';
  return true;
}
