import type { AccountId, ClientOrderId } from '../../core/ids.ts';
import type { Execution, OrderReport } from '../../domain/orders/report.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import { sharesOf } from './amounts.ts';
import type { KnownOrders } from './known-orders.ts';
import type { WireOrder } from './wire-order.ts';

export interface ReportOptions {
  readonly account: AccountId;
  readonly symbols: SymbolDirectory;
  readonly known: KnownOrders;
}

export interface Said {
  readonly event: OrderReport['event'];
  readonly executions: readonly Execution[];
  readonly venueUs: number;
  readonly successor?: ClientOrderId | undefined;
  /** Added to what the order itself gives reason to say. */
  readonly reason?: string | undefined;
}

/** Undefined for a symbol that has no id here: nobody could take the report. */
export function reportOf(
  { account, symbols, known }: ReportOptions,
  order: WireOrder,
  said: Said,
): OrderReport | undefined {
  const symbol = symbols.idOf(order.symbolName);
  if (symbol === undefined) return undefined;
  const { limitPrice } = order;
  const parent = known.parentOf(order.venueOrderId);
  const reason = [said.reason, parent && `leg of ${parent}`, fractionOf(order)]
    .filter((part) => part !== undefined)
    .join('; ');
  return {
    account,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    event: said.event,
    status: order.status,
    symbol,
    side: order.side,
    quantity: sharesOf(order.quantity),
    filledQuantity: sharesOf(order.filled),
    ...(limitPrice === undefined ? {} : { limitPrice }),
    executions: said.executions,
    ...(said.successor === undefined ? {} : { successor: said.successor }),
    ...(reason === '' ? {} : { reason }),
    venueUs: said.venueUs,
  };
}

/** We order whole shares: a fraction of one makes the order somebody else's. */
function fractionOf({ quantity, filled }: WireOrder): string | undefined {
  if (!quantity.isFractional && !filled.isFractional) return undefined;
  return `external: ${filled.text} of ${quantity.text} shares, told in whole ones`;
}

/** Of what is not an event's but an answer's: the state it is in, with nothing executed told. */
export function eventOfStatus({ status }: WireOrder): OrderReport['event'] {
  switch (status) {
    case 'accepted':
    case 'pendingNew':
    case 'new':
    case 'pendingCancel':
    case 'pendingReplace':
    case 'held':
      return status;
    default:
      return 'snapshot';
  }
}

/** Venues.md 3.2. What is not here is `unrecognised`, and the kernel asks about the order. */
export const EVENTS: Readonly<Partial<Record<string, OrderReport['event']>>> = {
  accepted: 'accepted',
  pending_new: 'pendingNew',
  new: 'new',
  partial_fill: 'partialFill',
  fill: 'fill',
  done_for_day: 'doneForDay',
  canceled: 'canceled',
  expired: 'expired',
  replaced: 'replaced',
  rejected: 'rejected',
  held: 'held',
  pending_cancel: 'pendingCancel',
  pending_replace: 'pendingReplace',
  order_cancel_rejected: 'cancelRejected',
  order_replace_rejected: 'replaceRejected',
  restated: 'restated',
};
