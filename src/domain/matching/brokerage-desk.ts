import type { Price } from '../../core/money.ts';
import { admitOrder } from './brokerage-admission.ts';
import { type BrokerageBook, schedule } from './brokerage-book.ts';
import { exitTerms } from './brokerage-family.ts';
import { enterOrder, holdOrder, say } from './brokerage-lifecycle.ts';
import {
  type BrokerageOrder,
  createOrder,
  isEnded,
  type OrderFamily,
  type OrderTerms,
  type PositionIntent,
} from './brokerage-order.ts';
import { orderInvalid, parameterInvalid, wireWord } from './brokerage-refusal.ts';
import { beginReplacement } from './brokerage-replacement.ts';
import type { VenueRefusal } from './venue-refusal.ts';
import { uuidOf } from './wire-ids.ts';

export type BrokerageAnswer =
  | { readonly refusal: VenueRefusal; readonly order?: undefined }
  | { readonly refusal?: undefined; readonly order: BrokerageOrder };

/**
 * Takes a new order; call `advanceTo` for the moment first. The answer is its early state: that it
 * works, is filled or was turned down is told later. A refused order leaves no trace.
 */
export function submitOrder(
  book: BrokerageBook,
  terms: OrderTerms,
  nowUs: number,
): BrokerageAnswer {
  const admission = admitOrder(book, terms, nowUs);
  if (admission.refusal !== undefined) return { refusal: admission.refusal };
  const order = make(book, terms, nowUs, admission.positionIntent);
  order.reservePrice = admission.reservePrice;
  const legs = terms.orderClass === 'simple' ? [] : exitTerms(terms);
  if (terms.orderClass === 'oco') enterPair(book, order, legs[1], nowUs);
  else if (legs.length > 0) enterWithExits(book, order, legs, nowUs);
  else enterOrder(book, order, nowUs);
  return { order };
}

/** The take-profit is the parent on the wire, and as much an exit as the stop. */
function enterPair(
  book: BrokerageBook,
  order: BrokerageOrder,
  stop: OrderTerms | undefined,
  nowUs: number,
): void {
  if (stop === undefined) return enterOrder(book, order, nowUs);
  const other = make(book, stop, nowUs, order.positionIntent);
  const family: OrderFamily = { entry: undefined, exits: [order, other], carried: 0 };
  order.family = family;
  other.family = family;
  enterOrder(book, order, nowUs);
  enterOrder(book, other, nowUs);
}

function enterWithExits(
  book: BrokerageBook,
  entry: BrokerageOrder,
  legs: readonly OrderTerms[],
  nowUs: number,
): void {
  const exits = legs.map((leg) =>
    make(book, leg, nowUs, leg.side === 'sell' ? 'sellToClose' : 'buyToClose'),
  );
  const family: OrderFamily = { entry, exits, carried: 0 };
  for (const order of [entry, ...exits]) order.family = family;
  enterOrder(book, entry, nowUs);
  for (const exit of exits) holdOrder(book, exit, nowUs);
}

function make(
  book: BrokerageBook,
  terms: OrderTerms,
  nowUs: number,
  positionIntent: PositionIntent,
  replaces?: BrokerageOrder,
): BrokerageOrder {
  const { seed } = book.rules;
  book.ordersMade += 1;
  const number = book.ordersMade;
  return createOrder(terms, {
    number,
    id: uuidOf(seed, 'order', number),
    clientOrderId: terms.clientOrderId ?? uuidOf(seed, 'clientOrder', number),
    positionIntent,
    createdUs: nowUs,
    replaces,
  });
}

/** What PATCH can change; the rest stays as it was. */
export interface Change {
  readonly quantity?: number | undefined;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  /** A price or a percentage, as the order has it. */
  readonly trail?: Price | undefined;
  readonly timeInForce?: OrderTerms['timeInForce'] | undefined;
  readonly clientOrderId?: string | undefined;
}

/** Answers the successor (4.4). Whether it replaces the order is told later. */
export function replaceBrokerageOrder(
  book: BrokerageBook,
  order: BrokerageOrder,
  change: Change,
  nowUs: number,
): BrokerageAnswer {
  const refusal = replaceRefusal(order, change);
  if (refusal !== undefined) return { refusal };
  const terms = changedTerms(book, order, change);
  const admission = admitOrder(book, terms, nowUs, order);
  if (admission.refusal !== undefined) return { refusal: admission.refusal };
  const successor = make(book, terms, nowUs, order.positionIntent, order);
  successor.reservePrice = admission.reservePrice;
  beginReplacement(book, successor, nowUs);
  return { order: successor };
}

function replaceRefusal(order: BrokerageOrder, change: Change): VenueRefusal | undefined {
  if (isEnded(order)) {
    const message = `order is already in "${wireWord(order.status)}" state`;
    return orderInvalid('ORDER_NOT_REPLACEABLE', message);
  }
  const isEarly = order.status === 'accepted' || order.status === 'pendingNew';
  if (isEarly || order.pending !== undefined) {
    const message = "unable to replace order, order isn't sent to exchange yet";
    return orderInvalid('ORDER_NOT_REPLACEABLE', message);
  }
  if (order.isTriggered && isStop(order) && order.limitPrice === undefined) {
    return orderInvalid('ORDER_NOT_REPLACEABLE', 'unable to replace order, stop was triggered');
  }
  const { quantity, limitPrice, stopPrice, trail } = change;
  if (limitPrice !== undefined && order.limitPrice === undefined) {
    return parameterInvalid('limit_price is not allowed for this order');
  }
  if (stopPrice !== undefined && !(order.type === 'stop' || order.type === 'stopLimit')) {
    return parameterInvalid('stop_price is not allowed for this order');
  }
  if (trail !== undefined && order.type !== 'trailingStop') {
    return parameterInvalid('trail is not allowed for this order');
  }
  if (quantity === undefined || quantity > order.filledQuantity) return undefined;
  return parameterInvalid(`qty must be > filled_qty ${order.filledQuantity}`);
}

function isStop(order: BrokerageOrder): boolean {
  return order.type === 'stop' || order.type === 'trailingStop';
}

function changedTerms(book: BrokerageBook, order: BrokerageOrder, change: Change): OrderTerms {
  const { symbol, side } = order.request;
  const asked = change.quantity ?? order.request.quantity;
  const filled = book.rules.replacedQuantity === 'total' ? order.filledQuantity : 0;
  const isPercent = order.trailPercent !== undefined;
  const { trail } = change;
  return {
    symbol,
    side,
    quantity: asked - filled,
    type: order.type,
    timeInForce: change.timeInForce ?? order.timeInForce,
    limitPrice: change.limitPrice ?? order.limitPrice,
    stopPrice: order.type === 'trailingStop' ? undefined : (change.stopPrice ?? order.stopPrice),
    trailPrice: isPercent ? undefined : (trail ?? order.trailPrice),
    trailPercent: isPercent ? (trail ?? order.trailPercent) : undefined,
    isExtendedHours: order.isExtendedHours,
    orderClass: order.orderClass,
    clientOrderId: change.clientOrderId,
  };
}

/** Taken in means that it was asked for: a fill may still come first (4.4). */
export function cancelBrokerageOrder(
  book: BrokerageBook,
  order: BrokerageOrder,
  nowUs: number,
): BrokerageAnswer {
  const { cancelOfFilledStatus, cancelUs, replaceUs } = book.rules;
  if (isEnded(order)) {
    if (order.status === 'filled' && cancelOfFilledStatus === 204) return { order };
    const message = `order is already in "${wireWord(order.status)}" state`;
    return { refusal: orderInvalid('ORDER_NOT_CANCELABLE', message) };
  }
  if (order.pending === 'cancel') return { order };
  order.pending = 'cancel';
  say(book, 'pendingCancel', order, nowUs);
  // A successor is canceled when it has taken its place, not before.
  const isSuccessor = order.replaces?.pending === 'replace' && order.status === 'pendingNew';
  const delayUs = isSuccessor ? Math.max(cancelUs, replaceUs) : cancelUs;
  schedule(book, { dueUs: nowUs + delayUs, kind: 'cancel', order });
  return { order };
}
