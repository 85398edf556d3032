import { PRICE_MAX, PRICE_SCALE, SHARES_MAX, tickSize } from '../../core/money.ts';
import type { OrderRequest } from '../orders/intent.ts';
import {
  type AccountBook,
  availableToClose,
  buyingPower,
  heldQuantity,
  isInSession,
  type Listing,
  openOf,
} from './account-book.ts';
import type { VenueOrder } from './venue-order.ts';
import {
  accountUnknown,
  assetNotFound,
  assetNotTradable,
  costBasisTooSmall,
  duplicateClientOrderId,
  insufficientBuyingPower,
  insufficientQuantity,
  limitPriceInvalid,
  priceUnknown,
  quantityInvalid,
  shortingNotAllowed,
  subPenny,
  tooManyOrders,
  type VenueRefusal,
  washTrade,
} from './venue-refusal.ts';

export type Admission =
  | { readonly refusal: VenueRefusal }
  /** What a share is reserved at; 0 where the order only closes. */
  | { readonly refusal: undefined; readonly reservePrice: number };

/**
 * The venue's checks of a new order, in this order: who and which id, the terms themselves, the
 * asset, what is held, wash trades, money (venues.md 4.3, 4.6, 4.7). `replaced` is the order that
 * will be gone when this one stands: it holds nothing against it.
 */
export function admit(
  book: AccountBook,
  request: OrderRequest,
  venueUs: number,
  replaced?: VenueOrder,
): Admission {
  const refusal =
    identityRefusal(book, request) ??
    termsRefusal(request) ??
    assetRefusal(book, request) ??
    holdingRefusal(book, request, replaced) ??
    washRefusal(book, request);
  return refusal === undefined ? moneyAdmission(book, request, venueUs, replaced) : { refusal };
}

function identityRefusal(book: AccountBook, request: OrderRequest): VenueRefusal | undefined {
  if (request.account !== book.account) return accountUnknown();
  if (book.orders.has(request.clientOrderId)) return duplicateClientOrderId();
  return book.orders.size >= book.rules.ordersMax ? tooManyOrders(book.rules.ordersMax) : undefined;
}

function termsRefusal(request: OrderRequest): VenueRefusal | undefined {
  const { quantity, limitPrice } = request;
  if (!Number.isSafeInteger(quantity)) return quantityInvalid('qty must be integer');
  if (quantity <= 0) return quantityInvalid('qty must be > 0');
  if (quantity > SHARES_MAX) return quantityInvalid(`qty must be <= ${SHARES_MAX}`);
  if (request.type === 'market') {
    if (limitPrice === undefined) return undefined;
    return limitPriceInvalid('market orders require no limit_price');
  }
  if (limitPrice === undefined) return limitPriceInvalid('limit orders require limit_price');
  if (!Number.isSafeInteger(limitPrice) || limitPrice <= 0 || limitPrice > PRICE_MAX) {
    return limitPriceInvalid('limit_price must be > 0');
  }
  // Two decimals at or above $1, four below (4.3).
  if (limitPrice % tickSize(limitPrice) !== 0) return subPenny(limitPrice);
  return undefined;
}

function assetRefusal(book: AccountBook, request: OrderRequest): VenueRefusal | undefined {
  const listing = book.listing(request.symbol);
  if (listing === undefined) return assetNotFound(`symbol ${request.symbol}`);
  return listing.isTradable && isShares(listing) ? undefined : assetNotTradable(listing.name);
}

/** Whole shares are what this venue trades. */
function isShares(listing: Listing): boolean {
  return listing.assetClass === 'equity' || listing.assetClass === 'fund';
}

/** Long and short never coexist, and one order never flips a position (4.7). */
function holdingRefusal(
  book: AccountBook,
  request: OrderRequest,
  replaced: VenueOrder | undefined,
): VenueRefusal | undefined {
  const { symbol, side, quantity } = request;
  const held = heldQuantity(book, symbol);
  const closes = side === 'sell' ? held > 0 : held < 0;
  if (closes) {
    const available = availableToClose(book, symbol, side, replaced);
    return quantity > available ? insufficientQuantity(quantity, available) : undefined;
  }
  return side === 'sell' && !book.rules.isShortingAllowed ? shortingNotAllowed() : undefined;
}

/** Opposite sides of one symbol: refused if either is a market order, or if their limits meet. */
function washRefusal(book: AccountBook, request: OrderRequest): VenueRefusal | undefined {
  for (const order of openOf(book, request.symbol)) {
    const other = order.request;
    if (other.side === request.side) continue;
    const [buy, sell] = request.side === 'buy' ? [request, other] : [other, request];
    // A market order has no limit, so it meets everything.
    const buyLimit = buy.limitPrice ?? Number.POSITIVE_INFINITY;
    if (buyLimit >= (sell.limitPrice ?? 0)) return washTrade(order.venueOrderId);
  }
  return undefined;
}

function moneyAdmission(
  book: AccountBook,
  request: OrderRequest,
  venueUs: number,
  replaced: VenueOrder | undefined,
): Admission {
  const { symbol, side, quantity } = request;
  const unit = checkPrice(book, request, venueUs);
  if (unit === 0) return { refusal: priceUnknown(book.listing(symbol)?.name ?? '') };
  const cost = unit * quantity;
  if (cost < MINIMAL_COST) return { refusal: costBasisTooSmall() };
  const opens = side === 'buy' ? heldQuantity(book, symbol) >= 0 : heldQuantity(book, symbol) <= 0;
  if (!opens) return { refusal: undefined, reservePrice: 0 };
  const power = buyingPower(book, replaced);
  if (cost > power) return { refusal: insufficientBuyingPower(power, cost) };
  return { refusal: undefined, reservePrice: unit };
}

/** One dollar (4.6). */
const MINIMAL_COST = PRICE_SCALE;

/**
 * The price an order is checked and reserved at (4.7): its limit, else the far side in the session
 * and the last trade outside of it. A short counts as max(limit, ask x 1.03). 0: not known.
 */
function checkPrice(book: AccountBook, request: OrderRequest, venueUs: number): number {
  const { symbol, side, limitPrice } = request;
  const { market } = book;
  const ask = market.ask[symbol] ?? 0;
  const far = side === 'buy' ? ask : (market.bid[symbol] ?? 0);
  const mark = market.mark(symbol);
  const current = isInSession(book, venueUs) && far > 0 ? far : mark;
  const unit = Math.ceil(limitPrice ?? current);
  if (side === 'buy' || heldQuantity(book, symbol) > 0) return Math.min(unit, PRICE_MAX);
  return Math.min(Math.max(unit, Math.ceil((ask > 0 ? ask : mark) * 1.03)), PRICE_MAX);
}
