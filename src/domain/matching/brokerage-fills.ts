import { symbolId } from '../../core/ids.ts';
import { add, notional, type Price, shares } from '../../core/money.ts';
import { type EventBatch, QUOTE, TRADE } from '../market/event-batch.ts';
import { bookExecution } from './account-book.ts';
import { type BrokerageBook, figuresOf, openOrdersOf, phaseAt } from './brokerage-book.ts';
import { endOrder, leaveMarket, settleFamily } from './brokerage-lifecycle.ts';
import {
  type BookedExecution,
  type BrokerageOrder,
  isEnded,
  isForExtendedHours,
  isWorking,
  unfilledOf,
} from './brokerage-order.ts';
import { type Offer, partOf, quoteOffer, tradeOffer } from './fill-rules.ts';
import { isLastSale } from './market-state.ts';
import { reachStop } from './stop-rules.ts';

/**
 * One market event: the market moves, stops are reached, then the orders of its symbol are looked
 * at in order of arrival. A halt stops all of it; orders rest (venues.md 9.4).
 */
export function applyMarketEvent(
  book: BrokerageBook,
  batch: EventBatch,
  at: number,
  nowUs: number,
): void {
  book.market.apply(batch, at, nowUs);
  const symbol = batch.symbol[at] ?? -1;
  if (book.open.size === 0 || symbol < 0) return;
  const orders = openOrdersOf(book, symbolId(symbol));
  if (orders.length === 0 || book.market.isHalted(symbol)) return;
  if (batch.kind[at] === QUOTE) {
    for (const order of orders) lookAt(book, order, nowUs);
  } else if (batch.kind[at] === TRADE && isLastSale(batch, at)) {
    matchAtTrade(book, orders, batch, at, nowUs);
  }
}

/** What was quoted may fill it; orders that get one look only have then had it. */
export function lookAt(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  if (!isWorking(order)) return;
  const hasSeenMarket = matchAtQuote(book, order, nowUs);
  if (isEnded(order)) return;
  const { timeInForce } = order;
  const isOver =
    timeInForce === 'ioc' || timeInForce === 'fok' || (timeInForce === 'opg' && hasSeenMarket);
  if (isOver) endOrder(book, order, 'canceled', nowUs);
}

/** Orders for the close take the last quote of the session, or nothing (4.8, rule 5). */
export function matchAtClose(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  const { symbol } = order.request;
  if (!isWorking(order) || book.market.isHalted(symbol)) return;
  if (!book.market.isQuotedSince(symbol, book.day?.openUs ?? nowUs)) return;
  const offer = quoteOffer(book, order);
  if (offer !== undefined) fill(book, order, offer, nowUs);
}

/** Answers whether there was a market to look at. */
function matchAtQuote(book: BrokerageBook, order: BrokerageOrder, nowUs: number): boolean {
  const { market, day } = book;
  const { symbol, side } = order.request;
  if (!order.isTriggered || order.timeInForce === 'cls' || market.isHalted(symbol)) return false;
  const phase = phaseAt(book, nowUs);
  const isExtended = isForExtendedHours(order);
  if (day === undefined || phase === 'closed' || (phase !== 'core' && !isExtended)) return false;
  // What was quoted before the session is no price in it.
  if (!market.isQuotedSince(symbol, isExtended ? day.preUs : day.openUs)) return false;
  const offer = quoteOffer(book, order);
  if (offer === undefined) return true;
  if (order.timeInForce === 'fok' && offer.quantity < unfilledOf(order)) return true;
  const taken = fill(book, order, offer, nowUs);
  const left = side === 'buy' ? market.askLeft : market.bidLeft;
  left[symbol] = (left[symbol] ?? 0) - taken;
  return true;
}

function matchAtTrade(
  book: BrokerageBook,
  orders: readonly BrokerageOrder[],
  batch: EventBatch,
  at: number,
  nowUs: number,
): void {
  const traded = batch.a[at] ?? 0;
  const phase = phaseAt(book, nowUs);
  let left = batch.b[at] ?? 0;
  for (const order of orders) {
    // A print reported late may be older than the order: it says nothing to it.
    if (!isWorking(order) || (batch.venueUs[at] ?? 0) < order.createdUs) continue;
    // Stops are for regular hours only.
    if (!order.isTriggered && phase === 'core' && reachStop(order, traded)) {
      order.updatedUs = nowUs;
      lookAt(book, order, nowUs);
    }
    if (book.rules.mode === 'paper' || !order.isTriggered || !isWorking(order)) continue;
    if (phase !== 'core' && !(phase !== 'closed' && isForExtendedHours(order))) continue;
    const offer = tradeOffer(order, traded, left);
    if (offer !== undefined) left -= fill(book, order, offer, nowUs);
  }
}

/** Books what is given of the offer, and answers how much that was. */
function fill(book: BrokerageBook, order: BrokerageOrder, offer: Offer, nowUs: number): number {
  const { timeInForce } = order;
  const isWhole = timeInForce === 'fok' || timeInForce === 'opg' || timeInForce === 'cls';
  const wanted = isWhole ? offer.quantity : partOf(book, order, offer.quantity);
  const quantity = Math.min(wanted, payable(book, order, offer.unit));
  if (quantity > 0) execute(book, order, quantity, offer.unit, nowUs);
  if (quantity < wanted) endOrder(book, order, 'canceled', nowUs);
  return quantity;
}

/** An execution is money and shares first, then a word, then what it means for its family. */
function execute(
  book: BrokerageBook,
  order: BrokerageOrder,
  quantity: number,
  unit: Price,
  atUs: number,
): void {
  const { symbol, side } = order.request;
  bookExecution(book, { symbol, side, quantity }, unit);
  order.filledQuantity = shares(order.filledQuantity + quantity);
  order.filledValue = add(order.filledValue, notional(unit, quantity));
  order.executions += 1;
  order.updatedUs = atUs;
  const leavesQuantity = unfilledOf(order);
  const isLast = leavesQuantity === 0;
  const execution: BookedExecution = {
    number: book.executions.length + 1,
    order,
    quantity,
    price: unit,
    atUs,
    filledQuantity: order.filledQuantity,
    leavesQuantity,
    isBusted: false,
  };
  book.executions.push(execution);
  if (isLast) leaveMarket(book, order, 'filled', atUs);
  else order.status = 'partiallyFilled';
  book.tell({ event: isLast ? 'fill' : 'partialFill', order, atUs, execution });
  settleFamily(book, order, quantity, atUs);
}

/** Without margin there is no debt: what cash does not cover is not bought. */
function payable(book: BrokerageBook, order: BrokerageOrder, unit: number): number {
  const isCovered = order.request.side === 'sell' || unit <= order.reservePrice;
  if (isCovered || order.positionIntent === 'buyToClose') return Number.POSITIVE_INFINITY;
  const { multiplier, buyingPower } = figuresOf(book, order);
  if (multiplier > 1) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(buyingPower / unit));
}
