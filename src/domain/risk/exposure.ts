import type { ClientOrderId, SymbolId } from '../../core/ids.ts';
import { type Money, money, type Price, type Shares } from '../../core/money.ts';
import { type Side, signOf } from '../market/side.ts';
import type { OrderIntent } from '../orders/intent.ts';
import { isTerminal } from '../orders/machine.ts';
import type { Execution } from '../orders/report.ts';
import type { Standing } from '../orders/standing.ts';
import type { Purpose } from '../signals/purpose.ts';

export interface Holding {
  /** Negative when short. */
  quantity: number;
  mark: number;
}

/** What risk put aside for an order that may still be filled. */
export interface Reservation {
  readonly clientOrderId: ClientOrderId;
  readonly symbol: SymbolId;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly quantity: Shares;
  /** The worst price a share may cost. */
  readonly price: Price;
}

export interface OpenOrder extends Omit<Reservation, 'quantity'> {
  /** Shares that may still be filled. */
  remaining: number;
  /** Set once execution took it: until then a crash there may have lost it. */
  isIntended: boolean;
  isCancelAsked: boolean;
  standing: Standing;
  /** Of an earlier life, and nobody has said yet what became of it. */
  isUnreconciled: boolean;
  /** Released once, as never placed; there again if the venue shows it after all. */
  isReleased: boolean;
}

/**
 * Risk's own book of what is owned and of what could be: cash, positions at their marks, and a
 * reservation for every order until it can make no more exposure. Kept apart from the portfolio's
 * ledger on purpose: two books that agree prove each other.
 */
export class Exposure {
  cash: Money = money(0);
  readonly holdings = new Map<SymbolId, Holding>();
  readonly orders = new Map<ClientOrderId, OpenOrder>();
  /** Released because they were not found. A late accept is adopted (RELIABILITY B12). */
  readonly missing = new Map<ClientOrderId, OpenOrder>();

  reserve({ clientOrderId, symbol, side, purpose, price, quantity }: Reservation): void {
    this.orders.set(clientOrderId, {
      clientOrderId,
      symbol,
      side,
      purpose,
      price,
      remaining: quantity,
      standing: 'intended',
      isIntended: false,
      isCancelAsked: false,
      isUnreconciled: false,
      isReleased: false,
    });
  }

  intend(intent: OrderIntent): void {
    const { clientOrderId, symbol, side, purpose, quantity } = intent;
    if (!this.orders.has(clientOrderId)) {
      this.reserve({ clientOrderId, symbol, side, purpose, quantity, price: worstPrice(intent) });
    }
    const order = this.orders.get(clientOrderId);
    if (order !== undefined) order.isIntended = true;
  }

  stand(clientOrderId: ClientOrderId, standing: Standing): void {
    const order = this.orders.get(clientOrderId) ?? this.#adopted(clientOrderId, standing);
    if (order === undefined) return;
    order.standing = standing;
    if (!isUnheard(standing)) order.isUnreconciled = false;
    // It was released before, so nobody will say it again.
    if (order.isReleased && isTerminal(standing)) this.orders.delete(clientOrderId);
  }

  #adopted(clientOrderId: ClientOrderId, standing: Standing): OpenOrder | undefined {
    const order = this.missing.get(clientOrderId);
    if (order === undefined || standing === 'notPlaced') return undefined;
    this.missing.delete(clientOrderId);
    this.orders.set(clientOrderId, order);
    return order;
  }

  /** The venue was asked and did not know the order: an answer, if not the last word. */
  missed(clientOrderId: ClientOrderId): void {
    const order = this.orders.get(clientOrderId);
    if (order !== undefined) order.isUnreconciled = false;
  }

  askCancel(clientOrderId: ClientOrderId): void {
    const order = this.orders.get(clientOrderId);
    if (order !== undefined) order.isCancelAsked = true;
  }

  release(clientOrderId: ClientOrderId): void {
    const order = this.orders.get(clientOrderId);
    this.orders.delete(clientOrderId);
    if (order?.standing === 'notPlaced') {
      this.missing.set(clientOrderId, { ...order, isReleased: true });
    }
  }

  /** An order as a snapshot carried it. */
  carry(order: OpenOrder): void {
    const isMissing = order.isReleased && order.standing === 'notPlaced';
    (isMissing ? this.missing : this.orders).set(order.clientOrderId, order);
  }

  /** Orders of a day end with it: what was not found yesterday will not come today. */
  beginDay(): void {
    this.missing.clear();
  }

  fill(clientOrderId: ClientOrderId, symbol: SymbolId, side: Side, execution: FilledPart): void {
    const { quantity, price } = execution;
    const order = this.orders.get(clientOrderId) ?? this.missing.get(clientOrderId);
    if (order !== undefined) order.remaining = Math.max(0, order.remaining - quantity);
    const holding = this.holdings.get(symbol) ?? { quantity: 0, mark: price };
    holding.quantity += signOf(side) * quantity;
    this.cash = money(this.cash - signOf(side) * quantity * price);
    if (holding.quantity === 0) this.holdings.delete(symbol);
    else this.holdings.set(symbol, holding);
  }

  /** The broker's word takes the place of ours. Answers by how much that changed the equity. */
  adopt(symbol: SymbolId, quantity: number, price: number): number {
    const before = this.holdings.get(symbol);
    const mark = before?.mark ?? price;
    if (quantity === 0) this.holdings.delete(symbol);
    else this.holdings.set(symbol, { quantity, mark });
    return (quantity - (before?.quantity ?? 0)) * mark;
  }

  mark(symbol: SymbolId, price: number): void {
    const holding = this.holdings.get(symbol);
    if (holding !== undefined) holding.mark = price;
  }

  /** A new life begins: what became of these orders meanwhile is for the venue to say. */
  reopen(): void {
    for (const order of this.orders.values()) order.isUnreconciled = isUnheard(order.standing);
  }

  /** Approvals that a crash of execution lost on their way: no order will come of them. */
  dropUnintended(): void {
    for (const [id, order] of this.orders) if (!order.isIntended) this.orders.delete(id);
  }

  held(symbol: SymbolId): number {
    return this.holdings.get(symbol)?.quantity ?? 0;
  }

  /** Shares of the position that no open order closes yet. */
  closable(symbol: SymbolId): number {
    const held = this.held(symbol);
    let promised = 0;
    for (const order of this.orders.values()) {
      const isClosing = order.symbol === symbol && order.side === (held > 0 ? 'sell' : 'buy');
      if (isClosing) promised += order.remaining;
    }
    return Math.max(0, Math.abs(held) - promised);
  }

  ordersOf(symbol: SymbolId): readonly OpenOrder[] {
    return [...this.orders.values()].filter((order) => order.symbol === symbol);
  }

  entries(): readonly OpenOrder[] {
    return [...this.orders.values()].filter(({ purpose }) => purpose === 'entry');
  }

  get unreconciled(): number {
    let count = 0;
    for (const order of this.orders.values()) if (order.isUnreconciled) count += 1;
    return count;
  }

  /** Symbols held, or about to be. */
  get positions(): number {
    const coming = new Set<SymbolId>();
    for (const { symbol, purpose } of this.orders.values()) {
      if (purpose === 'entry' && !this.holdings.has(symbol)) coming.add(symbol);
    }
    return this.holdings.size + coming.size;
  }

  get equity(): Money {
    let sum: number = this.cash;
    for (const { quantity, mark } of this.holdings.values()) sum += quantity * mark;
    return money(sum);
  }

  /** The size of all positions, short ones too, and of all entries that may still be filled. */
  exposureOf(isCounted: (symbol: SymbolId) => boolean): number {
    let sum = 0;
    for (const [symbol, { quantity, mark }] of this.holdings) {
      if (isCounted(symbol)) sum += Math.abs(quantity) * mark;
    }
    for (const { symbol, purpose, remaining, price } of this.orders.values()) {
      if (purpose === 'entry' && isCounted(symbol)) sum += remaining * price;
    }
    return money(sum);
  }

  /**
   * Cash that nothing is waiting for. The proceeds of a short are no money of ours, and as much
   * again stands behind it.
   */
  get freeCash(): number {
    let free: number = this.cash;
    for (const { quantity, mark } of this.holdings.values()) {
      if (quantity < 0) free += 2 * quantity * mark;
    }
    for (const { purpose, remaining, price } of this.orders.values()) {
      if (purpose === 'entry') free -= remaining * price;
    }
    return free;
  }
}

type FilledPart = Pick<Execution, 'quantity' | 'price'>;

/** A buy pays up to its limit; a short is worth up to what it is sold at. */
export function worstPrice({ limitPrice, referencePrice }: OrderIntent): Price {
  return limitPrice !== undefined && limitPrice > referencePrice ? limitPrice : referencePrice;
}

function isUnheard(standing: Standing): boolean {
  return standing === 'intended' || standing === 'unknown';
}
