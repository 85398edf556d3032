import { assert } from '../../core/assert.ts';
import type { ClientOrderId } from '../../core/ids.ts';
import { MS } from '../../core/time.ts';
import type { OrderIntent } from '../../domain/orders/intent.ts';
import { isSettled, mayBecome } from '../../domain/orders/machine.ts';
import type { Order } from '../../domain/orders/order-book.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Standing } from '../../domain/orders/standing.ts';
import type { Effect } from '../../ports/effect.ts';
import type { Fact } from '../../ports/fact.ts';
import type { Turn } from '../runtime/definition.ts';
import type { ExecutionState } from './execution-state.ts';

/** How long to wait for what. */
export interface OrderTimes {
  /** By then the router has answered a submission; an order we hear nothing of is asked about. */
  readonly orderDeadlineUs: number;
  /** A limit order or an entry that is not filled by then is cancelled: its reason is old. */
  readonly unfilledCancelUs: number;
  /** Longer than any request can be on its way: before that, absence proves nothing. */
  readonly settlingUs: number;
  /** Between two questions about one order; grows to four times that. */
  readonly enquiryRetryUs: number;
}

/**
 * One decision in progress. Its state is only read: what follows from a fact decided a moment ago
 * is reckoned here, since the fact takes effect after the decision.
 */
export interface Desk {
  readonly state: ExecutionState;
  readonly turn: Turn;
  readonly options: OrderTimes;
  readonly facts: Fact[];
}

/** What is left to find out about an order: nothing, ask if it stays like this, or ask now. */
export type Doubt = 'none' | 'watch' | 'ask';

/** One order is not asked about more often than this, however much is said about it. */
const ENQUIRY_GAP_US = 200 * MS;
/** Retries wait up to so many times the configured time. */
const ENQUIRY_BACKOFF_MAX = 4;
/** So many questions without an end are a person's business; they go on all the same. */
const ENQUIRIES_PER_ALERT = 10;
/** A timer's key holds an ordinal and, below this, the number of enquiries when it was set. */
const ATTEMPTS = 1 << 20;

/** What is said with a change of standing, where there is something to say. */
export interface Grounds {
  readonly report?: OrderReport;
  readonly reason?: string;
  readonly successor?: ClientOrderId;
}

/** Records where an order stands now; the end of it is also the end of its reservation. */
export function stand(desk: Desk, order: Order, standing: Standing, grounds: Grounds = {}): void {
  if (order.standing === standing) return;
  const { clientOrderId } = order.intent;
  assert(
    mayBecome(order.standing, standing),
    `${clientOrderId} may go from ${order.standing} to ${standing}`,
  );
  desk.facts.push(stood(desk, order.intent, standing, grounds));
  if (isSettled(standing)) release(desk, order);
}

export function stood(
  desk: Desk,
  { clientOrderId, symbol }: OrderIntent,
  standing: Standing,
  { report, reason = report?.reason, successor }: Grounds,
): Fact {
  return {
    kind: 'stood',
    clientOrderId,
    symbol,
    standing,
    ...(report === undefined ? {} : { venueOrderId: report.venueOrderId }),
    ...(reason === undefined ? {} : { reason }),
    ...(successor === undefined ? {} : { successor }),
    atUs: desk.turn.nowUs,
  };
}

/** Said once of every order: it can make no more exposure. */
function release(desk: Desk, { intent, isReleased }: Order): void {
  const { clientOrderId, symbol } = intent;
  if (!isReleased) desk.facts.push({ kind: 'released', clientOrderId, symbol });
}

/** Asks now, or when the last question was only just asked, a little later. */
export function askSoon(desk: Desk, order: Order): void {
  const freeUs = order.lastEnquiryUs + ENQUIRY_GAP_US;
  if (order.enquiries === 0 || desk.turn.nowUs >= freeUs) enquire(desk, order);
  else schedule(desk, order, 'enquire', freeUs);
}

export function enquire(desk: Desk, { intent, enquiries }: Order): void {
  const { account, clientOrderId } = intent;
  const attempt = enquiries + 1;
  desk.facts.push({ kind: 'enquired', clientOrderId, attempt, atUs: desk.turn.nowUs });
  desk.turn.request({ kind: 'enquireOrder', account, clientOrderId, attempt });
}

/** After an answer that settled nothing. There is always a next question. */
export function askAgain(desk: Desk, order: Order, notBeforeUs = 0): void {
  const { turn, options } = desk;
  const { enquiries, intent } = order;
  const waitUs = options.enquiryRetryUs * Math.min(Math.max(enquiries, 1), ENQUIRY_BACKOFF_MAX);
  schedule(desk, order, 'enquire', Math.max(turn.nowUs + waitUs, notBeforeUs));
  if (enquiries > 0 && enquiries % ENQUIRIES_PER_ALERT === 0) {
    alert(desk, 'error', 'ORDER_FATE_UNKNOWN', `${intent.clientOrderId}: asked ${enquiries} times`);
  }
}

/** By then an order that is not filled is cancelled. One that waits for bars gets to see them. */
export function unfilledUs({ turn, options }: Desk, { patientUntilUs = 0 }: OrderIntent): number {
  return Math.max(turn.nowUs + options.unfilledCancelUs, patientUntilUs);
}

/** Between two questions about one order, the time its answer takes included. */
export function longestWaitUs(options: OrderTimes): number {
  const { enquiryRetryUs, orderDeadlineUs, settlingUs } = options;
  return Math.max(settlingUs, ENQUIRY_BACKOFF_MAX * enquiryRetryUs + orderDeadlineUs);
}

/** Comes back unless the order has been asked about in between: that question goes its own way. */
export function schedule(
  desk: Desk,
  { ordinal, enquiries }: Pick<Order, 'ordinal' | 'enquiries'>,
  tag: 'enquire' | 'watch' | 'cancel' | 'unfilled',
  dueUs: number,
): void {
  desk.turn.schedule(dueUs, tag, ordinal * ATTEMPTS + (enquiries % ATTEMPTS));
}

/** The order that a timer was set for, and whether nobody has asked about it since. */
export function timerTarget(
  { state }: Desk,
  key: number,
): { readonly order: Order | undefined; readonly isLatest: boolean } {
  const order = state.orders.byOrdinal(Math.floor(key / ATTEMPTS));
  return { order, isLatest: order !== undefined && order.enquiries % ATTEMPTS === key % ATTEMPTS };
}

export function cancelAsked(desk: Desk, { clientOrderId, symbol }: OrderIntent, reason: string) {
  desk.facts.push({ kind: 'cancelAsked', clientOrderId, symbol, reason });
}

export function requestCancel(
  desk: Desk,
  { intent, venueOrderId }: Pick<Order, 'intent' | 'venueOrderId'>,
): void {
  const { account, clientOrderId } = intent;
  const id = venueOrderId === undefined ? {} : { venueOrderId };
  desk.turn.request({ kind: 'cancelOrder', account, clientOrderId, ...id });
}

/** The venue spoke of something that is not ours, or not as we know it: it is not booked. */
export function stray(desk: Desk, report: OrderReport, detail: string): void {
  const { clientOrderId, venueOrderId } = report;
  desk.facts.push({ kind: 'strayReported', clientOrderId, venueOrderId, detail });
  alert(desk, 'error', 'STRAY_REPORT', `${clientOrderId} (${venueOrderId}): ${detail}`);
}

export function alert(
  desk: Desk,
  severity: Extract<Effect, { kind: 'alert' }>['severity'],
  code: string,
  text: string,
): void {
  desk.turn.request({ kind: 'alert', severity, code, text });
}
