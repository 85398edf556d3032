import { type Price, price, PRICE_MAX, PRICE_SCALE, tickSize } from '../../core/money.ts';
import type { BrokerageOrder } from './brokerage-order.ts';

/**
 * A print against a stop that waits. A trailing stop first follows it. When the stop is reached, a
 * sell becomes a market order; a buy becomes a limit order 4 % above its stop, 2.5 % from $50 on
 * (venues.md 4.3); a stop-limit works at its own limit.
 */
export function reachStop(order: BrokerageOrder, traded: number): boolean {
  if (order.type === 'trailingStop') follow(order, traded);
  const { stopPrice } = order;
  if (stopPrice === undefined) return false;
  const isBuy = order.request.side === 'buy';
  if (isBuy ? traded < stopPrice : traded > stopPrice) return false;
  order.isTriggered = true;
  order.stance = 'undecided';
  order.request = { ...order.request, limitPrice: limitAfter(order, stopPrice) };
  return true;
}

/** `hwm` follows the favourable extreme, and the stop follows it at its distance. */
export function follow(order: BrokerageOrder, traded: number): void {
  if (traded < 1) return;
  const isBuy = order.request.side === 'buy';
  const seen = Math.min(PRICE_MAX, isBuy ? Math.floor(traded) : Math.ceil(traded));
  const best = order.highWater ?? seen;
  const mark = isBuy ? Math.min(best, seen) : Math.max(best, seen);
  if (mark === order.highWater) return;
  keepDistance(order, mark);
}

/** From the best price that was seen, at the order's own distance. */
export function keepDistance(order: BrokerageOrder, mark: number): void {
  const isBuy = order.request.side === 'buy';
  order.highWater = price(Math.max(1, mark));
  const trail = order.trailPrice ?? shareOf(mark, order.trailPercent ?? 0);
  order.stopPrice = price(Math.min(PRICE_MAX, Math.max(1, isBuy ? mark + trail : mark - trail)));
}

/** `percent` in ten-thousandths of a percent. Split so that no step leaves the safe integers. */
function shareOf(unit: number, percent: number): number {
  const whole = Math.floor(unit / 1_000_000) * percent;
  return whole + Math.floor(((unit % 1_000_000) * percent) / 1_000_000);
}

function limitAfter(order: BrokerageOrder, stopPrice: Price): Price | undefined {
  if (order.type === 'stopLimit') return order.limitPrice;
  if (order.type === 'trailingStop' || order.request.side === 'sell') return undefined;
  const perMille = stopPrice < 50 * PRICE_SCALE ? 40 : 25;
  const cap = stopPrice + Math.floor((stopPrice * perMille) / 1_000);
  const tick = tickSize(cap);
  return price(Math.min(PRICE_MAX, Math.floor(cap / tick) * tick));
}
