import type { VenueState } from '../../venue-client.ts';

/** An order as the venue's own books tell it. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly quantity: number;
  readonly filled: number;
}

/** What the venue holds to be true: money in ten-thousandths, positions by name. */
export interface VenueBooks {
  readonly cash: number;
  readonly positions: ReadonlyMap<string, number>;
  readonly orders: readonly VenueOrder[];
  readonly fills: number;
}

const OVER: ReadonlySet<string> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'done_for_day',
]);

export function isOver({ status }: VenueOrder): boolean {
  return OVER.has(status);
}

export function booksOf({ account }: VenueState): VenueBooks {
  return {
    cash: ticks(account.cash),
    positions: new Map(
      account.positions.map((position) => [String(position['symbol']), Number(position['qty'])]),
    ),
    orders: account.orders.map((order) => ({
      clientOrderId: String(order['client_order_id']),
      symbol: String(order['symbol']),
      side: String(order['side']),
      status: String(order['status']),
      quantity: Number(order['qty']),
      filled: Number(order['filled_qty']),
    })),
    fills: account.fills.length,
  };
}

/** Dollars of the wire; what is finer than $0.0001 would not be equal to anything of ours. */
function ticks(dollars: string): number {
  const whole = Math.round(Number(dollars) * 10_000);
  if (Math.abs(Number(dollars) * 10_000 - whole) > 0.01) throw new Error(`${dollars} is too fine`);
  return whole;
}
