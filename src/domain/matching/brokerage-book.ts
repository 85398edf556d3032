import { assert } from '../../core/assert.ts';
import type { SymbolId } from '../../core/ids.ts';
import { type Money, money, PRICE_SCALE } from '../../core/money.ts';
import { type Side, signOf } from '../market/side.ts';
import { heldQuantity, type HeldPosition, type Holdings, type Listing } from './account-book.ts';
import {
  type BookedExecution,
  type BrokerageOrder,
  isEnded,
  isExit,
  unfilledOf,
} from './brokerage-order.ts';
import { type BrokerageRules, checkBrokerageRules } from './brokerage-rules.ts';
import { MarketState } from './market-state.ts';
import { type HoursLookup, type MarketPhase, phaseOf, type TradingHours } from './trading-hours.ts';

/** What may be sold short: whatever is easy to borrow; day orders only where it is hard. */
export interface BrokerageListing extends Listing {
  readonly borrow: 'easy' | 'hard' | 'none';
}

/** What the stream says of an order, at the moment it happens: write it down at once. */
export interface BrokerageWord {
  readonly event: BrokerageEvent;
  readonly order: BrokerageOrder;
  readonly atUs: number;
  readonly execution?: BookedExecution;
}

export type BrokerageEvent =
  | 'accepted'
  | 'held'
  | 'pendingNew'
  | 'new'
  | 'partialFill'
  | 'fill'
  | 'pendingCancel'
  | 'canceled'
  | 'expired'
  | 'doneForDay'
  | 'pendingReplace'
  | 'replaced'
  | 'rejected'
  | 'orderCancelRejected'
  | 'orderReplaceRejected'
  | 'tradeBust'
  | 'tradeCorrect';

/** Something that the brokerage has begun and that takes effect later. */
export interface Act {
  readonly dueUs: number;
  readonly kind: 'acknowledge' | 'reject' | 'cancel' | 'replace';
  /** Of a replacement: the successor. */
  readonly order: BrokerageOrder;
}

export interface Edge {
  readonly us: number;
  readonly kind: 'pre' | 'open' | 'close' | 'sweep' | 'post';
}

/** One account at a brokerage, its orders and the market it sees; mutated by this folder only. */
export interface BrokerageBook extends Holdings {
  readonly rules: BrokerageRules;
  readonly hours: HoursLookup;
  readonly listing: (symbol: SymbolId) => BrokerageListing | undefined;
  readonly tell: (word: BrokerageWord) => void;
  readonly market: MarketState;
  readonly orders: Map<string, BrokerageOrder>;
  /** The last to carry it. */
  readonly byClientId: Map<string, BrokerageOrder>;
  readonly open: Map<SymbolId, readonly BrokerageOrder[]>;
  /** Of all that were ever made: the number of the last. */
  ordersMade: number;
  readonly executions: BookedExecution[];
  /** By due time, then as begun. */
  readonly acts: Act[];
  edges: Edge[];
  day: TradingHours | undefined;
  /** The customer's own switches (4.1). */
  isSuspended: boolean;
  isShortingOff: boolean;
  multiplierMax: 1 | 2 | 4;
  /** How many of the next orders the market turns down after they were taken. */
  rejections: number;
  /** As the trading day began. */
  readonly startQuantity: Map<SymbolId, number>;
  startPrice: Float64Array;
  lastEquity: Money;
  lastMaintenance: Money;
}

export interface BrokerageOptions {
  readonly startingCash: Money;
  readonly rules: BrokerageRules;
  readonly hours: HoursLookup;
  readonly listing: (symbol: SymbolId) => BrokerageListing | undefined;
  readonly tell: (word: BrokerageWord) => void;
}

export function createBrokerage(options: BrokerageOptions): BrokerageBook {
  const { startingCash, rules, hours, listing, tell } = options;
  assert(startingCash >= 0, 'an account starts without debt');
  return {
    rules: checkBrokerageRules(rules),
    hours,
    listing,
    tell,
    market: new MarketState(),
    cash: money(startingCash),
    positions: new Map<SymbolId, HeldPosition>(),
    orders: new Map(),
    byClientId: new Map(),
    open: new Map(),
    ordersMade: 0,
    executions: [],
    acts: [],
    edges: [],
    day: undefined,
    isSuspended: false,
    isShortingOff: false,
    multiplierMax: 4,
    rejections: 0,
    startQuantity: new Map(),
    startPrice: new Float64Array(0),
    lastEquity: money(startingCash),
    lastMaintenance: money(0),
  };
}

export function phaseAt(book: BrokerageBook, us: number): MarketPhase {
  return phaseOf(book.day, us);
}

export function openOrdersOf(book: BrokerageBook, symbol: SymbolId): readonly BrokerageOrder[] {
  return book.open.get(symbol) ?? [];
}

/** In order of arrival. */
export function allOpen(book: BrokerageBook): readonly BrokerageOrder[] {
  return [...book.open.values()].flat().toSorted((left, right) => left.number - right.number);
}

export function keepOrder(book: BrokerageBook, order: BrokerageOrder): void {
  assert(!book.orders.has(order.id), 'an order id is used once');
  book.orders.set(order.id, order);
  book.byClientId.set(order.clientOrderId, order);
  const { symbol } = order.request;
  book.open.set(symbol, [...openOrdersOf(book, symbol), order]);
}

export function dropOpen(book: BrokerageBook, order: BrokerageOrder): void {
  const { symbol } = order.request;
  const open = openOrdersOf(book, symbol);
  assert(open.includes(order) && isEnded(order), 'an order leaves the open ones once, when ended');
  const left = open.filter((other) => other !== order);
  if (left.length === 0) book.open.delete(symbol);
  else book.open.set(symbol, left);
}

/** When something is due next: nothing to do before. */
export function dueOf(book: BrokerageBook): number {
  const actUs = book.acts[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  return Math.min(actUs, book.edges[0]?.us ?? Number.POSITIVE_INFINITY);
}

export function schedule(book: BrokerageBook, act: Act): void {
  const { acts } = book;
  let at = acts.length;
  while (at > 0 && (acts[at - 1]?.dueUs ?? 0) > act.dueUs) at -= 1;
  acts.splice(at, 0, act);
}

/**
 * What reserves together counts once, as the largest: the exits of a family, and an order with
 * the one that is about to replace it (4.4).
 */
function sharesReserveWith(order: BrokerageOrder): object {
  const { replaces } = order;
  if (replaces?.pending === 'replace' && order.status === 'pendingNew') {
    return sharesReserveWith(replaces);
  }
  return isExit(order) && order.family !== undefined ? order.family : order;
}

function sumOfLargest(
  orders: Iterable<BrokerageOrder>,
  value: (order: BrokerageOrder) => number,
): number {
  const largest = new Map<object, number>();
  for (const order of orders) {
    const key = sharesReserveWith(order);
    largest.set(key, Math.max(largest.get(key) ?? 0, value(order)));
  }
  let sum = 0;
  for (const one of largest.values()) sum += one;
  return sum;
}

/** Shares that open orders of that side will take away; held legs take nothing yet. */
export function heldForOrders(
  book: BrokerageBook,
  symbol: SymbolId,
  side: Side,
  without?: BrokerageOrder,
): number {
  const orders = openOrdersOf(book, symbol).filter(
    (order) =>
      order.request.side === side && order.status !== 'held' && !isTogether(order, without),
  );
  return sumOfLargest(orders, unfilledOf);
}

function isTogether(order: BrokerageOrder, other: BrokerageOrder | undefined): boolean {
  return other !== undefined && sharesReserveWith(order) === sharesReserveWith(other);
}

export function closable(book: BrokerageBook, symbol: SymbolId, side: Side): number {
  return Math.max(0, -signOf(side) * heldQuantity(book, symbol));
}

export function availableOf(
  book: BrokerageBook,
  symbol: SymbolId,
  side: Side,
  without?: BrokerageOrder,
): number {
  const held = heldForOrders(book, symbol, side, without);
  return Math.max(0, closable(book, symbol, side) - held);
}

export interface Figures {
  readonly equity: number;
  readonly longValue: number;
  /** Not positive. */
  readonly shortValue: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly reserved: number;
  readonly multiplier: 1 | 2 | 4;
  readonly buyingPower: number;
  readonly regulationBuyingPower: number;
  readonly cashBuyingPower: number;
}

/** The account in numbers (venues.md 4.7). `without` reserves nothing: for its replacement. */
export function figuresOf(book: BrokerageBook, without?: BrokerageOrder): Figures {
  let [longValue, shortValue, maintenanceMargin, added] = [0, 0, 0, 0];
  for (const [symbol, { quantity }] of book.positions) {
    if (quantity === 0) continue;
    const mark = book.market.mark(symbol);
    const value = Math.floor(mark * quantity);
    if (value > 0) longValue += value;
    else shortValue += value;
    // 30 %, and all of what trades at $6 or less.
    const share = mark > CHEAP ? 3_000 : 10_000;
    maintenanceMargin += Math.ceil((Math.abs(value) / 10_000) * share);
    added += Math.ceil(mark * addedToday(book, symbol, quantity));
  }
  const equity = book.cash + longValue + shortValue;
  const initialMargin = Math.ceil((longValue - shortValue) / 2);
  const reserved = reservedOf(book, without);
  const multiplier = equity < SMALL_ACCOUNT ? 1 : lesser(book.rules.multiplier, book.multiplierMax);
  const cash = Math.max(0, Math.min(book.cash, equity) - reserved);
  const regulation = Math.max(0, Math.max(equity - initialMargin, 0) * 2 - reserved);
  const intraday = (book.lastEquity - book.lastMaintenance) * 4 - added - reserved;
  const powers = { 1: cash, 2: regulation, 4: Math.max(0, intraday) } as const;
  return {
    equity,
    longValue,
    shortValue,
    initialMargin,
    maintenanceMargin,
    reserved,
    multiplier,
    buyingPower: powers[multiplier],
    regulationBuyingPower: multiplier === 1 ? cash : regulation,
    cashBuyingPower: cash,
  };
}

function lesser(left: 1 | 2 | 4, right: 1 | 2 | 4): 1 | 2 | 4 {
  return left < right ? left : right;
}

const CHEAP = 6 * PRICE_SCALE;
const SMALL_ACCOUNT = 2_000 * PRICE_SCALE;

/** Shares that were opened since the day began: they use the intraday figure up. */
function addedToday(book: BrokerageBook, symbol: SymbolId, quantity: number): number {
  const start = book.startQuantity.get(symbol) ?? 0;
  const carried = start * quantity > 0 ? Math.abs(start) : 0;
  return Math.max(0, Math.abs(quantity) - carried);
}

export function reservedOf(book: BrokerageBook, without?: BrokerageOrder): number {
  let sum = 0;
  for (const orders of book.open.values()) {
    const counted = orders.filter((order) => !isTogether(order, without));
    sum += sumOfLargest(counted, (order) => unfilledOf(order) * order.reservePrice);
  }
  return sum;
}
