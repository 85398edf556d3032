import type {
  AccountId,
  ClientOrderId,
  ExecutionId,
  SymbolId,
  VenueOrderId,
} from '../../core/ids.ts';
import type { Price, Shares } from '../../core/money.ts';
import {
  index,
  integer,
  list,
  nested,
  oneOf,
  optional,
  type RecordOf,
  text,
  type ValueOf,
} from '../../core/record.ts';
import { side } from '../market/side.ts';

/** One execution as the venue reports it. Booked once, by its id, whatever is repeated. */
export const executionFields = {
  executionId: text<ExecutionId>(),
  quantity: integer<Shares>(),
  price: integer<Price>(),
  venueUs: integer(),
} as const;

export type Execution = RecordOf<typeof executionFields>;

/**
 * What the venue says happened to an order: `venues.md` 3.2 names the events. `snapshot` is the
 * answer to an enquiry, which reports a state and not an event.
 */
export const orderEvent = oneOf(
  'accepted',
  'pendingNew',
  'new',
  'partialFill',
  'fill',
  'pendingCancel',
  'canceled',
  'expired',
  'doneForDay',
  'pendingReplace',
  'replaced',
  'rejected',
  'held',
  'cancelRejected',
  'replaceRejected',
  'restated',
  'snapshot',
  'unrecognised',
);

/** The state of the order at the venue, as it reports it. */
export const venueStatus = oneOf(
  'accepted',
  'pendingNew',
  'new',
  'partiallyFilled',
  'filled',
  'pendingCancel',
  'canceled',
  'expired',
  'doneForDay',
  'pendingReplace',
  'replaced',
  'rejected',
  'held',
  'unrecognised',
);

export type VenueStatus = ValueOf<typeof venueStatus>;

export const reportFields = {
  account: text<AccountId>(),
  clientOrderId: text<ClientOrderId>(),
  venueOrderId: text<VenueOrderId>(),
  event: orderEvent,
  status: venueStatus,
  symbol: index<SymbolId>(),
  side,
  quantity: integer<Shares>(),
  /** Cumulative. The sum of all executions, also of those not listed here. */
  filledQuantity: integer<Shares>(),
  limitPrice: optional(integer<Price>()),
  /** One for a fill event, all known ones for a snapshot, none otherwise. */
  executions: list(nested(executionFields), 10_000),
  /** For `replaced`: the client order id of the successor. */
  successor: optional(text<ClientOrderId>()),
  reason: optional(text()),
  venueUs: integer(),
} as const;

export type OrderReport = RecordOf<typeof reportFields>;
