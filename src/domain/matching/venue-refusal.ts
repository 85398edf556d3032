import { formatMoney } from '../../core/money.ts';

/** Why the venue did not do what was asked: our words, one for each reaction to it. */
export type VenueRefusalCode =
  | 'ACCOUNT_UNKNOWN'
  | 'ASSET_NOT_FOUND'
  | 'ASSET_NOT_TRADABLE'
  | 'COST_BASIS_TOO_SMALL'
  | 'DUPLICATE_CLIENT_ORDER_ID'
  | 'INSUFFICIENT_BUYING_POWER'
  | 'INSUFFICIENT_QUANTITY'
  | 'LIMIT_PRICE_INVALID'
  | 'ORDER_NOT_CANCELABLE'
  | 'ORDER_NOT_FOUND'
  | 'ORDER_NOT_REPLACEABLE'
  | 'ORDERS_MAX'
  | 'PRICE_UNKNOWN'
  | 'QUANTITY_INVALID'
  | 'SHORTING_NOT_ALLOWED'
  | 'SUB_PENNY'
  | 'WASH_TRADE'
  | 'ACCOUNT_RESTRICTED'
  | 'BORROW_IS_HARD'
  | 'COMPLEX_ORDER_INVALID'
  | 'EXTENDED_HOURS_INVALID'
  | 'FRACTIONAL_INVALID'
  | 'INTENT_MISMATCH'
  | 'PARAMETER_INVALID'
  | 'POSITION_NOT_FOUND'
  | 'SUSPENDED_BY_USER'
  | 'TIME_IN_FORCE_INVALID';

/** A refusal as Alpaca words it on the wire (venues.md 4.6): match `message` loosely, it varies. */
export interface VenueRefusal {
  readonly code: VenueRefusalCode;
  readonly httpStatus: number;
  readonly venueCode: number;
  readonly message: string;
  /** Further fields of the body; decimal text, as the wire has it. */
  readonly details?: Readonly<Record<string, string | readonly string[]>>;
}

export function accountUnknown(): VenueRefusal {
  return refusal('ACCOUNT_UNKNOWN', 401, 40_110_000, 'access key verification failed');
}

export function assetNotFound(name: string): VenueRefusal {
  return refusal('ASSET_NOT_FOUND', 404, 40_410_000, `asset not found for ${name}`);
}

export function assetNotTradable(name: string): VenueRefusal {
  return refusal('ASSET_NOT_TRADABLE', 422, 42_210_000, `asset ${name} is not tradable`);
}

export function costBasisTooSmall(): VenueRefusal {
  const message = 'cost basis must be >= minimal amount of order 1';
  return refusal('COST_BASIS_TOO_SMALL', 403, 40_310_000, message);
}

export function duplicateClientOrderId(): VenueRefusal {
  const message = 'client_order_id must be unique';
  return refusal('DUPLICATE_CLIENT_ORDER_ID', 422, 40_010_001, message);
}

/** The two amounts are separate fields on the wire; here they stand in the text. */
export function insufficientBuyingPower(buyingPower: number, cost: number): VenueRefusal {
  const amounts = `buying_power: ${formatMoney(buyingPower)}, cost_basis: ${formatMoney(cost)}`;
  const message = `insufficient buying power (${amounts})`;
  return refusal('INSUFFICIENT_BUYING_POWER', 403, 40_310_000, message);
}

export function insufficientQuantity(requested: number, available: number): VenueRefusal {
  const amounts = `requested: ${requested}, available: ${available}`;
  const message = `insufficient qty available for order (${amounts})`;
  return refusal('INSUFFICIENT_QUANTITY', 403, 40_310_000, message);
}

export function limitPriceInvalid(message: string): VenueRefusal {
  return refusal('LIMIT_PRICE_INVALID', 422, 40_010_001, message);
}

export function orderNotCancelable(status: string): VenueRefusal {
  const message = `order is already in "${status}" state`;
  return refusal('ORDER_NOT_CANCELABLE', 422, 42_210_000, message);
}

export function orderNotFound(clientOrderId: string): VenueRefusal {
  return refusal('ORDER_NOT_FOUND', 404, 40_410_000, `order not found for ${clientOrderId}`);
}

export function orderNotReplaceable(message: string): VenueRefusal {
  return refusal('ORDER_NOT_REPLACEABLE', 422, 42_210_000, message);
}

export function tooManyOrders(ordersMax: number): VenueRefusal {
  return refusal('ORDERS_MAX', 403, 40_310_000, `at most ${ordersMax} orders an account`);
}

export function priceUnknown(name: string): VenueRefusal {
  const message = `no quote and no trade to value a market order for ${name}`;
  return refusal('PRICE_UNKNOWN', 403, 40_310_000, message);
}

export function quantityInvalid(message: string): VenueRefusal {
  return refusal('QUANTITY_INVALID', 422, 40_010_001, message);
}

export function shortingNotAllowed(): VenueRefusal {
  return refusal('SHORTING_NOT_ALLOWED', 403, 40_310_000, 'account is not allowed to short');
}

export function subPenny(limitPrice: number): VenueRefusal {
  const rule = 'sub-penny increment does not fulfill minimum pricing criteria';
  const message = `invalid limit_price ${formatMoney(limitPrice)}. ${rule}`;
  return refusal('SUB_PENNY', 422, 42_210_000, message);
}

export function washTrade(existing: string): VenueRefusal {
  const message = `potential wash trade detected. use complex orders (existing: ${existing})`;
  return refusal('WASH_TRADE', 403, 40_310_000, message);
}

export function refusal(
  code: VenueRefusalCode,
  httpStatus: number,
  venueCode: number,
  message: string,
): VenueRefusal {
  return { code, httpStatus, venueCode, message };
}
