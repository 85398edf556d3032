import { type BrokerageBook, openOrdersOf } from './brokerage-book.ts';
import type { BrokerageOrder, OrderTerms } from './brokerage-order.ts';
import { washTradeWith } from './brokerage-refusal.ts';
import type { VenueRefusal } from './venue-refusal.ts';

type Pair = Pick<OrderTerms, 'type' | 'limitPrice' | 'orderClass'>;

/**
 * Refused where an order of the other side is open and either is a market or stop order, or where
 * their limits meet (4.7). Bracket, OCO and trailing-stop orders are exempt: "use complex orders".
 */
export function washRefusal(
  book: BrokerageBook,
  terms: OrderTerms,
  replaced: BrokerageOrder | undefined,
): VenueRefusal | undefined {
  if (isExempt(terms)) return undefined;
  for (const order of openOrdersOf(book, terms.symbol)) {
    if (order.request.side === terms.side || order === replaced) continue;
    if (order.status === 'held' || isExempt(order)) continue;
    const [buy, sell] = terms.side === 'buy' ? [terms, order] : [order, terms];
    if (isUnpriced(terms) || isUnpriced(order)) {
      const reason = `opposite side ${isUnpriced(order) ? 'market/stop' : 'limit'} order exists`;
      return washTradeWith(order.id, reason);
    }
    if ((buy.limitPrice ?? 0) >= (sell.limitPrice ?? 0)) {
      return washTradeWith(order.id, 'opposite side limit order exists');
    }
  }
  return undefined;
}

function isExempt({ type, orderClass }: Pair): boolean {
  return type === 'trailingStop' || orderClass === 'bracket' || orderClass === 'oco';
}

function isUnpriced({ type }: Pair): boolean {
  return type === 'market' || type === 'stop';
}
