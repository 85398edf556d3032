import {
  availableOf,
  type BrokerageBook,
  type BrokerageEvent,
  dropOpen,
  keepOrder,
  phaseAt,
  schedule,
} from './brokerage-book.ts';
import {
  type BrokerageOrder,
  type BrokerageStatus,
  isEnded,
  isForExtendedHours,
  resize,
  unfilledOf,
} from './brokerage-order.ts';
import { goodTillCanceledEnd } from './trading-hours.ts';

/** How an order can end; `rejected` only before it was ever at the market. */
export type Ending = Extract<
  BrokerageStatus,
  'filled' | 'canceled' | 'expired' | 'replaced' | 'rejected'
>;

export function say(
  book: BrokerageBook,
  event: BrokerageEvent,
  order: BrokerageOrder,
  atUs: number,
): void {
  order.updatedUs = atUs;
  book.tell({ event, order, atUs });
}

/** A new order goes to the market, or waits for it to open. */
export function enterOrder(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  keepOrder(book, order);
  routeOrder(book, order, nowUs);
}

/** A leg lies ready until its entry is filled (4.3). */
export function holdOrder(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  order.status = 'held';
  order.expiresUs = expiryOf(book, order, nowUs);
  keepOrder(book, order);
  if (book.rules.tellsHeld) say(book, 'held', order, nowUs);
}

export function routeOrder(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  order.expiresUs ??= expiryOf(book, order, nowUs);
  if (!isRoutable(book, order, nowUs)) {
    order.status = 'accepted';
    order.updatedUs = nowUs;
    if (book.rules.tellsAccepted) say(book, 'accepted', order, nowUs);
    return;
  }
  order.status = 'pendingNew';
  say(book, 'pendingNew', order, nowUs);
  const kind = book.rejections > 0 ? 'reject' : 'acknowledge';
  book.rejections = Math.max(0, book.rejections - 1);
  schedule(book, { dueUs: nowUs + book.rules.acknowledgeUs, kind, order });
}

/** Whether the market takes the order now: outside of the core session only some (4.3). */
export function isRoutable(book: BrokerageBook, order: BrokerageOrder, nowUs: number): boolean {
  const phase = phaseAt(book, nowUs);
  return phase === 'core' || (phase !== 'closed' && isForExtendedHours(order));
}

function expiryOf(book: BrokerageBook, order: BrokerageOrder, nowUs: number): number | undefined {
  if (order.timeInForce === 'gtc') return goodTillCanceledEnd(nowUs);
  const { day } = book;
  if (isForExtendedHours(order)) return day?.postUs;
  if (day === undefined || nowUs < day.closeUs) return day?.closeUs;
  return book.hours(day.postUs)?.closeUs;
}

/** The order is over, and with it, perhaps, those it lives with. */
export function endOrder(
  book: BrokerageBook,
  order: BrokerageOrder,
  ending: Exclude<Ending, 'filled'>,
  nowUs: number,
): void {
  if (isEnded(order)) return;
  leaveMarket(book, order, ending, nowUs);
  say(book, ending, order, nowUs);
  if (ending !== 'replaced') closeFamily(book, order, ending, nowUs);
}

/** Without a word: the caller says it. */
export function leaveMarket(
  book: BrokerageBook,
  order: BrokerageOrder,
  ending: Ending,
  nowUs: number,
): void {
  order.status = ending;
  order.pending = undefined;
  order.endedUs = nowUs;
  order.updatedUs = nowUs;
  dropOpen(book, order);
}

/** What an execution means for the orders it lives with. Call after it was said. */
export function settleFamily(
  book: BrokerageBook,
  order: BrokerageOrder,
  quantity: number,
  nowUs: number,
): void {
  const { family } = order;
  if (family === undefined) return;
  if (family.entry === order) {
    if (order.status === 'filled') activateExits(book, order, nowUs);
    return;
  }
  for (const other of family.exits) {
    if (other === order || isEnded(other)) continue;
    if (order.status === 'filled') closeOther(book, other, nowUs);
    else shrink(book, other, quantity, nowUs);
  }
}

/** A partly filled take-profit shrinks the stop, and the other way round (4.3). */
function shrink(book: BrokerageBook, other: BrokerageOrder, by: number, nowUs: number): void {
  resize(other, other.request.quantity - by);
  other.updatedUs = nowUs;
  if (unfilledOf(other) === 0) endOrder(book, other, 'canceled', nowUs);
}

/** In a fast market the cancel of the other exit comes too late, and both fill (4.3). */
function closeOther(book: BrokerageBook, other: BrokerageOrder, nowUs: number): void {
  const { otherExitUs } = book.rules;
  if (otherExitUs === 0) return endOrder(book, other, 'canceled', nowUs);
  other.pending = 'cancel';
  say(book, 'pendingCancel', other, nowUs);
  schedule(book, { dueUs: nowUs + otherExitUs, kind: 'cancel', order: other });
}

/** All that the entry bought may be sold by the exits: what is left of it, if some was sold. */
function activateExits(book: BrokerageBook, entry: BrokerageOrder, nowUs: number): void {
  const { family } = entry;
  if (family === undefined) return;
  const total = family.carried + entry.filledQuantity;
  const { symbol } = entry.request;
  const side = entry.request.side === 'buy' ? 'sell' : 'buy';
  const quantity = Math.min(total, availableOf(book, symbol, side));
  for (const exit of family.exits) {
    if (isEnded(exit)) continue;
    if (quantity === 0) {
      endOrder(book, exit, 'canceled', nowUs);
      continue;
    }
    resize(exit, quantity);
    routeOrder(book, exit, nowUs);
  }
}

/** Cancelling any member cancels the rest (4.3); an exit that expires takes the other with it. */
function closeFamily(
  book: BrokerageBook,
  order: BrokerageOrder,
  ending: Ending,
  nowUs: number,
): void {
  const { family } = order;
  if (family === undefined) return;
  const isEntry = family.entry === order;
  const how = ending === 'expired' && !isEntry ? 'expired' : 'canceled';
  const others = family.entry === undefined ? family.exits : [family.entry, ...family.exits];
  for (const other of others) if (other !== order) endOrder(book, other, how, nowUs);
}
