import type { HeldPosition } from '../../domain/matching/account-book.ts';
import { type BrokerageBook, heldForOrders } from '../../domain/matching/brokerage-book.ts';
import { amountText } from '../../domain/matching/brokerage-refusal.ts';
import type { Asset } from './asset-table.ts';
import { type JsonObject, ratioText } from './wire.ts';

const PLACES = 10;

/** venues.md 4.2 and 12.4; the percentages are fractions. */
export function writePosition(
  book: BrokerageBook,
  asset: Asset,
  { quantity, cost }: HeldPosition,
): JsonObject {
  const { symbol, listing } = asset;
  const sign = quantity < 0 ? -1 : 1;
  const held = heldForOrders(book, symbol, quantity < 0 ? 'buy' : 'sell');
  const free = sign * Math.max(0, Math.abs(quantity) - held);
  const current = Math.round(book.market.mark(symbol));
  const value = current * quantity;
  const before = Math.round(book.startPrice[symbol] ?? 0) || (listing.previousClose ?? current);
  const gain = value - cost;
  const today = gainToday(book, asset, { quantity, cost, current, before });
  return {
    asset_id: asset.id,
    symbol: asset.name,
    exchange: listing.exchange,
    asset_class: 'us_equity',
    asset_marginable: true,
    qty: String(quantity),
    qty_available: String(free),
    side: quantity < 0 ? 'short' : 'long',
    avg_entry_price: ratioText(Math.abs(cost), Math.abs(quantity) * 10_000, 9),
    cost_basis: amountText(cost),
    market_value: amountText(value),
    current_price: amountText(current),
    lastday_price: amountText(before),
    change_today: ratioText(current - before, before, PLACES),
    unrealized_pl: amountText(gain),
    unrealized_plpc: ratioText(gain, Math.abs(cost), PLACES),
    unrealized_intraday_pl: amountText(today),
    unrealized_intraday_plpc: ratioText(today, Math.abs(cost), PLACES),
  };
}

interface Valued {
  readonly quantity: number;
  readonly cost: number;
  readonly current: number;
  readonly before: number;
}

/** What was held overnight gains from the last close, what was opened today from its cost. */
function gainToday(book: BrokerageBook, { symbol }: Asset, valued: Valued): number {
  const { quantity, cost, current, before } = valued;
  const start = book.startQuantity.get(symbol) ?? 0;
  const isCarried = start * quantity > 0;
  const carried = isCarried ? Math.min(Math.abs(start), Math.abs(quantity)) : 0;
  const opened = Math.abs(quantity) - carried;
  const sign = quantity < 0 ? -1 : 1;
  const openedCost = Math.round((cost / Math.abs(quantity)) * opened);
  return sign * carried * (current - before) + (sign * opened * current - openedCost);
}
