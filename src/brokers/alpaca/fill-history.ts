import { isIdText, textId, type VenueOrderId } from '../../core/ids.ts';
import type { JsonRecord } from '../../core/json.ts';
import { MS, SECOND } from '../../core/time.ts';
import { parseFillPrice, parseQuantity } from './amounts.ts';
import { recordsOf, textOf } from './json.ts';
import type { Fill, KnownOrders } from './known-orders.ts';
import type { Call, VenueCalls } from './venue-calls.ts';
import { FILLS_PAGE } from './venue-calls.ts';
import { timeOf, type WireOrder } from './wire-order.ts';

export interface FillSpan {
  readonly fromUs: number;
  /** Left out: until now. */
  readonly untilUs?: number;
}

/** Which orders were filled in a span, or why that could not be found out. */
export type FilledOrders =
  | { readonly orders: ReadonlyMap<VenueOrderId, readonly Fill[]>; readonly failure?: undefined }
  | { readonly failure: string };

/**
 * The account's executions: what was filled while nobody listened (venues.md 4.2). Pages of a
 * hundred, oldest first; `isEnough` may end it before the last.
 */
export async function readFills(
  calls: VenueCalls,
  { fromUs, untilUs }: FillSpan,
  call: Call,
  isEnough: (fills: ReadonlyMap<VenueOrderId, readonly Fill[]>) => boolean = () => false,
): Promise<FilledOrders> {
  const orders = new Map<VenueOrderId, Fill[]>();
  const span = {
    after: dateOf(fromUs - SECOND),
    ...(untilUs === undefined ? {} : { until: dateOf(untilUs + SECOND) }),
  };
  let pageToken: string | undefined;
  for (let page = 0; page < FILL_PAGES_MAX; page += 1) {
    const query = pageToken === undefined ? span : { ...span, pageToken };
    const reply = await calls.fills(query, call);
    if (reply.kind !== 'ok') return { failure: `executions: ${reply.message}` };
    const rows = recordsOf(reply.body);
    if (rows === undefined) return { failure: 'executions: not a list' };
    for (const row of rows) {
      const read = readFill(row);
      // Whose it was does not add up then, and that is told with the order.
      if (read === undefined) continue;
      const fills = orders.get(read.venueOrderId);
      if (fills === undefined) orders.set(read.venueOrderId, [read.fill]);
      else fills.push(read.fill);
    }
    const next = textOf(rows.at(-1) ?? {}, 'id');
    if (rows.length < FILLS_PAGE || next === undefined || isEnough(orders)) return { orders };
    if (next === pageToken) return { failure: 'executions: one page came twice' };
    pageToken = next;
  }
  return { failure: `executions: more than ${FILL_PAGES_MAX} pages` };
}

const FILL_PAGES_MAX = 100;

/** Adds what the activities tell of one order; what went wrong, if it did. */
export async function learnFills(
  calls: VenueCalls,
  known: KnownOrders,
  order: WireOrder,
  call: Call,
): Promise<string | undefined> {
  const { venueOrderId, submittedUs, filled } = order;
  const found = await readFills(calls, { fromUs: submittedUs }, call, (fills) =>
    (fills.get(venueOrderId) ?? []).some(({ cumulative }) => cumulative.text === filled.text),
  );
  if (found.failure !== undefined) return found.failure;
  for (const fill of found.orders.get(venueOrderId) ?? []) known.addFill(venueOrderId, fill);
  return undefined;
}

interface ReadFill {
  readonly venueOrderId: VenueOrderId;
  readonly fill: Fill;
}

function readFill(row: JsonRecord): ReadFill | undefined {
  const orderId = textOf(row, 'order_id') ?? '';
  const cumulative = parseQuantity(textOf(row, 'cum_qty') ?? '');
  const quantity = parseQuantity(textOf(row, 'qty') ?? '');
  const price = parseFillPrice(textOf(row, 'price') ?? '');
  const venueUs = timeOf(row, 'transaction_time');
  if (!isIdText(orderId) || cumulative === undefined || quantity === undefined) return undefined;
  if (price === undefined || venueUs === undefined) return undefined;
  return {
    venueOrderId: textId<VenueOrderId>(orderId),
    fill: { cumulative, quantity, price, venueUs },
  };
}

/** The SDK takes dates, and sends them to the millisecond: a little more is asked for. */
function dateOf(us: number): Date {
  return new Date(Math.max(0, Math.floor(us / MS)));
}
