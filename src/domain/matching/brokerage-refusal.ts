import { PRICE_SCALE } from '../../core/money.ts';
import { refusal, type VenueRefusal, type VenueRefusalCode } from './venue-refusal.ts';

/** The texts of venues.md 4.6 and 12.5, with the fields that stand beside them. */

/** Decimal text as the wire has it: `231.4`, never `231.40`. */
export function amountText(ticks: number): string {
  const whole = Math.floor(Math.abs(ticks) / PRICE_SCALE);
  const rest = String(Math.abs(ticks) % PRICE_SCALE)
    .padStart(4, '0')
    .replace(/0+$/, '');
  const sign = ticks < 0 ? '-' : '';
  return rest === '' ? `${sign}${whole}` : `${sign}${whole}.${rest}`;
}

/** `partiallyFilled` is `partially_filled`: all words of the wire are ours, in snake case. */
export function wireWord(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A parameter that is missing or makes no sense. */
export function parameterInvalid(message: string): VenueRefusal {
  return refusal('PARAMETER_INVALID', 422, 40_010_001, message);
}

/** An order the market's rules do not allow. */
export function orderInvalid(code: VenueRefusalCode, message: string): VenueRefusal {
  return refusal(code, 422, 42_210_000, message);
}

export function forbidden(code: VenueRefusalCode, message: string, status = 403): VenueRefusal {
  return refusal(code, status, 40_310_000, message);
}

export function notFound(code: VenueRefusalCode, message: string): VenueRefusal {
  return refusal(code, 404, 40_410_000, message);
}

export function powerInsufficient(buyingPower: number, cost: number): VenueRefusal {
  return {
    ...forbidden('INSUFFICIENT_BUYING_POWER', 'insufficient buying power'),
    details: { buying_power: amountText(buyingPower), cost_basis: amountText(cost) },
  };
}

export interface QuantityShortage {
  readonly name: string;
  readonly requested: number;
  readonly available: number;
  readonly existing: number;
  readonly held: number;
  /** Ids of the orders that hold it. */
  readonly orders: readonly string[];
}

export function quantityInsufficient(shortage: QuantityShortage): VenueRefusal {
  const { name, requested, available, existing, held, orders } = shortage;
  const amounts = `requested: ${requested}, available: ${available}`;
  const message = `insufficient qty available for order (${amounts})`;
  return {
    ...forbidden('INSUFFICIENT_QUANTITY', message),
    details: {
      symbol: name,
      existing_qty: String(existing),
      held_for_orders: String(held),
      available: String(available),
      ...(orders.length === 0 ? {} : { related_orders: orders }),
    },
  };
}

export function washTradeWith(orderId: string, reason: string): VenueRefusal {
  return {
    ...forbidden('WASH_TRADE', 'potential wash trade detected. use complex orders'),
    details: { existing_order_id: orderId, reject_reason: reason },
  };
}

export function subPennyIn(field: string, text: string): VenueRefusal {
  const rule = 'sub-penny increment does not fulfill minimum pricing criteria';
  return orderInvalid('SUB_PENNY', `invalid ${field} ${text}. ${rule}`);
}

export function complexPriceInvalid(message: string, base: number): VenueRefusal {
  return {
    ...orderInvalid('COMPLEX_ORDER_INVALID', message),
    details: { base_price: amountText(base) },
  };
}
