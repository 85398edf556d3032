import { type Price, price, PRICE_MAX } from '../../core/money.ts';
import { Random } from '../../core/random.ts';
import type { EventBatch } from '../market/event-batch.ts';
import { type Side } from '../market/side.ts';
import { type Holdings, heldQuantity } from './account-book.ts';
import type { MarketState } from './market-state.ts';
import type { VenueOrderRecord } from './venue-order.ts';
import type { VenueRules } from './venue-rules.ts';

/** What fills need of a book: the simulated broker's and the venue's have it. */
export interface FillingBook extends Holdings {
  readonly market: MarketState;
  readonly rules: Pick<VenueRules, 'mode' | 'partialFillChance' | 'seed'>;
}

/** What fills need of an order that is being worked. */
export interface Fillable extends Pick<VenueOrderRecord, 'number' | 'filledQuantity'> {
  readonly request: {
    readonly symbol: VenueOrderRecord['request']['symbol'];
    readonly side: Side;
    readonly quantity: number;
    /** Absent where any price will do. */
    readonly limitPrice?: Price | undefined;
  };
  stance: VenueOrderRecord['stance'];
  draws: number;
}

/** What the market gives an order at one moment. The price never lies beyond the order's limit. */
export interface Offer {
  readonly unit: Price;
  readonly quantity: number;
}

/**
 * At a quote (venues.md 4.8). Paper: a marketable order takes the far side, whatever its size.
 *
 * Realistic: no more than is still shown; the rest waits for the next quote. An order that was not
 * marketable when first seen rests, without a place in a queue: it fills when the far side has come
 * to its limit, and then at its limit, since whoever crossed the spread came to us.
 *
 * A quote whose bid is above its ask is no market, and nothing trades at it.
 */
export function quoteOffer(book: FillingBook, order: Fillable): Offer | undefined {
  const { market, rules } = book;
  const { symbol, side, limitPrice } = order.request;
  const [bid, ask] = [market.bid[symbol] ?? 0, market.ask[symbol] ?? 0];
  const far = side === 'buy' ? ask : bid;
  if (far === 0 || (bid > ask && ask > 0)) return undefined;
  if (isRestrictedShort(book, order)) return undefined;
  const unit = against(side, far);
  const isMarketable = meets(side, unit, limitPrice);
  takeStance(order, isMarketable);
  if (!isMarketable) return undefined;
  if (rules.mode === 'paper') return { unit, quantity: remainingOf(order) };
  const shown = (side === 'buy' ? market.askLeft[symbol] : market.bidLeft[symbol]) ?? 0;
  const isResting = order.stance === 'resting' && limitPrice !== undefined;
  return capped(order, isResting ? limitPrice : unit, shown);
}

/**
 * At a print, in realistic mode only: a resting order fills at its limit when others trade beyond
 * it, which they cannot do while it is unfilled. A print at the limit may have been somebody ahead.
 */
export function tradeOffer(order: Fillable, traded: number, size: number): Offer | undefined {
  const { side, limitPrice } = order.request;
  if (limitPrice === undefined || order.stance === 'taking') return undefined;
  const isThrough = side === 'buy' ? traded < limitPrice : traded > limitPrice;
  if (!isThrough) return undefined;
  takeStance(order, false);
  return capped(order, limitPrice, size);
}

/**
 * At a bar, for symbols that are never quoted. A bar's prices count as the middle of the market;
 * each side pays half of `barSpreadBps` on top.
 *
 * The first bar that counts is the next to begin after the order arrived (`barGraceUs` late is in
 * time). A market order, or a limit its open satisfies, fills at that open: never at a price from
 * before the order. A limit that rests fills in any later bar whose range reaches it (realistic:
 * goes beyond it), always at the limit, even where the bar opened at a better price: of the two
 * rules the worse one. Realistic mode fills no more than the bar's volume.
 */
export function barOffer(
  book: { readonly rules: VenueRules },
  order: Fillable,
  batch: EventBatch,
  at: number,
): Offer | undefined {
  const { mode, barSpreadBps } = book.rules;
  const { side, limitPrice } = order.request;
  const half = barSpreadBps / 2 / 10_000;
  const factor = side === 'buy' ? 1 + half : 1 - half;
  const open = against(side, (batch.a[at] ?? 0) * factor);
  const best = (side === 'buy' ? (batch.c[at] ?? 0) : (batch.b[at] ?? 0)) * factor;
  takeStance(order, meets(side, open, limitPrice));
  if (order.stance === 'taking' && meets(side, open, limitPrice)) {
    return { unit: open, quantity: remainingOf(order) };
  }
  if (limitPrice === undefined) return undefined;
  const beyond = side === 'buy' ? limitPrice - best : best - limitPrice;
  const isReached = mode === 'paper' ? beyond >= 0 : beyond > 0;
  return isReached ? { unit: limitPrice, quantity: remainingOf(order) } : undefined;
}

/**
 * Sometimes only a part is given, of random size (4.8, rule 3). Drawn from seed, order and count
 * alone, so that a restored book draws what the first one would have drawn.
 */
export function partOf(book: FillingBook, order: Fillable, quantity: number): number {
  const { partialFillChance, seed } = book.rules;
  if (partialFillChance === 0 || quantity < 2) return quantity;
  order.draws += 1;
  const random = new Random(seed, Math.imul(order.number, 0x9e3779b1) + order.draws);
  return random.chance(partialFillChance) ? 1 + random.below(quantity - 1) : quantity;
}

function remainingOf(order: Fillable): number {
  return order.request.quantity - order.filledQuantity;
}

function takeStance(order: Fillable, isMarketable: boolean): void {
  if (order.stance === 'undecided') order.stance = isMarketable ? 'taking' : 'resting';
}

function capped(order: Fillable, unit: Price, shown: number): Offer | undefined {
  const quantity = Math.min(remainingOf(order), Math.floor(shown));
  return quantity > 0 ? { unit, quantity } : undefined;
}

function meets(side: Side, unit: number, limitPrice: Price | undefined): boolean {
  if (limitPrice === undefined) return true;
  return side === 'buy' ? unit <= limitPrice : unit >= limitPrice;
}

/** A market price as a whole ten-thousandth, rounded against us. */
function against(side: Side, value: number): Price {
  const whole = side === 'buy' ? Math.ceil(value) : Math.floor(value);
  return price(Math.max(1, Math.min(whole, PRICE_MAX)));
}

/** Rule 201: under the restriction a short sale does not hit the bid. */
function isRestrictedShort(book: FillingBook, order: Fillable): boolean {
  const { symbol, side } = order.request;
  if (side === 'buy' || !book.market.isShortRestricted(symbol)) return false;
  return heldQuantity(book, symbol) <= 0;
}
