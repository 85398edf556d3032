import type { VenueState } from './venue-client.ts';

/** An order as the venue's own books tell it. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly quantity: number;
  readonly filledQuantity: number;
  /** When it came, by the clock on the wall: milliseconds since 1970. */
  readonly cameMs: number;
}

/** What the venue holds to be true, in ten-thousandths and by name. */
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

export function isOpen({ status }: VenueOrder): boolean {
  return !OVER.has(status);
}

/** When a market time was, by the clock on the wall: milliseconds since 1970. */
export function wallMsOf({ clock }: Pick<VenueState, 'clock'>, marketUs: number): number {
  return clock.wallMs + (marketUs - clock.marketUs) / 1_000 / clock.speed;
}

export function booksOf(state: VenueState): VenueBooks {
  const { account } = state;
  return {
    cash: ticks(account.cash),
    positions: new Map(
      account.positions.map((position) => [text(position['symbol']), Number(position['qty'])]),
    ),
    orders: account.orders.map((order) => ({
      clientOrderId: text(order['client_order_id']),
      symbol: text(order['symbol']),
      side: text(order['side']),
      status: text(order['status']),
      quantity: Number(order['qty']),
      filledQuantity: Number(order['filled_qty']),
      cameMs: wallMsOf(state, Date.parse(text(order['submitted_at'])) * 1_000),
    })),
    fills: account.fills.length,
  };
}

/** Dollars of the wire in ten-thousandths; what is finer would not be equal to anything of ours. */
function ticks(dollars: string): number {
  const scaled = Number(dollars) * 10_000;
  const whole = Math.round(scaled);
  if (Math.abs(scaled - whole) > 0.01) throw new Error(`${dollars} is finer than $0.0001`);
  return whole;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`the venue said ${String(value)} where a text belongs`);
}
