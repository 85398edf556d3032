import type { VenueRefusalCode } from '../../domain/matching/venue-refusal.ts';

/** What the venue will not do, in our words, plus those that only a real venue has. */
export type BrokerRefusalCode =
  | VenueRefusalCode
  | 'RATE_LIMITED'
  | 'TRADING_SUSPENDED'
  | 'UPDATES_DOWN'
  | 'VENUE_REFUSED';

export type Asked = 'submit' | 'cancel' | 'replace' | 'enquire';

/**
 * Venues.md 4.6. One venue code stands for several refusals (40310000 for at least six), and the
 * words vary over time: so the message decides, by parts of it, and then the status.
 */
export function classifyRefusal(
  asked: Asked,
  reply: { readonly status: number; readonly message: string },
): BrokerRefusalCode {
  const { status } = reply;
  const message = reply.message.toLowerCase();
  if (status === 401) return 'ACCOUNT_UNKNOWN';
  for (const [parts, code] of WORDS) {
    if (parts.every((part) => message.includes(part))) return code;
  }
  if (asked === 'cancel' && status === 422) return 'ORDER_NOT_CANCELABLE';
  if (asked === 'replace' && status === 422) return 'ORDER_NOT_REPLACEABLE';
  if (status === 404) return message.includes('asset') ? 'ASSET_NOT_FOUND' : 'ORDER_NOT_FOUND';
  return 'VENUE_REFUSED';
}

/** The first line of which all parts occur is meant. */
const WORDS: readonly (readonly [parts: readonly string[], code: BrokerRefusalCode])[] = [
  [['client', 'order', 'id', 'unique'], 'DUPLICATE_CLIENT_ORDER_ID'],
  [['client', 'order', 'id', 'duplicate'], 'DUPLICATE_CLIENT_ORDER_ID'],
  [['client', 'order', 'id', 'already'], 'DUPLICATE_CLIENT_ORDER_ID'],
  [['insufficient', 'buying power'], 'INSUFFICIENT_BUYING_POWER'],
  [['insufficient', 'qty'], 'INSUFFICIENT_QUANTITY'],
  [['insufficient', 'quantity'], 'INSUFFICIENT_QUANTITY'],
  [['insufficient', 'balance'], 'INSUFFICIENT_BUYING_POWER'],
  [['wash trade'], 'WASH_TRADE'],
  [['opposite side'], 'WASH_TRADE'],
  [['not allowed to short'], 'SHORTING_NOT_ALLOWED'],
  [['cannot be sold short'], 'SHORTING_NOT_ALLOWED'],
  [['hard-to-borrow'], 'SHORTING_NOT_ALLOWED'],
  [['rejected by user request'], 'TRADING_SUSPENDED'],
  [['suspend'], 'TRADING_SUSPENDED'],
  [['cost basis'], 'COST_BASIS_TOO_SMALL'],
  [['sub-penny'], 'SUB_PENNY'],
  [['minimum pricing'], 'SUB_PENNY'],
  [['not tradable'], 'ASSET_NOT_TRADABLE'],
  [['no quote'], 'PRICE_UNKNOWN'],
  [['asset', 'not found'], 'ASSET_NOT_FOUND'],
  [['order not found'], 'ORDER_NOT_FOUND'],
  [['order is already'], 'ORDER_NOT_CANCELABLE'],
  [['orders an account'], 'ORDERS_MAX'],
  [['qty'], 'QUANTITY_INVALID'],
  [['fractional'], 'QUANTITY_INVALID'],
  [['limit_price'], 'LIMIT_PRICE_INVALID'],
  [['limit price'], 'LIMIT_PRICE_INVALID'],
];
