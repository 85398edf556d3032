import { type Price, PRICE_MAX, SHARES_MAX, tickSize } from '../../core/money.ts';
import type { OrderTerms } from './brokerage-order.ts';
import { amountText, orderInvalid, parameterInvalid, subPennyIn } from './brokerage-refusal.ts';
import type { BrokerageRules } from './brokerage-rules.ts';
import type { VenueRefusal } from './venue-refusal.ts';

/** What can be said of an order without looking at account or market (venues.md 4.3). */
export function termsRefusal(
  terms: OrderTerms,
  rules: BrokerageRules,
  isReplacement: boolean,
): VenueRefusal | undefined {
  return (
    quantityRefusal(terms) ??
    neededPrices(terms) ??
    tickRefusal(terms) ??
    trailRefusal(terms) ??
    extendedRefusal(terms, rules) ??
    forceRefusal(terms) ??
    // The exits of a replaced order are orders of their own already.
    (isReplacement ? undefined : classRefusal(terms))
  );
}

function quantityRefusal({ quantity }: OrderTerms): VenueRefusal | undefined {
  if (!Number.isSafeInteger(quantity)) return parameterInvalid('qty must be integer');
  if (quantity <= 0) return parameterInvalid('qty must be > 0');
  return quantity > SHARES_MAX ? parameterInvalid(`qty must be <= ${SHARES_MAX}`) : undefined;
}

function neededPrices(terms: OrderTerms): VenueRefusal | undefined {
  const { type, limitPrice, stopPrice } = terms;
  const needsLimit = type === 'limit' || type === 'stopLimit';
  const needsStop = type === 'stop' || type === 'stopLimit';
  const kind = TYPE_WORDS[type];
  if (needsLimit !== (limitPrice !== undefined)) {
    return parameterInvalid(`${kind} orders require ${needsLimit ? '' : 'no '}limit_price`);
  }
  if (needsStop === (stopPrice !== undefined)) return undefined;
  return parameterInvalid(`${kind} orders require ${needsStop ? '' : 'no '}stop_price`);
}

const TYPE_WORDS = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  stopLimit: 'stop limit',
  trailingStop: 'trailing stop',
} as const;

/** Two decimals at or above $1, four below. */
function tickRefusal(terms: OrderTerms): VenueRefusal | undefined {
  const fields: readonly (readonly [string, Price | undefined])[] = [
    ['limit_price', terms.limitPrice],
    ['stop_price', terms.stopPrice],
    ['take_profit.limit_price', terms.takeProfitLimit],
    ['stop_loss.stop_price', terms.stopLossStop],
    ['stop_loss.limit_price', terms.stopLossLimit],
  ];
  for (const [field, value] of fields) {
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value <= 0 || value > PRICE_MAX) {
      return parameterInvalid(`${field} must be > 0`);
    }
    if (value % tickSize(value) !== 0) return subPennyIn(field, amountText(value));
  }
  return undefined;
}

function trailRefusal(terms: OrderTerms): VenueRefusal | undefined {
  const { type, trailPrice, trailPercent, timeInForce } = terms;
  const given = Number(trailPrice !== undefined) + Number(trailPercent !== undefined);
  if (type !== 'trailingStop') {
    return given === 0 ? undefined : parameterInvalid('only trailing stop orders have a trail');
  }
  if (given !== 1) {
    return parameterInvalid(
      'trailing stop orders must specify one of trail_price or trail_percent',
    );
  }
  if (trailPercent !== undefined && (trailPercent <= 0 || trailPercent >= HUNDRED_PERCENT)) {
    return parameterInvalid('trail_percent must be > 0 and < 100');
  }
  if (timeInForce !== 'day' && timeInForce !== 'gtc') {
    return orderInvalid('TIME_IN_FORCE_INVALID', 'trailing stop orders must be DAY or GTC orders');
  }
  if (terms.orderClass === 'simple') return undefined;
  return orderInvalid('COMPLEX_ORDER_INVALID', 'trailing stop orders must be simple orders');
}

/** In ten-thousandths of a percent. */
const HUNDRED_PERCENT = 1_000_000;

function extendedRefusal(terms: OrderTerms, rules: BrokerageRules): VenueRefusal | undefined {
  if (!terms.isExtendedHours) return undefined;
  const { type, timeInForce, orderClass } = terms;
  const isTimely = timeInForce === 'day' || (timeInForce === 'gtc' && rules.isExtendedGtcAllowed);
  if (type === 'limit' && isTimely && orderClass === 'simple') return undefined;
  return orderInvalid('EXTENDED_HOURS_INVALID', 'extended hours order must be DAY limit orders');
}

function forceRefusal({ type, timeInForce }: OrderTerms): VenueRefusal | undefined {
  if (timeInForce === 'day' || timeInForce === 'gtc') return undefined;
  if (type === 'market' || type === 'limit') return undefined;
  const message = `${timeInForce} orders must be market or limit orders`;
  return orderInvalid('TIME_IN_FORCE_INVALID', message);
}

/** Bracket: both exits, all required. OCO: exits only. OTO: one of the two. */
function classRefusal(terms: OrderTerms): VenueRefusal | undefined {
  const { orderClass, type, timeInForce } = terms;
  const hasProfit = terms.takeProfitLimit !== undefined;
  const hasLoss = terms.stopLossStop !== undefined;
  if (terms.stopLossLimit !== undefined && !hasLoss) {
    return parameterInvalid('stop_loss.stop_price is required');
  }
  if (orderClass === 'simple') {
    if (!hasProfit && !hasLoss) return undefined;
    return complexInvalid('simple orders have no take_profit and no stop_loss');
  }
  if (timeInForce !== 'day' && timeInForce !== 'gtc') {
    return complexInvalid(`${orderClass} orders must be DAY or GTC orders`);
  }
  if (orderClass === 'oco' && type !== 'limit') return complexInvalid('oco orders must be limit');
  if (orderClass === 'oto') {
    if (hasProfit !== hasLoss) return undefined;
    return complexInvalid('oto orders require one of take_profit or stop_loss');
  }
  if (!hasProfit) return complexInvalid(`${orderClass} orders require take_profit.limit_price`);
  return hasLoss ? undefined : complexInvalid(`${orderClass} orders require stop_loss.stop_price`);
}

function complexInvalid(message: string): VenueRefusal {
  return orderInvalid('COMPLEX_ORDER_INVALID', message);
}
