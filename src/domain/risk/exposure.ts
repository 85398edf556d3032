import type { ClientOrderId, SymbolId } from '../../core/ids.ts';
import { type Money, money, type Price, type Shares } from '../../core/money.ts';
import { type Side, signOf } from '../market/side.ts';
import type { SymbolListing } from '../market/symbols.ts';
import type { OrderIntent } from '../orders/intent.ts';
import { isTerminal } from '../orders/machine.ts';
import type { Execution } from '../orders/report.ts';
import type { Standing } from '../orders/standing.ts';
import type { Purpose } from '../signals/purpose.ts';
import { ExposureSums } from './exposure-sums.ts';

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
  readonly #holdings = new Map<SymbolId, Holding>();
  readonly #orders = new Map<ClientOrderId, OpenOrder>();
  /** In order of their coming, as they stand among all. */
  readonly #bySymbol = new Map<SymbolId, OpenOrder[]>();
  readonly #sums: ExposureSums;
  readonly holdings: ReadonlyMap<SymbolId, Readonly<Holding>> = this.#holdings;
  readonly orders: ReadonlyMap<ClientOrderId, Readonly<OpenOrder>> = this.#orders;
  /** Released because they were not found. A late accept is adopted (RELIABILITY B12). */
  readonly missing = new Map<ClientOrderId, OpenOrder>();

  constructor(listings: ReadonlyMap<SymbolId, SymbolListing>) {
    this.#sums = new ExposureSums(listings);
  }

  reserve({ clientOrderId, symbol, side, purpose, price, quantity }: Reservation): void {
    this.#put({
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
    if (!this.#orders.has(clientOrderId)) {
      this.reserve({ clientOrderId, symbol, side, purpose, quantity, price: worstPrice(intent) });
    }
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.isIntended = true;
  }

  stand(clientOrderId: ClientOrderId, standing: Standing): void {
    const order = this.#orders.get(clientOrderId) ?? this.#adopted(clientOrderId, standing);
    if (order === undefined) return;
    order.standing = standing;
    if (!isUnheard(standing)) this.#hear(order, true);
    // It was released before, so nobody will say it again.
    if (order.isReleased && isTerminal(standing)) this.#take(order);
  }

  #adopted(clientOrderId: ClientOrderId, standing: Standing): OpenOrder | undefined {
    const order = this.missing.get(clientOrderId);
    if (order === undefined || standing === 'notPlaced') return undefined;
    this.missing.delete(clientOrderId);
    this.#put(order);
    return order;
  }

  /** The venue was asked and did not know the order: an answer, if not the last word. */
  missed(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) this.#hear(order, true);
  }

  askCancel(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.isCancelAsked = true;
  }

  release(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    this.#take(order);
    if (order.standing === 'notPlaced') {
      this.missing.set(clientOrderId, { ...order, isReleased: true });
    }
  }

  /** An order as a snapshot carried it. */
  carry(order: OpenOrder): void {
    const isMissing = order.isReleased && order.standing === 'notPlaced';
    if (isMissing) this.missing.set(order.clientOrderId, order);
    else this.#put(order);
  }

  /** Orders of a day end with it: what was not found yesterday will not come today. */
  beginDay(): void {
    this.missing.clear();
  }

  fill(clientOrderId: ClientOrderId, symbol: SymbolId, side: Side, execution: FilledPart): void {
    const { quantity, price } = execution;
    const change = signOf(side) * quantity;
    this.#fillOrder(clientOrderId, quantity);
    const { quantity: held, mark } = this.#holdings.get(symbol) ?? { quantity: 0, mark: price };
    this.cash = money(this.cash - change * price);
    this.hold(symbol, held + change, mark);
  }

  #fillOrder(clientOrderId: ClientOrderId, quantity: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) {
      const missing = this.missing.get(clientOrderId);
      if (missing !== undefined) missing.remaining = Math.max(0, missing.remaining - quantity);
      return;
    }
    this.#sums.order(order, -1);
    order.remaining = Math.max(0, order.remaining - quantity);
    this.#sums.order(order, 1);
  }

  /** The broker's word takes the place of ours. Answers by how much that changed the equity. */
  adopt(symbol: SymbolId, quantity: number, price: number): number {
    const before = this.#holdings.get(symbol);
    const mark = before?.mark ?? price;
    const change = (quantity - (before?.quantity ?? 0)) * mark;
    this.hold(symbol, quantity, mark);
    return change;
  }

  mark(symbol: SymbolId, price: number): void {
    const holding = this.#holdings.get(symbol);
    if (holding !== undefined) this.hold(symbol, holding.quantity, price);
  }

  /** So much is held now; nothing, where the quantity is 0. */
  hold(symbol: SymbolId, quantity: number, mark: number): void {
    const before = this.#holdings.get(symbol);
    if (before !== undefined) this.#sums.holding(symbol, before, -1);
    if (quantity === 0) {
      this.#holdings.delete(symbol);
      return;
    }
    const holding = before ?? { quantity, mark };
    holding.quantity = quantity;
    holding.mark = mark;
    if (before === undefined) this.#holdings.set(symbol, holding);
    this.#sums.holding(symbol, holding, 1);
  }

  /** The symbol is listed in that sector from now on: call it before the listings say so. */
  moveSector(symbol: SymbolId, sector: string): void {
    this.#sums.leaveSector(symbol, sector);
  }

  /** A new life begins: what became of these orders meanwhile is for the venue to say. */
  reopen(): void {
    for (const order of this.#orders.values()) this.#hear(order, !isUnheard(order.standing));
  }

  /** Approvals that a crash of execution lost on their way: no order will come of them. */
  dropUnintended(): void {
    for (const order of this.#orders.values()) if (!order.isIntended) this.#take(order);
  }

  held(symbol: SymbolId): number {
    return this.#holdings.get(symbol)?.quantity ?? 0;
  }

  /** Shares of the position that no open order closes yet. */
  closable(symbol: SymbolId): number {
    const held = this.held(symbol);
    const closing = held > 0 ? 'sell' : 'buy';
    let promised = 0;
    for (const { side, remaining } of this.ordersOf(symbol)) {
      if (side === closing) promised += remaining;
    }
    return Math.max(0, Math.abs(held) - promised);
  }

  ordersOf(symbol: SymbolId): readonly Readonly<OpenOrder>[] {
    return this.#bySymbol.get(symbol) ?? NO_ORDERS;
  }

  entries(): readonly Readonly<OpenOrder>[] {
    return [...this.#orders.values()].filter(({ purpose }) => purpose === 'entry');
  }

  get unreconciled(): number {
    return this.#sums.unreconciled;
  }

  /** Symbols held, or about to be. */
  get positions(): number {
    return this.#holdings.size + this.#sums.coming;
  }

  get equity(): Money {
    return money(this.cash + this.#sums.held);
  }

  /** The size of all positions, short ones too, and of all entries that may still be filled. */
  get gross(): Money {
    return money(this.#sums.holdings + this.#sums.entries);
  }

  /** Of it what is listed in a sector. */
  inSector(sector: string): Money {
    return money(this.#sums.inSector(sector));
  }

  /**
   * Cash that nothing is waiting for. The proceeds of a short are no money of ours, and as much
   * again stands behind it.
   */
  get freeCash(): number {
    return this.cash + 2 * this.#sums.short - this.#sums.entries;
  }

  #hear(order: OpenOrder, isHeard: boolean): void {
    this.#sums.order(order, -1);
    order.isUnreconciled = !isHeard;
    this.#sums.order(order, 1);
  }

  #put(order: OpenOrder): void {
    const { clientOrderId, symbol } = order;
    const before = this.#orders.get(clientOrderId);
    if (before !== undefined) this.#take(before);
    this.#orders.set(clientOrderId, order);
    this.#sums.order(order, 1);
    const others = this.#bySymbol.get(symbol);
    if (others === undefined) this.#bySymbol.set(symbol, [order]);
    else others.push(order);
  }

  #take(order: OpenOrder): void {
    const others = this.#bySymbol.get(order.symbol);
    this.#orders.delete(order.clientOrderId);
    this.#sums.order(order, -1);
    if (others === undefined || others.length === 1) this.#bySymbol.delete(order.symbol);
    else others.splice(others.indexOf(order), 1);
  }
}

const NO_ORDERS: readonly OpenOrder[] = [];

type FilledPart = Pick<Execution, 'quantity' | 'price'>;

/** A buy pays up to its limit; a short is worth up to what it is sold at. */
export function worstPrice({
  limitPrice,
  referencePrice,
}: Pick<OrderIntent, 'limitPrice' | 'referencePrice'>): Price {
  return limitPrice !== undefined && limitPrice > referencePrice ? limitPrice : referencePrice;
}

function isUnheard(standing: Standing): boolean {
  return standing === 'intended' || standing === 'unknown';
}
