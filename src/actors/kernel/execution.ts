import { unreachable } from '../../core/assert.ts';
import type { ClientOrderId } from '../../core/ids.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { OrderIntent } from '../../domain/orders/intent.ts';
import { isSettled, isTerminal, isUncertain } from '../../domain/orders/machine.ts';
import type { Order } from '../../domain/orders/order-book.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Answer } from '../../ports/input.ts';
import type { ActorDefinition, ReplyMessage, TimerMessage } from '../runtime/definition.ts';
import {
  alert,
  askAgain,
  askSoon,
  cancelAsked,
  type Desk,
  type Doubt,
  enquire,
  longestWaitUs,
  type OrderTimes,
  requestCancel,
  schedule,
  stand,
  stood,
  timerTarget,
  unfilledUs,
} from './execution-desk.ts';
import { intended, submission } from './execution-intents.ts';
import { takeReport } from './execution-reports.ts';
import {
  applyToExecution,
  condenseExecution,
  emptyExecution,
  EXECUTION_APPLIES,
  type ExecutionKind,
  type ExecutionState,
} from './execution-state.ts';
import { RECONCILIATION } from './actor-table.ts';
import type { ExecutionMessage, OrdersStated } from './messages.ts';

export type ExecutionOptions = OrderTimes;

/**
 * Owns every intent from approval to its last word.
 *
 * Sent once, under an id that never changes. An answer that does not come is `unknown`, and
 * `unknown` ends only by evidence: the venue's word, or its absence twice, late enough. Whatever
 * is in doubt is asked about until it is not.
 */
export function execution(
  options: ExecutionOptions,
): ActorDefinition<ExecutionState, ExecutionMessage, ExecutionKind> {
  return {
    name: 'execution',
    restart: { restartsMax: 0, withinUs: MINUTE, then: 'noEntries', quarantineUs: 0 },
    isOrderPath: true,
    hears: ['orderUpdated', 'opened'],
    applies: EXECUTION_APPLIES,
    initial: emptyExecution,
    decide(state, message, turn) {
      const desk: Desk = { state, turn, options, facts: [] };
      decide(desk, message);
      keepWatch(desk);
      return desk.facts;
    },
    apply: applyToExecution,
    condense: condenseExecution,
  };
}

function decide(desk: Desk, message: ExecutionMessage): void {
  const { orders } = desk.state;
  switch (message.kind) {
    case 'approved':
      return place(desk, message.approval.value);
    case 'cancelWanted':
      return wantCancel(desk, orders.get(message.clientOrderId), message.reason);
    case 'cancelAllWanted':
      for (const order of orders.open()) {
        const isWanted = !message.entriesOnly || order.intent.purpose === 'entry';
        if (isWanted) wantCancel(desk, order, message.reason);
      }
      return;
    case 'replied':
      return hearReply(desk, message);
    case 'timer':
      return hearTimer(desk, message);
    case 'orderUpdated':
      return hearUpdate(desk, message.report);
    case 'orderStated':
      return orders.get(message.report.clientOrderId) === undefined
        ? undefined
        : hearUpdate(desk, message.report, true);
    case 'ordersStated':
      return hearStatement(desk, message);
    case 'opened':
      return message.life > 1 ? askAboutAll(desk) : undefined;
    default:
      return unreachable(message);
  }
}

/** What the venue said while nobody listened it does not say again. */
function askAboutAll(desk: Desk): void {
  for (const order of desk.state.orders.open()) enquire(desk, order);
}

/**
 * An update may be lost, and a crash of ours loses the message it was about, a timer among them.
 * So as long as any order is open all of them are looked at on a grid of time, and whatever is said
 * here in the meantime sets the next look: no single loss ends it.
 */
function keepWatch({ state, turn, facts }: Desk): void {
  const isAnyOpen = state.orders.hasOpen || facts.some(({ kind }) => kind === 'intended');
  if (!isAnyOpen) return;
  turn.schedule((Math.floor(turn.nowUs / LOOK_US) + 1) * LOOK_US, 'look', 0);
}

/** Silence of 30 s and this is what the loss of a message may cost. */
const LOOK_US = 20 * SECOND;

/** What is in doubt has questions of its own: only where those have ended is one asked here. */
function lookAtAll(desk: Desk): void {
  const { state, turn, options } = desk;
  for (const order of state.orders.open()) {
    if (isAwaitingBars(order, turn.nowUs)) continue;
    const silenceUs = turn.nowUs - order.lastEnquiryUs;
    // A young order will be heard of before anybody has to ask.
    if (order.enquiries === 0) schedule(desk, order, 'watch', turn.nowUs + watchUs(options));
    else if (silenceUs > longestWaitUs(options)) enquire(desk, order);
  }
}

function place(desk: Desk, intent: OrderIntent): void {
  const { turn, options, state } = desk;
  const { clientOrderId, symbol } = intent;
  if (state.orders.get(clientOrderId) !== undefined) return; // A repeat is not a second order.
  if (intent.sequence < state.orders.nextSequence(intent.strategy, symbol)) {
    // Its place was taken by an order that is not kept any more: this is that order, or a fault.
    desk.facts.push({ kind: 'released', clientOrderId, symbol });
    alert(desk, 'error', 'ORDER_SEQUENCE_TAKEN', `${clientOrderId} was not sent`);
    return;
  }
  desk.facts.push(intended(intent));
  const halt = state.halts.get(intent.account);
  if (halt !== undefined && intent.purpose === 'entry') {
    desk.facts.push(stood(desk, intent, 'rejected', { reason: `halted: ${halt.code}` }), {
      kind: 'released',
      clientOrderId,
      symbol,
    });
    return;
  }
  turn.request(submission(intent));
  const target = { ordinal: state.orders.nextOrdinal, enquiries: 0 };
  // An answer that was accepted and then nothing is a known failure too: venues.md 8, #20.
  schedule(desk, target, 'watch', turn.nowUs + watchUs(options));
  if (intent.type === 'limit' || intent.purpose === 'entry') {
    schedule(desk, target, 'unfilled', unfilledUs(desk, intent));
  }
}

/** The venue has told that it has it, and no bar has come yet that would have filled it. */
function isAwaitingBars({ intent, standing }: Order, nowUs: number): boolean {
  const isThere = standing === 'working' || standing === 'partiallyFilled';
  return isThere && nowUs < (intent.patientUntilUs ?? 0);
}

/** By then the router has answered, and the venue has said more than that it heard us. */
function watchUs({ orderDeadlineUs }: OrderTimes): number {
  return 2 * orderDeadlineUs;
}

/** One that may not be there yet is only marked: it is cancelled when it shows up. */
function wantCancel(desk: Desk, order: Order | undefined, reason: string): void {
  if (order === undefined || isSettled(order.standing) || order.isCancelAsked) return;
  cancelAsked(desk, order.intent, reason);
  if (order.standing === 'unknown') askSoon(desk, order);
  else if (order.standing !== 'intended') requestCancel(desk, order);
}

function hearUpdate(desk: Desk, report: OrderReport, isState = false): void {
  const order = desk.state.orders.get(report.clientOrderId);
  if (order === undefined) {
    // Not ours: whose it is, and what it does to the symbol, is for reconciliation to say.
    desk.turn.send(RECONCILIATION, { kind: 'ordersTaken', notOurs: [report] });
    return;
  }
  pursue(desk, order, takeReport(desk, report, isState));
}

/** Its orders were taken, one by one. What it lacks and should have is asked about. */
function hearStatement(desk: Desk, { statement }: OrdersStated): void {
  const { state, turn } = desk;
  const stated = new Set(statement.orders.map(({ clientOrderId }) => clientOrderId));
  for (const order of state.orders.open()) {
    const isLacking = !stated.has(order.intent.clientOrderId);
    // What nobody told us to be there has questions of its own.
    const isExpected = order.ordinal < state.askedOrdinal && !isUncertain(order.standing);
    if (isLacking && isExpected) askSoon(desk, order);
  }
  const notOurs = statement.orders.filter(
    ({ clientOrderId }) => state.orders.get(clientOrderId) === undefined,
  );
  turn.send(RECONCILIATION, { kind: 'ordersTaken', statement, notOurs });
}

function pursue(desk: Desk, order: Order, doubt: Doubt): void {
  if (doubt === 'ask') askSoon(desk, order);
  if (doubt === 'watch') {
    schedule(desk, order, 'watch', desk.turn.nowUs + desk.options.orderDeadlineUs);
  }
}

function hearTimer(desk: Desk, { tag, key }: TimerMessage): void {
  if (tag === 'look') return lookAtAll(desk);
  const { order, isLatest } = timerTarget(desk, key);
  if (order === undefined) return; // Settled so long ago that it is not kept any more.
  const isOpen = !isSettled(order.standing);
  if (tag === 'unfilled') return wantCancel(desk, order, 'UNFILLED');
  if (!isLatest) return;
  if (tag === 'enquire') return enquire(desk, order);
  if (!isOpen) return;
  if (tag === 'cancel') return requestCancel(desk, order);
  if (tag !== 'watch' || isAwaitingBars(order, desk.turn.nowUs)) return;
  // The router answers every request by its deadline, so this one was never made.
  if (order.standing === 'intended') stand(desk, order, 'unknown', { reason: 'never answered' });
  enquire(desk, order);
}

function hearReply(desk: Desk, { effect, answer }: ReplyMessage): void {
  if (!('clientOrderId' in effect)) return;
  const order = desk.state.orders.get(effect.clientOrderId);
  if (order === undefined) return;
  switch (effect.kind) {
    case 'submitOrder':
      return hearSubmitted(desk, order, answer);
    case 'cancelOrder':
      return hearCancelled(desk, order, answer);
    case 'enquireOrder':
      return hearEnquired(desk, order, answer, effect.attempt === order.enquiries);
    case 'replaceOrder': // Done or not, the old order knows: venues.md 8, #12.
      return askSoon(desk, order);
    default:
      return unreachable(effect);
  }
}

function hearSubmitted(desk: Desk, order: Order, answer: Answer): void {
  const report = reportOn(order.intent.clientOrderId, answer);
  if (answer.outcome === 'done' && report !== undefined) {
    pursue(desk, order, takeReport(desk, report));
  } else if (answer.outcome === 'refused' && answer.code !== 'DUPLICATE_CLIENT_ORDER_ID') {
    refuse(desk, order, answer);
  } else if (!isTerminal(order.standing)) {
    // No answer, one that cannot be read, or "you have sent that already": all the same question.
    const reason = answer.code ?? answer.outcome;
    if (order.standing === 'intended') stand(desk, order, 'unknown', { reason });
    askSoon(desk, order);
  }
}

function refuse(desk: Desk, order: Order, answer: Answer): void {
  const { standing } = order;
  if (isTerminal(standing)) return;
  if (standing === 'intended' || standing === 'unknown' || standing === 'notPlaced') {
    const reason = [answer.code, answer.message].filter((part) => part !== undefined).join(': ');
    stand(desk, order, 'rejected', { reason });
    return;
  }
  // Refused, and yet reported as working: one of the two is wrong.
  askSoon(desk, order);
}

function hearCancelled(desk: Desk, order: Order, answer: Answer): void {
  const report = reportOn(order.intent.clientOrderId, answer);
  const doubt =
    answer.outcome === 'done' && report !== undefined ? takeReport(desk, report) : 'none';
  if (isSettled(order.standing)) return pursue(desk, order, doubt);
  // Taken is not done (venues.md 4.4): the update tells, and if it does not come we ask.
  pursue(desk, order, answer.outcome === 'done' && doubt !== 'ask' ? 'watch' : 'ask');
}

function hearEnquired(desk: Desk, order: Order, answer: Answer, isLatest: boolean): void {
  const report = reportOn(order.intent.clientOrderId, answer);
  if (answer.outcome === 'done' && report !== undefined) {
    const doubt = takeReport(desk, report, true);
    if (doubt !== 'none' && isLatest) askAgain(desk, order);
    return;
  }
  if (!isLatest) return; // A newer question is on its way.
  if (answer.outcome === 'refused' && answer.code === 'ORDER_NOT_FOUND') hearAbsent(desk, order);
  else askAgain(desk, order);
}

/**
 * Absence. A request may still be on its way, so it proves nothing until it is seen twice, the
 * second time asked later than the longest flight after we gave up waiting. Even then a late
 * accept is possible: it is looked for once more, and adopted whenever it comes.
 */
function hearAbsent(desk: Desk, order: Order): void {
  const { options, turn } = desk;
  const { clientOrderId } = order.intent;
  switch (order.standing) {
    case 'intended':
      stand(desk, order, 'unknown', { reason: 'not found' });
      desk.facts.push({ kind: 'absent', clientOrderId, atUs: turn.nowUs });
      return askAgain(desk, order, turn.nowUs + options.settlingUs);
    case 'unknown': {
      const settledUs = order.unknownUs + options.settlingUs;
      desk.facts.push({ kind: 'absent', clientOrderId, atUs: turn.nowUs });
      if (order.absences === 0 || order.lastEnquiryUs < settledUs) {
        return askAgain(desk, order, settledUs);
      }
      stand(desk, order, 'notPlaced', { reason: 'not found' });
      return schedule(desk, order, 'enquire', turn.nowUs + LATE_ACCEPT_US);
    }
    case 'rejected':
    case 'notPlaced':
      return; // As it should be.
    default:
      // The venue has told us of it before.
      alert(desk, 'error', 'ORDER_VANISHED', `${clientOrderId} is not found any more`);
      return askAgain(desk, order);
  }
}

/** Later than this nobody has seen an order arrive. */
const LATE_ACCEPT_US = 10 * MINUTE;

/** The order in an answer, if it is the one that was asked about. */
function reportOn(clientOrderId: ClientOrderId, { order }: Answer): OrderReport | undefined {
  return order?.clientOrderId === clientOrderId ? order : undefined;
}
