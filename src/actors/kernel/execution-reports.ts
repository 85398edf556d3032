import { shares } from '../../core/money.ts';
import type { OrderIntent } from '../../domain/orders/intent.ts';
import {
  isSettled,
  isTerminal,
  isUncertain,
  missingQuantity,
  standingOf,
  statusOf,
} from '../../domain/orders/machine.ts';
import { type Order, ORDER_EXECUTIONS_MAX } from '../../domain/orders/order-book.ts';
import type { Execution, OrderReport } from '../../domain/orders/report.ts';
import type { Standing } from '../../domain/orders/standing.ts';
import {
  alert,
  cancelAsked,
  type Desk,
  type Doubt,
  requestCancel,
  schedule,
  stand,
  stood,
  stray,
  unfilledUs,
} from './execution-desk.ts';

/**
 * Takes in what the venue says of an order, unasked or in an answer: books what is new, moves the
 * order where the machine lets it go, and tells what is left in doubt. The one way by which the
 * venue's word enters our books.
 */
export function takeReport(desk: Desk, report: OrderReport, isEnquired = false): Doubt {
  const order = desk.state.orders.get(report.clientOrderId);
  if (order === undefined) {
    stray(desk, report, `${report.event} of an order that we do not know`);
    return 'none';
  }
  const difference = differenceOf(order.intent, report);
  if (difference !== undefined) {
    stray(desk, report, difference);
    return 'ask';
  }
  const { quantity } = order.intent;
  const filledQuantity = book(desk, order, report);
  const known = { standing: order.standing, quantity, filledQuantity };
  const standing = standingOf(report, known);
  if (standing === 'replaced' && order.standing !== 'replaced') {
    follow(desk, order, report, quantity - filledQuantity);
  } else {
    stand(desk, order, standing, { report });
  }
  const isCancelling = compareQuantity(desk, order, report);
  if (!isCancelling) renewCancel(desk, order, report, { standing, isEnquired });
  return missingQuantity(report, known) > 0 ? 'ask' : doubtOf(report, standing);
}

function differenceOf(intent: OrderIntent, report: OrderReport): string | undefined {
  if (report.account !== intent.account) return `account ${report.account}, not ${intent.account}`;
  if (report.symbol !== intent.symbol) return `symbol ${report.symbol}, not ${intent.symbol}`;
  if (report.side !== intent.side) return `${report.side}, not ${intent.side}`;
  return undefined;
}

/**
 * Books executions that are not booked yet, and answers what is filled then. More than was
 * ordered is not booked (I4): the venue holds something else than we think, and reconciliation
 * has to find out what.
 */
function book(desk: Desk, order: Order, report: OrderReport): number {
  const { account, clientOrderId, symbol, side } = order.intent;
  const fresh = new Map<string, Execution>();
  let { filledQuantity } = order;
  for (const execution of report.executions) {
    const { executionId } = execution;
    if (desk.state.orders.isBooked(executionId) || fresh.has(executionId)) continue;
    const isBookable =
      execution.quantity > 0 &&
      execution.price > 0 &&
      filledQuantity + execution.quantity <= order.intent.quantity &&
      order.executions.length + fresh.size < ORDER_EXECUTIONS_MAX;
    if (!isBookable) {
      stray(desk, report, `execution ${executionId} of ${execution.quantity} cannot be booked`);
      continue;
    }
    fresh.set(executionId, execution);
    filledQuantity += execution.quantity;
    desk.facts.push({ kind: 'filled', account, clientOrderId, symbol, side, execution });
  }
  return filledQuantity;
}

/**
 * A person replaced our order at the venue. What was left of it lives on under the successor's
 * id: ours from now on, reserved by its `intended`, unknown until an enquiry shows it.
 */
function follow(desk: Desk, order: Order, report: OrderReport, left: number): void {
  const { orders } = desk.state;
  const { successor } = report;
  if (successor === undefined || orders.get(successor) !== undefined) {
    stand(desk, order, 'replaced', { report });
    stray(desk, report, 'replaced, and its successor cannot be followed');
    return;
  }
  const { turn } = desk;
  const { account } = order.intent;
  const intent: OrderIntent = { ...order.intent, clientOrderId: successor, quantity: shares(left) };
  stand(desk, order, 'replaced', { report, successor });
  desk.facts.push({ kind: 'intended', ...intent });
  if (order.isCancelAsked || order.isReleased) cancelAsked(desk, intent, 'REPLACED');
  desk.facts.push(
    stood(desk, intent, 'unknown', { reason: `took the place of ${order.intent.clientOrderId}` }),
    { kind: 'enquired', clientOrderId: successor, attempt: 1, atUs: turn.nowUs },
  );
  turn.request({ kind: 'enquireOrder', account, clientOrderId: successor, attempt: 1 });
  const target = { ordinal: orders.nextOrdinal, enquiries: 1 };
  schedule(desk, target, 'unfilled', unfilledUs(desk, intent));
}

/** The venue works another quantity than we ordered. More than that we do not let it work. */
function compareQuantity(desk: Desk, order: Order, report: OrderReport): boolean {
  const { quantity, clientOrderId } = order.intent;
  if (report.quantity === quantity) return false;
  if (isTerminal(order.standing)) return false;
  const text = `${clientOrderId}: ${report.quantity} at the venue, ${quantity} ordered`;
  alert(desk, 'error', 'ORDER_RESTATED', text);
  if (report.quantity < quantity || order.isCancelAsked || !isWorked(report)) return false;
  cancelAsked(desk, order.intent, 'RESTATED');
  requestCancel(desk, { intent: order.intent, venueOrderId: report.venueOrderId });
  return true;
}

interface Found {
  readonly standing: Standing;
  /** The report answers an enquiry, so it is a state and not a moment on the way. */
  readonly isEnquired: boolean;
}

/**
 * A cancel reaches only an order that is there. One that was asked for while we did not know is
 * sent when the order shows up; one that did not take is sent again, after a while. And an order
 * that shows up after it was given up has no reservation left, so it may not stay.
 */
function renewCancel(desk: Desk, order: Order, report: OrderReport, found: Found): void {
  if (isSettled(found.standing) || isUncertain(found.standing)) return;
  if (found.standing === 'cancelPending') return;
  if (isUncertain(order.standing) && (order.isCancelAsked || order.isReleased)) {
    if (!order.isCancelAsked) cancelAsked(desk, order.intent, 'LATE_ACCEPT');
    requestCancel(desk, { intent: order.intent, venueOrderId: report.venueOrderId });
    return;
  }
  const isStanding = found.isEnquired || report.event === 'cancelRejected';
  if (!order.isCancelAsked || !isStanding || !isWorked(report)) return;
  schedule(desk, order, 'cancel', desk.turn.nowUs + desk.options.enquiryRetryUs);
}

/** Can it still be filled, and is nothing under way that ends it? */
function isWorked(report: OrderReport): boolean {
  const status = statusOf(report);
  return (
    status === 'accepted' ||
    status === 'pendingNew' ||
    status === 'new' ||
    status === 'held' ||
    status === 'partiallyFilled'
  );
}

/** A word we do not know may mean anything, so it is never ignored. */
function doubtOf(report: OrderReport, standing: Standing): Doubt {
  if (report.event === 'unrecognised') return 'ask';
  if (report.status === 'unrecognised' && !isTerminal(standing)) return 'ask';
  return standing === 'cancelPending' || standing === 'replacePending' ? 'watch' : 'none';
}
