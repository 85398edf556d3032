import { type Price, PRICE_SCALE } from '../../core/money.ts';
import type { Side } from '../market/side.ts';
import type { BrokerageBook } from './brokerage-book.ts';
import type { OrderTerms } from './brokerage-order.ts';
import { complexPriceInvalid } from './brokerage-refusal.ts';
import type { VenueRefusal } from './venue-refusal.ts';

/** A cent. */
const STEP = PRICE_SCALE / 100;

/**
 * The exits lie at least a cent beyond their base (4.3): the entry's own price where it names one,
 * the take-profit where there is no entry, and the market in any case for the stop.
 */
export function exitRefusal(book: BrokerageBook, terms: OrderTerms): VenueRefusal | undefined {
  if (terms.orderClass === 'simple') return undefined;
  const { symbol, takeProfitLimit, stopLossStop, orderClass } = terms;
  const isSelling = exitSide(terms) === 'sell';
  const sign = isSelling ? 1 : -1;
  const mark = Math.round(book.market.mark(symbol));
  const own = orderClass === 'oco' ? takeProfitLimit : (terms.limitPrice ?? terms.stopPrice);
  for (const base of [own ?? mark, mark]) {
    if (base === 0 || stopLossStop === undefined) continue;
    if (sign * (base - stopLossStop) >= STEP) continue;
    const rule = isSelling ? '<= base_price - 0.01' : '>= base_price + 0.01';
    return complexPriceInvalid(`stop_loss.stop_price must be ${rule}`, base);
  }
  const entry = own ?? mark;
  if (takeProfitLimit === undefined || orderClass === 'oco' || entry === 0) return undefined;
  if (sign * (takeProfitLimit - entry) >= STEP) return undefined;
  const rule = isSelling ? '>= base_price + 0.01' : '<= base_price - 0.01';
  return complexPriceInvalid(`take_profit.limit_price must be ${rule}`, entry);
}

/** An OCO is itself the exit; the others' exits go the other way. */
function exitSide(terms: OrderTerms): Side {
  if (terms.orderClass === 'oco') return terms.side;
  return terms.side === 'buy' ? 'sell' : 'buy';
}

/** The legs of a bracket, an OCO or an OTO as orders of their own. */
export function exitTerms(terms: OrderTerms): readonly OrderTerms[] {
  const { symbol, quantity, timeInForce, orderClass } = terms;
  const common = {
    symbol,
    quantity,
    timeInForce,
    orderClass,
    side: exitSide(terms),
    isExtendedHours: false,
  } as const;
  const exits: OrderTerms[] = [];
  if (terms.takeProfitLimit !== undefined) {
    exits.push({ ...common, type: 'limit', limitPrice: terms.takeProfitLimit });
  }
  if (terms.stopLossStop !== undefined) {
    const limitPrice: Price | undefined = terms.stopLossLimit;
    const type = limitPrice === undefined ? 'stop' : 'stopLimit';
    exits.push({ ...common, type, stopPrice: terms.stopLossStop, limitPrice });
  }
  return exits;
}
