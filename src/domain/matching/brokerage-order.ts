import type { SymbolId } from '../../core/ids.ts';
import { type Money, money, NO_SHARES, type Price, type Shares } from '../../core/money.ts';
import type { Side } from '../market/side.ts';
import type { Fillable } from './fill-rules.ts';

export type OrderType = 'market' | 'limit' | 'stop' | 'stopLimit' | 'trailingStop';
export type TimeInForce = 'day' | 'gtc' | 'opg' | 'cls' | 'ioc' | 'fok';
export type OrderClass = 'simple' | 'bracket' | 'oco' | 'oto';
export type PositionIntent = 'buyToOpen' | 'buyToClose' | 'sellToOpen' | 'sellToClose';

/** What is wanted of a brokerage: venues.md 4.3, every field of it that concerns shares. */
export interface OrderTerms {
  readonly symbol: SymbolId;
  readonly side: Side;
  /** Whole shares: nothing that is listed here is fractionable. */
  readonly quantity: number;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  readonly trailPrice?: Price | undefined;
  /** In ten-thousandths of a percent. */
  readonly trailPercent?: number | undefined;
  readonly isExtendedHours: boolean;
  readonly orderClass: OrderClass;
  readonly takeProfitLimit?: Price | undefined;
  readonly stopLossStop?: Price | undefined;
  readonly stopLossLimit?: Price | undefined;
  readonly positionIntent?: PositionIntent | undefined;
  /** Made by the brokerage where the customer gave none. */
  readonly clientOrderId?: string | undefined;
}

/** The states of venues.md 4.5 that last; `pendingCancel` and `pendingReplace` lie over them. */
export type BrokerageStatus =
  | 'held'
  | 'accepted'
  | 'pendingNew'
  | 'new'
  | 'partiallyFilled'
  | 'doneForDay'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'rejected';

export interface BookedExecution {
  /** From 1, over the book. */
  readonly number: number;
  readonly order: BrokerageOrder;
  readonly quantity: number;
  price: Price;
  readonly atUs: number;
  /** What the order had filled with it: tells executions of one order apart (8.5). */
  readonly filledQuantity: number;
  /** What it then still lacked: 0 for the last. */
  readonly leavesQuantity: number;
  /** Taken back by the venue: it moved neither shares nor money. */
  isBusted: boolean;
}

/** Owned and mutated by its book; what leaves the brokerage is written from it at once. */
export interface BrokerageOrder extends Fillable {
  readonly id: string;
  readonly clientOrderId: string;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly isExtendedHours: boolean;
  readonly orderClass: OrderClass;
  readonly positionIntent: PositionIntent;
  /** As it is worked: without a limit, or with that of a stop that became a limit order. */
  request: Fillable['request'];
  /** As it was asked for. */
  readonly limitPrice: Price | undefined;
  stopPrice: Price | undefined;
  readonly trailPrice: Price | undefined;
  readonly trailPercent: number | undefined;
  /** The best price since a trailing stop went live. */
  highWater: Price | undefined;
  /** A stop whose price was reached; true from the start for what is no stop. */
  isTriggered: boolean;
  status: BrokerageStatus;
  pending: 'cancel' | 'replace' | undefined;
  filledQuantity: Shares;
  /** The sum of quantity times price. */
  filledValue: Money;
  executions: number;
  /** What a share is reserved at while the order is open; 0 for one that closes a position. */
  reservePrice: number;
  readonly replaces: BrokerageOrder | undefined;
  /** What the order it replaces had filled when that was asked for. */
  readonly filledBefore: number;
  replacedBy: BrokerageOrder | undefined;
  family: OrderFamily | undefined;
  readonly createdUs: number;
  updatedUs: number;
  endedUs: number | undefined;
  expiresUs: number | undefined;
}

/**
 * Orders that live by each other. Bracket and OTO have an entry, whose exits are held until it is
 * completely filled; an OCO has two exits only, of which the take-profit counts as the parent.
 */
export interface OrderFamily {
  entry: BrokerageOrder | undefined;
  exits: readonly BrokerageOrder[];
  /** What replaced entries had filled: the exits are for that, too. */
  carried: number;
}

export interface OrderIdentity {
  readonly number: number;
  readonly id: string;
  readonly clientOrderId: string;
  readonly positionIntent: PositionIntent;
  readonly createdUs: number;
  readonly replaces?: BrokerageOrder | undefined;
}

export function createOrder(terms: OrderTerms, identity: OrderIdentity): BrokerageOrder {
  const { symbol, side, quantity, type, limitPrice } = terms;
  const isStop = type === 'stop' || type === 'stopLimit' || type === 'trailingStop';
  return {
    ...identity,
    replaces: identity.replaces,
    filledBefore: identity.replaces?.filledQuantity ?? 0,
    type,
    timeInForce: terms.timeInForce,
    isExtendedHours: terms.isExtendedHours,
    orderClass: terms.orderClass,
    request: { symbol, side, quantity, limitPrice },
    limitPrice,
    stopPrice: terms.stopPrice,
    trailPrice: terms.trailPrice,
    trailPercent: terms.trailPercent,
    highWater: undefined,
    isTriggered: !isStop,
    status: 'pendingNew',
    pending: undefined,
    filledQuantity: NO_SHARES,
    filledValue: money(0),
    executions: 0,
    reservePrice: 0,
    replacedBy: undefined,
    family: undefined,
    updatedUs: identity.createdUs,
    endedUs: undefined,
    expiresUs: undefined,
    stance: 'undecided',
    draws: 0,
  };
}

/** At the market: it fills when the market comes to it. */
export function isWorking(order: BrokerageOrder): boolean {
  return order.status === 'new' || order.status === 'partiallyFilled';
}

export function isEnded(order: BrokerageOrder): boolean {
  switch (order.status) {
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'replaced':
    case 'rejected':
      return true;
    case 'held':
    case 'accepted':
    case 'pendingNew':
    case 'new':
    case 'partiallyFilled':
    case 'doneForDay':
      return false;
  }
}

export function unfilledOf(order: BrokerageOrder): number {
  return order.request.quantity - order.filledQuantity;
}

/** Never below what is filled. */
export function resize(order: BrokerageOrder, quantity: number): void {
  order.request = { ...order.request, quantity: Math.max(order.filledQuantity, quantity) };
}

export function isExit(order: BrokerageOrder): boolean {
  return order.family !== undefined && order.family.entry !== order;
}

/** Whether it may be worked outside of the core session (4.3). */
export function isForExtendedHours(order: BrokerageOrder): boolean {
  return order.isExtendedHours && order.type === 'limit';
}
