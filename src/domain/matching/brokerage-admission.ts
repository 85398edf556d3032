import { PRICE_MAX, PRICE_SCALE } from '../../core/money.ts';
import { heldQuantity } from './account-book.ts';
import {
  availableOf,
  type BrokerageBook,
  closable,
  figuresOf,
  heldForOrders,
  openOrdersOf,
  phaseAt,
} from './brokerage-book.ts';
import {
  type BrokerageOrder,
  isEnded,
  type OrderTerms,
  type PositionIntent,
} from './brokerage-order.ts';
import { exitRefusal } from './brokerage-family.ts';
import {
  forbidden,
  notFound,
  orderInvalid,
  parameterInvalid,
  powerInsufficient,
  quantityInsufficient,
} from './brokerage-refusal.ts';
import { termsRefusal } from './brokerage-terms.ts';
import { isTooLateForClose, isTooLateForOpening } from './trading-hours.ts';
import type { VenueRefusal } from './venue-refusal.ts';
import { washRefusal } from './wash-trade.ts';

export type BrokerageAdmission =
  | { readonly refusal: VenueRefusal }
  | {
      readonly refusal: undefined;
      /** What a share is reserved at; 0 where the order only closes. */
      readonly reservePrice: number;
      readonly positionIntent: PositionIntent;
    };

/**
 * The checks of a new order, in this order: the account, the id, the terms themselves, the asset,
 * the hour, what is held, the exits' prices, wash trades, money (venues.md 4.3, 4.6, 4.7).
 * `replaced` is the order that will be gone when this one stands.
 */
export function admitOrder(
  book: BrokerageBook,
  terms: OrderTerms,
  nowUs: number,
  replaced?: BrokerageOrder,
): BrokerageAdmission {
  const found =
    accountRefusal(book) ??
    identityRefusal(book, terms) ??
    termsRefusal(terms, book.rules, replaced !== undefined) ??
    assetRefusal(book, terms) ??
    windowRefusal(book, terms, nowUs, replaced) ??
    intentRefusal(book, terms) ??
    holdingRefusal(book, terms, replaced) ??
    (replaced === undefined ? exitRefusal(book, terms) : undefined) ??
    washRefusal(book, terms, replaced);
  return found === undefined ? moneyAdmission(book, terms, nowUs, replaced) : { refusal: found };
}

function accountRefusal(book: BrokerageBook): VenueRefusal | undefined {
  if (!book.isSuspended) return undefined;
  return forbidden('SUSPENDED_BY_USER', 'new orders are rejected by user request');
}

function identityRefusal(book: BrokerageBook, terms: OrderTerms): VenueRefusal | undefined {
  const { ordersMax, isClientIdReusable } = book.rules;
  if (book.orders.size + ORDERS_AT_ONCE > ordersMax) {
    return forbidden('ORDERS_MAX', `at most ${ordersMax} orders an account`);
  }
  const id = terms.clientOrderId;
  if (id === undefined) return undefined;
  if (id.length > CLIENT_ID_MAX) {
    return parameterInvalid(`client_order_id must be at most ${CLIENT_ID_MAX} characters`);
  }
  const holder = book.byClientId.get(id);
  if (holder === undefined || (isClientIdReusable && isEnded(holder))) return undefined;
  return {
    ...parameterInvalid('client_order_id must be unique'),
    code: 'DUPLICATE_CLIENT_ORDER_ID',
  };
}

const CLIENT_ID_MAX = 128;
/** An order and two legs. */
const ORDERS_AT_ONCE = 3;

function assetRefusal(book: BrokerageBook, terms: OrderTerms): VenueRefusal | undefined {
  const listing = book.listing(terms.symbol);
  if (listing === undefined) return notFound('ASSET_NOT_FOUND', 'asset not found');
  const isShares = listing.assetClass === 'equity' || listing.assetClass === 'fund';
  if (listing.isTradable && isShares) return undefined;
  return orderInvalid('ASSET_NOT_TRADABLE', `asset ${listing.name} is not tradable`);
}

function windowRefusal(
  book: BrokerageBook,
  terms: OrderTerms,
  nowUs: number,
  replaced: BrokerageOrder | undefined,
): VenueRefusal | undefined {
  if (replaced !== undefined) return undefined;
  if (terms.timeInForce === 'opg' && isTooLateForOpening(nowUs)) {
    const message = 'opg orders must be submitted after 7:00pm and before 9:28am';
    return orderInvalid('TIME_IN_FORCE_INVALID', message);
  }
  if (terms.timeInForce === 'cls' && isTooLateForClose(nowUs, book.day)) {
    const message = 'cls orders must be submitted after 7:00pm and before 3:50pm';
    return orderInvalid('TIME_IN_FORCE_INVALID', message);
  }
  return undefined;
}

export function intentOf(book: BrokerageBook, terms: OrderTerms): PositionIntent {
  const held = heldQuantity(book, terms.symbol);
  if (terms.side === 'buy') return held < 0 ? 'buyToClose' : 'buyToOpen';
  return held > 0 ? 'sellToClose' : 'sellToOpen';
}

function intentRefusal(book: BrokerageBook, terms: OrderTerms): VenueRefusal | undefined {
  const inferred = intentOf(book, terms);
  if (terms.positionIntent === undefined || terms.positionIntent === inferred) return undefined;
  const words = `inferred: ${INTENTS[inferred]}, specified: ${INTENTS[terms.positionIntent]}`;
  return orderInvalid('INTENT_MISMATCH', `position intent mismatch, ${words}`);
}

const INTENTS = {
  buyToOpen: 'buy_to_open',
  buyToClose: 'buy_to_close',
  sellToOpen: 'sell_to_open',
  sellToClose: 'sell_to_close',
} as const;

/** Long and short never coexist, and one order never flips a position (4.7). */
function holdingRefusal(
  book: BrokerageBook,
  terms: OrderTerms,
  replaced: BrokerageOrder | undefined,
): VenueRefusal | undefined {
  const { symbol, side, quantity, orderClass } = terms;
  // The exits of a held position may be replaced while the entry is still to come.
  if (replaced?.status === 'held') return undefined;
  const isClosing = closable(book, symbol, side) > 0 || orderClass === 'oco';
  if (!isClosing) return side === 'sell' ? shortRefusal(book, terms) : undefined;
  const available = availableOf(book, symbol, side, replaced);
  if (quantity <= available) return undefined;
  const orders = openOrdersOf(book, symbol).filter((order) => order.request.side === side);
  return quantityInsufficient({
    name: book.listing(symbol)?.name ?? '',
    requested: quantity,
    available,
    existing: heldQuantity(book, symbol),
    held: heldForOrders(book, symbol, side, replaced),
    orders: orders.map((order) => order.id),
  });
}

/** Whole shares that are easy to borrow, on margin, unless the customer has said no (4.7). */
function shortRefusal(book: BrokerageBook, terms: OrderTerms): VenueRefusal | undefined {
  const { forbiddenStatus, isShortingAllowed } = book.rules;
  const listing = book.listing(terms.symbol);
  const name = listing?.name ?? '';
  if (!isShortingAllowed || book.isShortingOff || figuresOf(book).multiplier === 1) {
    const message = 'account is not allowed to short';
    return forbidden('SHORTING_NOT_ALLOWED', message, forbiddenStatus);
  }
  if (listing?.borrow === 'none') {
    return orderInvalid('SHORTING_NOT_ALLOWED', `asset ${name} cannot be sold short`);
  }
  if (listing?.borrow !== 'hard' || terms.timeInForce === 'day') return undefined;
  const message = `only day orders are allowed for hard-to-borrow asset ${name}`;
  return orderInvalid('BORROW_IS_HARD', message);
}

function moneyAdmission(
  book: BrokerageBook,
  terms: OrderTerms,
  nowUs: number,
  replaced: BrokerageOrder | undefined,
): BrokerageAdmission {
  const { symbol, quantity } = terms;
  const positionIntent = replaced?.positionIntent ?? intentOf(book, terms);
  const unit = checkPrice(book, terms, nowUs);
  const name = book.listing(symbol)?.name ?? '';
  if (unit === 0) {
    const message = `no quote and no trade to value an order for ${name}`;
    return { refusal: forbidden('PRICE_UNKNOWN', message) };
  }
  const cost = unit * quantity;
  if (cost < MINIMAL_COST) {
    const message = 'cost basis must be >= minimal amount of order 1';
    const status = book.rules.forbiddenStatus;
    return { refusal: forbidden('COST_BASIS_TOO_SMALL', message, status) };
  }
  const opens = positionIntent === 'buyToOpen' || positionIntent === 'sellToOpen';
  if (!opens) return { refusal: undefined, reservePrice: 0, positionIntent };
  const figures = figuresOf(book, replaced);
  if (cost > figures.buyingPower) {
    return { refusal: powerInsufficient(figures.buyingPower, cost) };
  }
  const exposure = figures.longValue - figures.shortValue;
  if (exposure > EXPOSURE_MAX * figures.equity) {
    const message = 'account is restricted to closing orders';
    return { refusal: forbidden('ACCOUNT_RESTRICTED', message) };
  }
  return { refusal: undefined, reservePrice: unit, positionIntent };
}

/** One dollar (4.6). */
const MINIMAL_COST = PRICE_SCALE;
/** Past 600 % of equity an account may only close (4.7). */
const EXPOSURE_MAX = 6;

/**
 * The price an order is valued and reserved at (4.7): its limit or stop, else the far side in the
 * core session, the middle in an extended one, the last trade while closed. A short counts as
 * max(limit, ask x 1.03). 0: not known.
 */
function checkPrice(book: BrokerageBook, terms: OrderTerms, nowUs: number): number {
  const { symbol, side } = terms;
  const named = terms.limitPrice ?? terms.stopPrice;
  const unit = Math.ceil(named ?? marketPrice(book, terms, nowUs));
  if (unit === 0 || side === 'buy' || heldQuantity(book, symbol) > 0) return capped(unit);
  const ask = book.market.ask[symbol] ?? 0;
  return capped(Math.max(unit, Math.ceil((ask > 0 ? ask : book.market.mark(symbol)) * 1.03)));
}

function marketPrice(book: BrokerageBook, terms: OrderTerms, nowUs: number): number {
  const { market, rules } = book;
  const { symbol, side } = terms;
  const [bid, ask] = [market.bid[symbol] ?? 0, market.ask[symbol] ?? 0];
  const phase = phaseAt(book, nowUs);
  const mark = market.mark(symbol);
  if (phase === 'closed') return mark;
  if (phase !== 'core') return bid > 0 && ask > 0 ? (bid + ask) / 2 : mark;
  const far = side === 'buy' ? ask : bid;
  const current = far > 0 ? far : mark;
  return side === 'buy' ? current * (1 + rules.marketBufferBps / 10_000) : current;
}

function capped(unit: number): number {
  return Math.min(unit, PRICE_MAX);
}
