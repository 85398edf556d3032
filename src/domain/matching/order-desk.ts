import type { ClientOrderId, VenueOrderId } from '../../core/ids.ts';
import { NO_SHARES, type Price, type Shares, shares } from '../../core/money.ts';
import type { OrderRequest } from '../orders/intent.ts';
import type { OrderReport } from '../orders/report.ts';
import { type AccountBook, addOrder, isInSession } from './account-book.ts';
import { admit } from './admission.ts';
import { finish, matchOnArrival, type Moment } from './matching.ts';
import {
  isLive,
  isOpen,
  reportOf,
  snapshotOf,
  type VenueOrder,
  venueOrderIdOf,
} from './venue-order.ts';
import {
  orderNotCancelable,
  orderNotFound,
  orderNotReplaceable,
  type VenueRefusal,
} from './venue-refusal.ts';

/** The venue's immediate word: the order as it then stood, or why not. */
export type VenueAnswer =
  | { readonly refusal: VenueRefusal; readonly report?: undefined }
  | { readonly refusal?: undefined; readonly report: OrderReport };

/**
 * The statuses an order goes through (venues.md 4.5): accepted (session closed) or pendingNew, then
 * new, partiallyFilled, filled; canceled, expired and replaced end it early. pendingNew and
 * pendingCancel are said in answers and last no time. Final: filled, canceled, expired, replaced.
 *
 * Takes a new order. The answer says that it was accepted; `new` and the fills follow on the tape.
 * A refused order leaves no trace, so its id stays free.
 */
export function placeOrder(moment: Moment, request: OrderRequest): VenueAnswer {
  const { book, venueUs } = moment;
  const admission = admit(book, request, venueUs);
  if (admission.refusal !== undefined) return { refusal: admission.refusal };
  return { report: enter(moment, request, admission.reservePrice) };
}

export interface OrderName {
  readonly clientOrderId: ClientOrderId;
  /** If given it must be this order's. */
  readonly venueOrderId?: VenueOrderId;
}

/** Canceled at once if it is open; `canceled` follows on the tape. Asking again is fine (4.4). */
export function cancelOrder(moment: Moment, name: OrderName): VenueAnswer {
  const { book, venueUs } = moment;
  const order = find(book, name);
  if (order === undefined) return { refusal: orderNotFound(name.clientOrderId) };
  if (order.status === 'canceled') return { report: snapshotOf(order, venueUs) };
  if (!isOpen(order)) return { refusal: orderNotCancelable(order.status) };
  const report = reportOf(order, { event: 'pendingCancel', status: 'pendingCancel', venueUs });
  finish(moment, order, 'canceled');
  return { report };
}

export interface Replacement {
  readonly clientOrderId: ClientOrderId;
  readonly successor: ClientOrderId;
  /** The total wanted: what the old order has filled counts (4.4, Alpaca-API #165). */
  readonly quantity: Shares;
  readonly limitPrice: Price;
}

/**
 * A successor takes the place of a live limit order. It is ordered for what the total lacks, so a
 * fill that wins the race is not bought twice. The answer reports the successor; `replaced` for
 * the old order and `new` for the successor follow on the tape.
 */
export function replaceOrder(moment: Moment, replacement: Replacement): VenueAnswer {
  const { book, venueUs } = moment;
  const order = book.orders.get(replacement.clientOrderId);
  if (order === undefined) return { refusal: orderNotFound(replacement.clientOrderId) };
  const refusal = replaceRefusal(order, replacement);
  if (refusal !== undefined) return { refusal };
  const request: OrderRequest = {
    ...order.request,
    clientOrderId: replacement.successor,
    quantity: shares(replacement.quantity - order.filledQuantity),
    limitPrice: replacement.limitPrice,
  };
  const admission = admit(book, request, venueUs, order);
  if (admission.refusal !== undefined) return { refusal: admission.refusal };
  order.successor = replacement.successor;
  finish(moment, order, 'replaced');
  return { report: enter(moment, request, admission.reservePrice) };
}

/** Everything the venue knows of an order. */
export function enquireOrder(moment: Moment, name: OrderName): VenueAnswer {
  const order = find(moment.book, name);
  if (order === undefined) return { refusal: orderNotFound(name.clientOrderId) };
  return { report: snapshotOf(order, moment.venueUs) };
}

function find(book: AccountBook, name: OrderName): VenueOrder | undefined {
  const order = book.orders.get(name.clientOrderId);
  const isOther = name.venueOrderId !== undefined && name.venueOrderId !== order?.venueOrderId;
  return isOther ? undefined : order;
}

function replaceRefusal(order: VenueOrder, wanted: Replacement): VenueRefusal | undefined {
  if (!isOpen(order)) return orderNotReplaceable(`order is already in "${order.status}" state`);
  if (!isLive(order)) {
    return orderNotReplaceable("unable to replace order, order isn't sent to exchange yet");
  }
  if (order.request.type === 'market') {
    return orderNotReplaceable('unable to replace order, market orders have no limit_price');
  }
  if (wanted.quantity > order.filledQuantity) return undefined;
  return orderNotReplaceable(`qty must be > filled_qty ${order.filledQuantity}`);
}

function enter(moment: Moment, request: OrderRequest, reservePrice: number): OrderReport {
  const { book, venueUs, tape } = moment;
  const isTrading = isInSession(book, venueUs);
  const number = book.orders.size + 1;
  const order: VenueOrder = {
    request,
    venueOrderId: venueOrderIdOf(book.rules.idPrefix, number),
    number,
    arrivedUs: venueUs,
    reservePrice,
    status: isTrading ? 'new' : 'accepted',
    filledQuantity: NO_SHARES,
    executions: [],
    stance: 'undecided',
    draws: 0,
  };
  addOrder(book, order);
  if (isTrading) tape.push(reportOf(order, { event: 'new', venueUs }));
  const word = isTrading ? 'pendingNew' : 'accepted';
  const report = reportOf(order, { event: word, status: word, venueUs });
  matchOnArrival(moment, order);
  return report;
}
