import type { VenueRefusalCode } from '../../domain/matching/venue-refusal.ts';

/** What the venue will not do, in our words, plus those that only a real venue has. */
export type BrokerRefusalCode =
  | VenueRefusalCode
  | 'RATE_LIMITED'
  | 'UPDATES_DOWN'
  | 'VENUE_REFUSED';

export type Asked = 'submit' | 'cancel' | 'replace' | 'enquire';

/** An answer that says no. */
export interface WireRefusal {
  readonly status: number;
  /** The venue's own number for it, 0 where it gave none. */
  readonly venueCode: number;
  readonly message: string;
}

/**
 * Venues.md 4.6. One venue code stands for several refusals (40310000 for at least six), and the
 * words vary over time: so parts of the message decide, and then what was asked and the status.
 */
export function classifyRefusal(asked: Asked, refusal: WireRefusal): BrokerRefusalCode {
  const { status, venueCode } = refusal;
  if (status === 401) return 'ACCOUNT_UNKNOWN';
  const message = refusal.message.toLowerCase();
  for (const [code, ...variants] of WORDS) {
    if (variants.some((parts) => parts.every((part) => message.includes(part)))) return code;
  }
  if (status === 404) return 'ORDER_NOT_FOUND';
  if (status === 422 && asked === 'cancel') return 'ORDER_NOT_CANCELABLE';
  if (status === 422 && asked === 'replace') return 'ORDER_NOT_REPLACEABLE';
  return venueCode === PARAMETER ? 'PARAMETER_INVALID' : 'VENUE_REFUSED';
}

const PARAMETER = 40_010_001;

type Parts = readonly string[];

/** The first line of which one variant occurs with all its parts is meant. */
const WORDS: readonly (readonly [code: BrokerRefusalCode, ...variants: Parts[]])[] = [
  [
    'DUPLICATE_CLIENT_ORDER_ID',
    ['client', 'order', 'id', 'unique'],
    ['client', 'order', 'id', 'duplicate'],
    ['client', 'order', 'id', 'already'],
  ],
  ['INSUFFICIENT_BUYING_POWER', ['insufficient', 'buying power'], ['insufficient', 'balance']],
  ['INSUFFICIENT_QUANTITY', ['insufficient', 'qty'], ['insufficient', 'quantity']],
  ['WASH_TRADE', ['wash trade'], ['opposite side']],
  ['BORROW_IS_HARD', ['hard-to-borrow'], ['hard to borrow']],
  ['FRACTIONAL_INVALID', ['fractional']],
  ['SHORTING_NOT_ALLOWED', ['not allowed to short'], ['sold short']],
  ['SUSPENDED_BY_USER', ['rejected by user request']],
  ['COST_BASIS_TOO_SMALL', ['cost basis']],
  ['SUB_PENNY', ['sub-penny'], ['minimum pricing']],
  ['COMPLEX_ORDER_INVALID', ['stop_loss'], ['take_profit'], ['bracket'], ['oco'], ['oto']],
  ['EXTENDED_HOURS_INVALID', ['extended hours'], ['extended_hours']],
  ['TIME_IN_FORCE_INVALID', ['time_in_force'], ['opg orders'], ['cls orders'], ['day orders']],
  ['INTENT_MISMATCH', ['intent mismatch']],
  ['ASSET_NOT_TRADABLE', ['not tradable']],
  ['ASSET_NOT_FOUND', ['asset', 'not found']],
  ['POSITION_NOT_FOUND', ['position does not exist']],
  ['PRICE_UNKNOWN', ['no quote']],
  ['ORDERS_MAX', ['orders an account']],
  ['ACCOUNT_RESTRICTED', ['restricted'], ['closing orders']],
  ['ORDER_NOT_REPLACEABLE', ['unable to replace']],
  ['QUANTITY_INVALID', ['qty']],
  ['LIMIT_PRICE_INVALID', ['limit_price'], ['limit price']],
];
