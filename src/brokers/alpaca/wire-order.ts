import { type ClientOrderId, isIdText, textId, type VenueOrderId } from '../../core/ids.ts';
import { isRecord, type JsonRecord } from '../../core/json.ts';
import type { Price } from '../../core/money.ts';
import { parseTime } from '../../core/time.ts';
import type { Side } from '../../domain/market/side.ts';
import type { VenueStatus } from '../../domain/orders/report.ts';
import { parseFillPrice, parseQuantity, type Quantity } from './amounts.ts';
import { recordsOf, textOf } from './json.ts';

/** An order as the venue writes it, in REST answers and in updates alike (venues.md 4.2). */
export interface WireOrder {
  readonly venueOrderId: VenueOrderId;
  /** The venue's own id where the client's is none that we can carry. */
  readonly clientOrderId: ClientOrderId;
  readonly symbolName: string;
  readonly side: Side;
  /** Of an order by value: what is filled of it. */
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly limitPrice: Price | undefined;
  readonly timeInForce: string;
  readonly status: VenueStatus;
  readonly statusWord: string;
  readonly replacedBy: VenueOrderId | undefined;
  /** 0 where it is not told. */
  readonly submittedUs: number;
  readonly updatedUs: number;
  readonly legs: readonly WireOrder[];
}

/** In place of a symbol's name; no symbol is called so. */
const MANY_LEGS = '(several legs)';

/** Undefined where it lacks what no order can lack. */
export function readOrder(json: unknown): WireOrder | undefined {
  if (!isRecord(json)) return undefined;
  const venueOrderId = idOf(textOf(json, 'id'));
  // An order in several legs has neither; such orders are a person's, and have no id here.
  const isMany = json['order_class'] === 'mleg';
  const symbolName = isMany ? MANY_LEGS : textOf(json, 'symbol');
  const side = isMany ? 'buy' : sideOf(textOf(json, 'side'));
  const filled = parseQuantity(textOf(json, 'filled_qty') ?? '0');
  const quantity = parseQuantity(textOf(json, 'qty') ?? textOf(json, 'filled_qty') ?? '0');
  if (venueOrderId === undefined || symbolName === undefined || side === undefined) {
    return undefined;
  }
  if (filled === undefined || quantity === undefined) return undefined;
  const statusWord = textOf(json, 'status') ?? '';
  const clientText = textOf(json, 'client_order_id') ?? '';
  return {
    venueOrderId,
    clientOrderId: textId<ClientOrderId>(isIdText(clientText) ? clientText : venueOrderId),
    symbolName,
    side,
    quantity,
    filled,
    limitPrice: parseFillPrice(textOf(json, 'limit_price') ?? ''),
    timeInForce: textOf(json, 'time_in_force') ?? 'day',
    status: STATUSES[statusWord] ?? 'unrecognised',
    statusWord,
    replacedBy: idOf(textOf(json, 'replaced_by')),
    submittedUs: timeOf(json, 'submitted_at') ?? timeOf(json, 'created_at') ?? 0,
    updatedUs: timeOf(json, 'updated_at') ?? timeOf(json, 'submitted_at') ?? 0,
    legs: (recordsOf(json['legs']) ?? []).flatMap((leg) => readOrder(leg) ?? []),
  };
}

export function timeOf(json: JsonRecord, key: string): number | undefined {
  const text = textOf(json, key);
  return text === undefined ? undefined : parseTime(text);
}

/** Nothing at the venue can happen to it any more. A gtc order that is done for the day lives. */
export function isEnded({ status, timeInForce }: WireOrder): boolean {
  if (status === 'doneForDay') return timeInForce !== 'gtc';
  return ENDED.has(status);
}

const ENDED: ReadonlySet<VenueStatus> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
]);

/** Venues.md 4.5. `stopped`, `suspended`, `calculated` and later words are asked about. */
const STATUSES: Readonly<Partial<Record<string, VenueStatus>>> = {
  accepted: 'accepted',
  pending_new: 'pendingNew',
  new: 'new',
  partially_filled: 'partiallyFilled',
  filled: 'filled',
  pending_cancel: 'pendingCancel',
  canceled: 'canceled',
  expired: 'expired',
  done_for_day: 'doneForDay',
  pending_replace: 'pendingReplace',
  replaced: 'replaced',
  rejected: 'rejected',
  held: 'held',
};

function idOf(text: string | undefined): VenueOrderId | undefined {
  return text !== undefined && isIdText(text) ? textId<VenueOrderId>(text) : undefined;
}

/** `sell_short` and `buy_minus` are old names that some answers still carry. */
function sideOf(text: string | undefined): Side | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('buy')) return 'buy';
  return text.startsWith('sell') ? 'sell' : undefined;
}
