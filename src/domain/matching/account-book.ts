import { assert } from '../../core/assert.ts';
import type { AccountId, ClientOrderId, SymbolId } from '../../core/ids.ts';
import { add, type Money, money, notional, type Price, subtract } from '../../core/money.ts';
import { type Side, signOf } from '../market/side.ts';
import { MarketState } from './market-state.ts';
import type { SessionLookup, TradingSession } from './trading-session.ts';
import { isOpen, remainingOf, type VenueOrder } from './venue-order.ts';
import { checkRules, type VenueRules } from './venue-rules.ts';

/** What the venue lists under a symbol's number. */
export interface Listing {
  readonly name: string;
  readonly assetClass: 'equity' | 'fund' | 'index' | 'crypto' | 'option';
  readonly isTradable: boolean;
}

export interface HeldPosition {
  /** Negative when short. */
  quantity: number;
  /** Exact: the sum paid for what is held; negative for a short. */
  cost: Money;
  /** Exact: what closing has gained so far. Cash = starting cash + realized - cost, always. */
  realized: Money;
}

/** Money and what it was spent on. */
export interface Holdings {
  cash: Money;
  readonly positions: Map<SymbolId, HeldPosition>;
}

/**
 * One account at a venue: its money, what it holds, every order it ever sent, and the market the
 * venue sees. Outlives the engine; mutated only by the functions of this folder.
 */
export interface AccountBook extends Holdings {
  readonly account: AccountId;
  readonly rules: VenueRules;
  readonly sessions: SessionLookup;
  readonly listing: (symbol: SymbolId) => Listing | undefined;
  readonly market: MarketState;
  /** In order of arrival, whatever became of them. */
  readonly orders: Map<ClientOrderId, VenueOrder>;
  /** Those that may still trade, by symbol, in order of arrival. */
  readonly open: Map<SymbolId, readonly VenueOrder[]>;
  openCount: number;
  /** The session that last began. */
  session: TradingSession | undefined;
  /** Its day orders have expired. */
  isSessionOver: boolean;
  /** When the next session begins or the orders of this one expire: nothing to do before. */
  edgeUs: number;
}

export interface BookOptions {
  readonly account: AccountId;
  readonly startingCash: Money;
  readonly rules: VenueRules;
  readonly sessions: SessionLookup;
  readonly listing: (symbol: SymbolId) => Listing | undefined;
}

export function createBook(options: BookOptions): AccountBook {
  const { account, startingCash, rules, sessions, listing } = options;
  assert(startingCash >= 0, 'an account starts without debt');
  return {
    account,
    rules: checkRules(rules),
    sessions,
    listing,
    market: new MarketState(),
    cash: money(startingCash),
    positions: new Map(),
    orders: new Map(),
    open: new Map(),
    openCount: 0,
    session: undefined,
    isSessionOver: false,
    edgeUs: Number.NEGATIVE_INFINITY,
  };
}

/** Whether orders trade at this time: the book must have been advanced to it. */
export function isInSession(book: AccountBook, venueUs: number): boolean {
  const { session } = book;
  return session !== undefined && venueUs >= session.openUs && venueUs < session.closeUs;
}

export function addOrder(book: AccountBook, order: VenueOrder): void {
  const { clientOrderId, symbol } = order.request;
  assert(!book.orders.has(clientOrderId), 'a client order id is used once');
  book.orders.set(clientOrderId, order);
  if (!isOpen(order)) return;
  book.open.set(symbol, [...openOf(book, symbol), order]);
  book.openCount += 1;
}

/** Call when its status has become final. */
export function removeOpen(book: AccountBook, order: VenueOrder): void {
  const { symbol } = order.request;
  const open = openOf(book, symbol);
  assert(open.includes(order) && !isOpen(order), 'an order leaves the open ones once, when final');
  // A new list, so that whoever is going through the old one sees it whole.
  book.open.set(
    symbol,
    open.filter((other) => other !== order),
  );
  book.openCount -= 1;
}

export function openOf(book: AccountBook, symbol: SymbolId): readonly VenueOrder[] {
  return book.open.get(symbol) ?? [];
}

export function heldQuantity(book: Holdings, symbol: SymbolId): number {
  return book.positions.get(symbol)?.quantity ?? 0;
}

/** Of what is held, how much no open order of that side will take away. Never negative. */
export function availableToClose(
  book: AccountBook,
  symbol: SymbolId,
  side: Side,
  without?: VenueOrder,
): number {
  const closable = Math.max(0, -signOf(side) * heldQuantity(book, symbol));
  let promised = 0;
  for (const order of openOf(book, symbol)) {
    if (order !== without && order.request.side === side) promised += remainingOf(order);
  }
  return Math.max(0, closable - promised);
}

/**
 * What may still be bought: equity times the multiplier, less what is held, less what open orders
 * reserve (venues.md 4.7). With multiplier 1 and no shorts this is cash less reservations. The
 * order named in `without` reserves nothing: for its own fills and its own replacement.
 */
export function buyingPower(book: AccountBook, without?: VenueOrder): number {
  const { multiplier } = book.rules;
  let held = 0;
  let exposure = 0;
  for (const [symbol, { quantity }] of book.positions) {
    if (quantity === 0) continue;
    const value = Math.floor(book.market.mark(symbol) * quantity);
    held += value;
    exposure += Math.abs(value);
  }
  let reserved = 0;
  for (const orders of book.open.values()) {
    for (const order of orders) {
      if (order !== without) reserved += remainingOf(order) * order.reservePrice;
    }
  }
  // A long account without margin has exactly its cash, whatever its shares are worth now.
  if (multiplier === 1) return book.cash - reserved;
  return multiplier * (book.cash + held) - exposure - reserved;
}

/** Books an execution: cash and cost move by the same amount, to the ten-thousandth. */
export function bookExecution(
  book: Holdings,
  execution: { readonly symbol: SymbolId; readonly side: Side; readonly quantity: number },
  unit: Price,
): void {
  const { symbol, side, quantity } = execution;
  const sign = signOf(side);
  const value = notional(unit, quantity);
  book.cash = side === 'buy' ? subtract(book.cash, value) : add(book.cash, value);
  const position = positionOf(book, symbol);
  const closing =
    position.quantity * sign < 0 ? Math.min(quantity, Math.abs(position.quantity)) : 0;
  if (closing > 0) {
    const released = shareOfCost(position, closing);
    position.cost = subtract(position.cost, released);
    const proceeds = money(-sign * notional(unit, closing));
    position.realized = add(position.realized, subtract(proceeds, released));
  }
  position.cost = add(position.cost, money(sign * notional(unit, quantity - closing)));
  position.quantity += sign * quantity;
}

function positionOf(book: Holdings, symbol: SymbolId): HeldPosition {
  const found = book.positions.get(symbol);
  if (found !== undefined) return found;
  const fresh: HeldPosition = { quantity: 0, cost: money(0), realized: money(0) };
  book.positions.set(symbol, fresh);
  return fresh;
}

/** The cost of `closing` of the held shares, cut to a whole ten-thousandth; all of it for all. */
function shareOfCost(position: HeldPosition, closing: number): Money {
  const held = Math.abs(position.quantity);
  const cost = Math.abs(position.cost);
  // Division first keeps every step below 2^53: cost alone may reach 9e15.
  const share = Math.floor(cost / held) * closing + Math.floor(((cost % held) * closing) / held);
  return money(position.cost < 0 ? -share : share);
}
