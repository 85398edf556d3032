import { assert } from '../../core/assert.ts';
import { symbolId } from '../../core/ids.ts';
import { type Shares, shares } from '../../core/money.ts';
import { BAR, type EventBatch, QUOTE, TRADE } from '../market/event-batch.ts';
import type { OrderReport } from '../orders/report.ts';
import {
  type AccountBook,
  bookExecution,
  buyingPower,
  isInSession,
  removeOpen,
} from './account-book.ts';
import { barOffer, type Offer, partOf, quoteOffer, tradeOffer } from './fill-rules.ts';
import { isFillableBar, isLastSale } from './market-state.ts';
import type { TradingSession } from './trading-session.ts';
import {
  EXECUTIONS_MAX,
  executionIdOf,
  isLive,
  remainingOf,
  reportOf,
  type VenueOrder,
} from './venue-order.ts';

/** A book at one instant of its own time, which never decreases. */
export interface Moment {
  readonly book: AccountBook;
  readonly venueUs: number;
  /** What the venue says unasked, in the order it happened. The caller empties it. */
  readonly tape: OrderReport[];
}

/**
 * One market event: the market moves, then the orders of its symbol are looked at in order of
 * arrival. Call `advance` for the moment first.
 */
export function applyEvent(moment: Moment, batch: EventBatch, at: number): void {
  const { book, venueUs } = moment;
  book.market.apply(batch, at, venueUs);
  const symbol = batch.symbol[at] ?? -1;
  if (book.openCount === 0 || symbol < 0) return;
  const orders = book.open.get(symbolId(symbol));
  if (orders === undefined || orders.length === 0) return;
  switch (batch.kind[at]) {
    case QUOTE:
      for (const order of orders) {
        if (!isLive(order)) continue;
        matchAtQuote(moment, order);
        // An ioc that waited for a bar and meets the symbol's first quote has had its one look.
        if (isLive(order) && order.request.timeInForce === 'ioc') finish(moment, order, 'canceled');
      }
      return;
    case TRADE:
      return matchAtTrade(moment, orders, batch, at);
    case BAR:
      return matchAtBar(moment, orders, batch, at);
  }
}

/** The first look at an order that has gone live. */
export function matchOnArrival(moment: Moment, order: VenueOrder): void {
  const { market } = moment.book;
  const { symbol, timeInForce } = order.request;
  if (isLive(order)) matchAtQuote(moment, order);
  if (timeInForce !== 'ioc' || isFinal(order)) return;
  // Where only bars come, the first look that means anything is the next bar.
  const waitsForBar =
    isLive(order) &&
    market.hasBars(symbol) &&
    !market.hasQuoted(symbol) &&
    !market.isHalted(symbol);
  if (!waitsForBar) finish(moment, order, 'canceled');
}

/** The order is over, with what was filled until now. */
export function finish(
  moment: Moment,
  order: VenueOrder,
  how: 'canceled' | 'expired' | 'replaced',
): void {
  order.status = how;
  removeOpen(moment.book, order);
  moment.tape.push(reportOf(order, { event: how, venueUs: moment.venueUs }));
}

/** Sessions begin and end: waiting orders go live, day orders expire. Cheap when neither is due. */
export function advance(moment: Moment): void {
  const { book, venueUs } = moment;
  while (venueUs >= book.edgeUs) {
    const { session } = book;
    if (session !== undefined && !book.isSessionOver) {
      book.edgeUs = session.closeUs + book.rules.closeGraceUs;
      if (venueUs >= book.edgeUs) endSession({ ...moment, venueUs: book.edgeUs });
      continue;
    }
    // Without open orders nothing happens in the sessions between, so they are passed over.
    const isStepwise = book.openCount > 0 && book.edgeUs > Number.NEGATIVE_INFINITY;
    const next = book.sessions(isStepwise ? book.edgeUs : venueUs);
    book.edgeUs = next?.openUs ?? Number.POSITIVE_INFINITY;
    if (next !== undefined && venueUs >= next.openUs) beginSession(moment, next);
  }
}

function beginSession(moment: Moment, session: TradingSession): void {
  const { book, tape } = moment;
  book.session = { openUs: session.openUs, closeUs: session.closeUs };
  book.isSessionOver = false;
  for (const order of openInOrder(book)) {
    assert(order.status === 'accepted', 'only waiting orders are open when a session begins');
    order.status = 'new';
    tape.push(reportOf(order, { event: 'new', venueUs: session.openUs }));
  }
}

function endSession(moment: Moment): void {
  moment.book.isSessionOver = true;
  for (const order of openInOrder(moment.book)) {
    // One that came after the close waits for the next session instead.
    if (isLive(order)) finish(moment, order, 'expired');
  }
}

/** A copy, in order of arrival. */
export function openInOrder(book: AccountBook): readonly VenueOrder[] {
  return [...book.open.values()].flat().toSorted((left, right) => left.number - right.number);
}

function matchAtQuote(moment: Moment, order: VenueOrder): void {
  const { book, venueUs } = moment;
  const { market, session } = book;
  const { symbol, side } = order.request;
  if (session === undefined || !isInSession(book, venueUs) || market.isHalted(symbol)) return;
  // What was quoted before the session opened is no price in it.
  if (!market.isQuotedSince(symbol, session.openUs)) return;
  const offer = quoteOffer(book, order);
  if (offer === undefined) return;
  const taken = fill(moment, order, offer);
  const left = side === 'buy' ? market.askLeft : market.bidLeft;
  left[symbol] = (left[symbol] ?? 0) - taken;
}

function matchAtTrade(
  moment: Moment,
  orders: readonly VenueOrder[],
  batch: EventBatch,
  at: number,
): void {
  const { book, venueUs } = moment;
  const isUsable = isInSession(book, venueUs) && isLastSale(batch, at);
  if (book.rules.mode === 'paper' || !isUsable) return;
  let left = batch.b[at] ?? 0;
  for (const order of orders) {
    if (!isLive(order) || book.market.isHalted(order.request.symbol)) continue;
    // A print reported late may be older than the order: it cannot have filled it.
    if ((batch.venueUs[at] ?? 0) < order.arrivedUs) continue;
    const offer = tradeOffer(order, batch.a[at] ?? 0, left);
    if (offer !== undefined) left -= fill(moment, order, offer);
  }
}

function matchAtBar(
  moment: Moment,
  orders: readonly VenueOrder[],
  batch: EventBatch,
  at: number,
): void {
  const { book } = moment;
  const { rules, market } = book;
  if (!isFillableBar(batch, at) || !overlapsSession(book, batch, at)) return;
  let left = rules.mode === 'paper' ? Number.POSITIVE_INFINITY : Math.floor(batch.e[at] ?? 0);
  for (const order of orders) {
    const { symbol, timeInForce } = order.request;
    if (!isLive(order) || market.hasQuoted(symbol) || market.isHalted(symbol)) continue;
    if (order.arrivedUs > (batch.venueUs[at] ?? 0) + rules.barGraceUs) continue;
    const offer = barOffer(book, order, batch, at);
    const quantity = Math.min(offer?.quantity ?? 0, left);
    if (offer !== undefined && quantity > 0) left -= fill(moment, order, { ...offer, quantity });
    if (timeInForce === 'ioc' && isLive(order)) finish(moment, order, 'canceled');
  }
}

/** A bar counts for the session it lies in, although it is known only when it is over. */
function overlapsSession(book: AccountBook, batch: EventBatch, at: number): boolean {
  const { session, isSessionOver } = book;
  if (session === undefined || isSessionOver) return false;
  const beginUs = batch.venueUs[at] ?? 0;
  const endUs = beginUs + Math.max(1, batch.f[at] ?? 0);
  return beginUs < session.closeUs && endUs > session.openUs;
}

/** Books what is given of the offer, and answers how much that was. */
function fill(moment: Moment, order: VenueOrder, offer: Offer): number {
  const { book, venueUs, tape } = moment;
  const wanted = partOf(book, order, offer.quantity);
  const quantity = Math.min(wanted, payable(book, order, offer.unit));
  if (quantity > 0) {
    const { symbol, side } = order.request;
    const executionId = executionIdOf(order.venueOrderId, order.executions.length + 1);
    const execution = { executionId, quantity: shares(quantity), price: offer.unit, venueUs };
    order.executions.push(execution);
    order.filledQuantity = sum(order.filledQuantity, quantity);
    order.status = remainingOf(order) === 0 ? 'filled' : 'partiallyFilled';
    bookExecution(book, { symbol, side, quantity }, offer.unit);
    if (order.status === 'filled') removeOpen(book, order);
    const event = order.status === 'filled' ? 'fill' : 'partialFill';
    tape.push(reportOf(order, { event, venueUs, executions: [execution] }));
  }
  const isShort = quantity < wanted;
  if (isShort) order.reason = 'insufficient buying power';
  if (isShort || (isLive(order) && order.executions.length >= EXECUTIONS_MAX)) {
    finish(moment, order, 'canceled');
  }
  return quantity;
}

/**
 * The price may have run away from what was reserved. Without margin there is no debt: what cash
 * does not cover, beside the reservations of the other orders, is not bought.
 */
function payable(book: AccountBook, order: VenueOrder, unit: number): number {
  const isCovered = order.request.side === 'sell' || unit <= order.reservePrice;
  if (isCovered || book.rules.multiplier > 1) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(buyingPower(book, order) / unit));
}

function sum(left: number, right: number): Shares {
  return shares(left + right);
}

function isFinal(order: VenueOrder): boolean {
  return !isLive(order) && order.status !== 'accepted';
}
