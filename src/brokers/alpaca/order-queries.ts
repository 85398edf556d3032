import type { ClientOrderId, VenueOrderId } from '../../core/ids.ts';
import { formatTime, MINUTE, MS } from '../../core/time.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import { learnFills, readFills } from './fill-history.ts';
import { recordsOf } from './json.ts';
import type { KnownOrders } from './known-orders.ts';
import { type ReportOptions, reportOf } from './order-reports.ts';
import type { Call, Reply, VenueCalls } from './venue-calls.ts';
import { readOrder, type WireOrder } from './wire-order.ts';

export interface QueryOptions extends ReportOptions {
  readonly calls: VenueCalls;
}

/** An order as the venue has it, or why we do not know. */
export type FoundOrder =
  | { readonly order: WireOrder; readonly reply?: undefined }
  | { readonly reply: Exclude<Reply, { kind: 'ok' }> };

/** Asks, and remembers. */
export async function findOrder(known: KnownOrders, question: Promise<Reply>): Promise<FoundOrder> {
  const reply = await question;
  if (reply.kind !== 'ok') return { reply };
  const order = readOrder(reply.body);
  if (order === undefined) {
    return {
      reply: { kind: 'unknown', code: 'UNREADABLE', message: 'an order without its fields' },
    };
  }
  known.see(order);
  return { order };
}

/**
 * The state of an order with all its executions (venues.md 8, #8 and #9). What updates have told is
 * not asked again; where they leave a gap the activities fill it. If even those do not add up yet,
 * the report says so: less is executed in it than filled, and the kernel asks again.
 */
export async function snapshotOf(
  options: QueryOptions,
  order: WireOrder,
  call: Call,
): Promise<OrderReport | undefined> {
  const { calls, known } = options;
  const { venueOrderId, filled } = order;
  let gap: string | undefined;
  if (filled.text !== '0' && !known.isWhole(order)) {
    const failure = await learnFills(calls, known, order, call);
    if (!known.isWhole(order)) gap = failure ?? `executions do not add up to ${filled.text} yet`;
  }
  const successor = await successorOf(options, order, call);
  return reportOf(options, order, {
    event: 'snapshot',
    executions: known.executionsOf(venueOrderId),
    venueUs: order.updatedUs,
    successor,
    reason: gap,
  });
}

/** By our id for it: the venue names it by its own. */
export async function successorOf(
  { calls, known }: QueryOptions,
  { replacedBy }: WireOrder,
  call: Call,
): Promise<ClientOrderId | undefined> {
  if (replacedBy === undefined) return undefined;
  const heard = known.get(replacedBy);
  if (heard !== undefined) return heard.clientOrderId;
  const found = await findOrder(known, calls.orderById(replacedBy, call));
  return found.reply === undefined ? found.order.clientOrderId : undefined;
}

/** Orders, or why not all of them could be found. */
export type OrderList =
  | { readonly orders: readonly WireOrder[]; readonly failure?: undefined }
  | { readonly failure: string };

/**
 * All that are open, and all that changed since: those sent in that time and a little before, those
 * filled in it, and those that were open when we last heard of them (venues.md 8, at its end).
 */
export async function ordersSince(
  { calls, known }: QueryOptions,
  sinceUs: number,
  call: Call,
): Promise<OrderList> {
  const found = new Map<VenueOrderId, WireOrder>();
  const wasOpen = known.open().map(({ venueOrderId }) => venueOrderId);
  const fromUs = Math.max(0, sinceUs - MARGIN_US);
  for (const query of [{ status: 'open' }, { status: 'all', after: formatTime(fromUs) }] as const) {
    const failure = await readPages(calls, query, call, found);
    if (failure !== undefined) return { failure };
  }
  const fills = await readFills(calls, { fromUs }, call);
  if (fills.failure !== undefined) return { failure: fills.failure };
  for (const order of found.values()) known.see(order);
  for (const venueOrderId of new Set([...wasOpen, ...fills.orders.keys()])) {
    if (found.has(venueOrderId)) continue;
    const { order, reply } = { order: undefined, reply: undefined, ...(await one(venueOrderId)) };
    if (order !== undefined) found.set(venueOrderId, order);
    else if (reply?.kind !== 'refused') return { failure: `order ${venueOrderId} was not told` };
  }
  for (const [venueOrderId, ofOrder] of fills.orders) {
    for (const fill of ofOrder) known.addFill(venueOrderId, fill);
  }
  return { orders: [...found.values()] };

  function one(venueOrderId: VenueOrderId): Promise<FoundOrder> {
    return findOrder(known, calls.orderById(venueOrderId, call));
  }
}

/** Clocks differ, and `after` counts from the sending. */
const MARGIN_US = 5 * MINUTE;
const ORDERS_PAGE = 500;
const ORDER_PAGES_MAX = 100;

interface OrderQuery {
  readonly status: 'open' | 'all';
  readonly after?: string;
}

/**
 * Oldest first. `after` leaves out its own instant, so each page begins a millisecond before the
 * last one's end and what came twice counts once; a page that brings nothing new is the last.
 */
async function readPages(
  calls: VenueCalls,
  query: OrderQuery,
  call: Call,
  found: Map<VenueOrderId, WireOrder>,
): Promise<string | undefined> {
  const seen = new Set<VenueOrderId>();
  let { after } = query;
  for (let page = 0; page < ORDER_PAGES_MAX; page += 1) {
    const from = after === undefined ? {} : { after };
    const reply = await calls.orders(
      { status: query.status, limit: ORDERS_PAGE, direction: 'asc', nested: false, ...from },
      call,
    );
    if (reply.kind !== 'ok') return `orders: ${reply.message}`;
    const rows = recordsOf(reply.body);
    if (rows === undefined) return 'orders: not a list';
    const before = seen.size;
    let lastUs = 0;
    for (const row of rows) {
      const order = readOrder(row);
      if (order === undefined) return 'orders: one cannot be read';
      seen.add(order.venueOrderId);
      found.set(order.venueOrderId, order);
      lastUs = Math.max(lastUs, order.submittedUs);
    }
    if (rows.length < ORDERS_PAGE) return undefined;
    if (seen.size === before) return `orders: more than ${ORDERS_PAGE} within a millisecond`;
    after = formatTime(lastUs - MS);
  }
  return `orders: more than ${ORDER_PAGES_MAX} pages`;
}
