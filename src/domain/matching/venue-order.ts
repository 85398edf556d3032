import { type ExecutionId, textId, type VenueOrderId } from '../../core/ids.ts';
import type { Shares } from '../../core/money.ts';
import {
  index,
  integer,
  list,
  nested,
  oneOf,
  optional,
  type RecordOf,
  text,
} from '../../core/record.ts';
import { orderRequestFields } from '../orders/intent.ts';
import {
  type Execution,
  executionFields,
  type OrderReport,
  reportFields,
  type VenueStatus,
  venueStatus,
} from '../orders/report.ts';

/** More than this many fills cannot be reported in one snapshot, so the rest is canceled. */
export const EXECUTIONS_MAX = 10_000;

/** An order as the venue keeps it, for ever: ids are never free again. */
export const venueOrderFields = {
  request: nested(orderRequestFields),
  venueOrderId: text<VenueOrderId>(),
  /** Counts from 1 within the book. */
  number: index(),
  arrivedUs: integer(),
  /** The price a share is reserved at while the order is open; 0 for one that closes a position. */
  reservePrice: integer(),
  status: venueStatus,
  /** The sum of the executions. */
  filledQuantity: integer<Shares>(),
  executions: list(nested(executionFields), EXECUTIONS_MAX),
  /** Found marketable when first looked at, or not: decides whose price it trades at. */
  stance: oneOf('undecided', 'taking', 'resting'),
  /** How often chance was asked about it. */
  draws: index(),
  successor: optional(reportFields.clientOrderId),
  reason: optional(text()),
} as const;

export type VenueOrderRecord = RecordOf<typeof venueOrderFields>;

/** Owned and mutated by its book; what leaves the book is a report. */
export type VenueOrder = {
  -readonly [K in keyof VenueOrderRecord]: K extends 'executions'
    ? Execution[]
    : VenueOrderRecord[K];
};

export function isLive(order: VenueOrder): boolean {
  return order.status === 'new' || order.status === 'partiallyFilled';
}

/** Live, or waiting for the session to open. */
export function isOpen(order: VenueOrder): boolean {
  return isLive(order) || order.status === 'accepted';
}

export function remainingOf(order: VenueOrder): number {
  return order.request.quantity - order.filledQuantity;
}

/** A pure function of the order and the count, so that a fill told twice is recognised. */
export function executionIdOf(venueOrderId: VenueOrderId, fillNumber: number): ExecutionId {
  return textId<ExecutionId>(`${venueOrderId}-f${fillNumber}`);
}

/** Numbers the venue's orders from 1, with the prefix of their book. */
export function venueOrderIdOf(prefix: string, orderNumber: number): VenueOrderId {
  return textId<VenueOrderId>(`${prefix}-${String(orderNumber).padStart(6, '0')}`);
}

/** What is said of an order beyond what its state says. */
export interface Saying {
  readonly event: OrderReport['event'];
  readonly venueUs: number;
  /** For `pendingNew` and `pendingCancel`, which last no time here. */
  readonly status?: VenueStatus;
  readonly executions?: readonly Execution[];
}

export function reportOf(order: VenueOrder, saying: Saying): OrderReport {
  const { request } = order;
  return {
    account: request.account,
    clientOrderId: request.clientOrderId,
    venueOrderId: order.venueOrderId,
    event: saying.event,
    status: saying.status ?? order.status,
    symbol: request.symbol,
    side: request.side,
    quantity: request.quantity,
    filledQuantity: order.filledQuantity,
    ...(request.limitPrice === undefined ? {} : { limitPrice: request.limitPrice }),
    executions: saying.executions ?? [],
    ...(order.successor === undefined ? {} : { successor: order.successor }),
    ...(order.reason === undefined ? {} : { reason: order.reason }),
    venueUs: saying.venueUs,
  };
}

/** The state of an order with everything that was executed: the answer to an enquiry. */
export function snapshotOf(order: VenueOrder, venueUs: number): OrderReport {
  return reportOf(order, { event: 'snapshot', venueUs, executions: [...order.executions] });
}
