import { doubled } from '../../core/doubling.ts';
import { unreachable } from '../../core/assert.ts';
import type { AccountId, SymbolId } from '../../core/ids.ts';
import { money } from '../../core/money.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { isOwnForm } from '../../domain/orders/client-order-id.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Statement } from '../../domain/orders/statement.ts';
import {
  checkStatement,
  type Finding,
  isReadable,
  type StatementQuestion,
} from '../../domain/portfolio/statement-check.ts';
import { RECONCILIATION_NAME } from '../../domain/risk/restrictions.ts';
import type { Fact } from '../../ports/fact.ts';
import type { ActorDefinition, ReplyMessage, TimerMessage, Turn } from '../runtime/definition.ts';
import { EXECUTION } from './actor-table.ts';
import type { OrdersTaken, ReconciliationMessage } from './messages.ts';
import {
  applyToReconciliation,
  condenseReconciliation,
  emptyReconciliation,
  RECONCILIATION_APPLIES,
  type ReconciliationKind,
  type ReconciliationState,
} from './reconciliation-state.ts';

export interface ReconciliationOptions {
  readonly account: AccountId;
  /** Between two questions while all is well; 0: asked when a life opens, and on occasion. */
  readonly everyUs: number;
  /**
   * A simulated world: nobody else has a hand in the account, and the broker lives again with the
   * process. Then only a session's first life waits for a statement, and a later one needs none.
   */
  readonly isAlone?: boolean;
}

/**
 * Lays the broker's books beside ours: when a life opens, when the broker is back, and from time to
 * time. Until the first statement is dealt with nothing is entered. What the broker knows better is
 * taken into our books and told to people; never is an order made of it.
 *
 * A statement's orders go to execution, one message each, because only execution knows our orders;
 * it hands back those that it does not know, and then positions and cash are compared.
 */
export function reconciliation(
  options: ReconciliationOptions,
): ActorDefinition<ReconciliationState, ReconciliationMessage, ReconciliationKind> {
  return {
    name: RECONCILIATION_NAME,
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'noEntries', quarantineUs: 0 },
    isOrderPath: true,
    hears: ['opened', 'serviceChanged'],
    applies: RECONCILIATION_APPLIES,
    initial: emptyReconciliation,
    decide(state, message, turn) {
      const desk: Desk = { state, turn, options, facts: [] };
      decide(desk, message);
      keepWatch(desk);
      return desk.facts;
    },
    apply: applyToReconciliation,
    condense: condenseReconciliation,
  };
}

interface Desk {
  readonly state: ReconciliationState;
  readonly turn: Turn;
  readonly options: ReconciliationOptions;
  readonly facts: Fact[];
}

/** Two clocks, and what was on its way: a question looks back this much farther. */
const OVERLAP_US = 5 * MINUTE;
/** After a failed question, doubled by each that fails, up to the longest. */
const RETRY_US = SECOND;
const RETRY_US_MAX = 30 * SECOND;
/** A doubt is looked at again soon: what was on its way has arrived by then. */
const AGAIN_US = 2 * SECOND;
/** The first failures are those of a broker that is still starting; then people are told. */
const FAILURES_UNTOLD = 2;
const FAILURES_PER_ALERT = 5;
const LOOK_US = 20 * SECOND;

function decide(desk: Desk, message: ReconciliationMessage): void {
  switch (message.kind) {
    case 'opened':
      return open(desk);
    case 'serviceChanged': {
      const isBack = message.service === 'broker' && message.state === 'up';
      return isBack && !desk.state.isReconciled ? ask(desk, { failures: 0 }) : undefined;
    }
    case 'timer':
      return hearTimer(desk, message);
    case 'replied':
      return hearReply(desk, message);
    case 'ordersTaken':
      return compare(desk, message);
    default:
      return unreachable(message);
  }
}

/** What the broker did while nobody listened it has to tell first. */
function open(desk: Desk): void {
  const isTrusted = desk.options.isAlone === true && desk.state.isReconciled;
  if (!isTrusted) ask(desk, { failures: 0, isBlocking: true });
}

interface Asking {
  readonly failures: number;
  /** The last question was answered: the next one need not look back as far. */
  readonly isAnswered?: boolean;
  readonly isBlocking?: boolean;
}

function ask({ state, turn, options, facts }: Desk, asking: Asking): void {
  const { failures, isAnswered = false, isBlocking = false } = asking;
  const { account } = options;
  const { asked } = state;
  const attempt = asked.attempt + 1;
  const fromUs = attempt === 1 ? turn.nowUs : asked.atUs;
  const sinceUs = attempt === 1 || isAnswered ? fromUs - OVERLAP_US : asked.sinceUs;
  const question = { attempt, failures, isBlocking, sinceUs, atUs: turn.nowUs };
  facts.push({ kind: 'reconcileAsked', account, ...question });
  turn.request({ kind: 'reconcile', account, sinceUs, attempt });
}

/** A question that was overtaken by another one has its own timers. */
function hearTimer(desk: Desk, { tag, key }: TimerMessage): void {
  const { state, turn, options } = desk;
  const { attempt, failures, atUs } = state.asked;
  if (tag === 'again' && key === attempt) return ask(desk, { failures: 0, isAnswered: true });
  if (tag === 'soon' && key === attempt) return ask(desk, { failures });
  if (tag === 'retry' && key === attempt) return ask(desk, { failures: failures + 1 });
  if (tag !== 'look' || turn.outstanding('reconcile') > 0) return;
  // A crash may have lost the answer, or the timer that was to follow it.
  const waitUs = state.isReconciled ? Math.max(options.everyUs, LOOK_US) : RETRY_US_MAX;
  if (turn.nowUs - atUs > waitUs + LOOK_US) ask(desk, { failures });
}

/** As long as anything is owed there is a next look, and one after it if that one crashes. */
function keepWatch({ state, turn, options, facts }: Desk): void {
  const isBlocked = facts.some((fact) => fact.kind === 'reconcileAsked' && fact.isBlocking);
  const isAgreed = facts.some(({ kind }) => kind === 'reconciled') || state.isReconciled;
  const isSettled = isAgreed && !isBlocked;
  const isOwed = !isSettled || state.doubts.size > 0 || turn.outstanding('reconcile') > 0;
  if (!isOwed && options.everyUs === 0) return;
  const nextUs = (Math.floor(turn.nowUs / LOOK_US) + 1) * LOOK_US;
  turn.schedule(nextUs, 'look', 0);
  turn.schedule(nextUs + LOOK_US, 'look', 0);
}

function hearReply(desk: Desk, { effect, answer }: ReplyMessage): void {
  const { state, turn, options } = desk;
  if (effect.kind !== 'reconcile') return;
  const isLatest = effect.attempt === state.asked.attempt && effect.attempt > state.voidUntil;
  if (!isLatest) return; // A newer question is under way, or there is one to come.
  const { statement } = answer;
  if (answer.outcome !== 'done' || statement === undefined) {
    return fail(desk, answer.code ?? answer.outcome);
  }
  if (statement.account !== options.account) return fail(desk, `account ${statement.account}`);
  if (!isReadable(statement)) return fail(desk, 'numbers past what our books hold');
  for (const report of statement.orders) turn.send(EXECUTION, { kind: 'orderStated', report });
  turn.send(EXECUTION, { kind: 'ordersStated', statement });
}

/** RELIABILITY C4: nothing is known, which is not flat. Nothing follows but the next question. */
function fail({ state, turn }: Desk, why: string): void {
  const { attempt, failures } = state.asked;
  const waitUs = doubled(RETRY_US, failures, RETRY_US_MAX);
  turn.schedule(turn.nowUs + waitUs, 'retry', attempt);
  if (failures % FAILURES_PER_ALERT !== FAILURES_UNTOLD) return;
  const text = `the broker's books are not known (${why}), question ${attempt}`;
  turn.request({ kind: 'alert', severity: 'warn', code: 'NOT_RECONCILED', text });
}

function compare(desk: Desk, { statement, notOurs }: OrdersTaken): void {
  const { state, turn, options, facts } = desk;
  for (const report of notOurs) takeExternal(desk, report);
  if (statement === undefined) {
    // Heard of between two statements: the next one tells what became of the position.
    const isFilled = notOurs.some(({ executions }) => executions.length > 0);
    if (isFilled) turn.schedule(turn.nowUs + AGAIN_US, 'soon', state.asked.attempt);
    return;
  }
  const findings = checkStatement(questionOf(desk, statement, notOurs));
  for (const finding of findings) act(desk, finding);
  for (const name of statement.unlisted) {
    if (state.unlisted.has(name)) continue;
    facts.push({ kind: 'unlistedHeld', name });
    tell(desk, 'warn', 'POSITION_UNLISTED', `${name} is held and has no place in this session`);
  }
  const isDoubted = findings.some(({ kind }) => kind === 'doubted' || kind === 'cashDoubted');
  const { attempt } = state.asked;
  const { account, everyUs } = options;
  if (!isDoubted && !state.isReconciled) {
    facts.push({ kind: 'reconciled', account, attempt, atUs: turn.nowUs });
  }
  // After a change there is more to come: cash follows positions.
  const isCalm = findings.length === 0 || !state.isBegun;
  if (!isCalm) turn.schedule(turn.nowUs + AGAIN_US, 'again', attempt);
  else if (everyUs > 0) turn.schedule(turn.nowUs + everyUs, 'again', attempt);
}

function questionOf(
  { state }: Desk,
  statement: Statement,
  notOurs: readonly OrderReport[],
): StatementQuestion {
  const { moved, traded } = state;
  const busy = new Set<SymbolId>([...state.open.values(), ...moved]);
  const theirs = new Set<SymbolId>();
  for (const { symbol, filledQuantity } of notOurs) if (filledQuantity > 0) theirs.add(symbol);
  return {
    statement,
    cash: state.cash,
    holdings: state.holdings,
    isOpening: !state.isBegun,
    isQuiet: (symbol) => !busy.has(symbol),
    isAccountQuiet: busy.size === 0,
    isExternal: (symbol) => theirs.has(symbol) || !traded.has(symbol),
    doubts: state.doubts,
    cashDoubt: state.cashDoubt,
  };
}

function act(desk: Desk, finding: Finding): void {
  const { facts, options } = desk;
  const { account } = options;
  switch (finding.kind) {
    case 'adopted':
      return adopt(desk, finding);
    case 'doubted': {
      const { symbol, ours, theirs } = finding;
      facts.push({ kind: 'positionDoubted', symbol, ours, theirs });
      return;
    }
    case 'cleared': {
      const { symbol, quantity } = finding;
      facts.push({ kind: 'positionDoubted', symbol, ours: quantity, theirs: quantity });
      return;
    }
    case 'cashAdopted': {
      const { origin } = finding;
      facts.push({ kind: 'cashAdjusted', account, amount: money(finding.amount), origin });
      if (origin === 'opening') return;
      const text = `cash changed by ${finding.amount} ten-thousandths, by no trade of ours`;
      return tell(desk, 'warn', 'CASH_ADJUSTED', text);
    }
    case 'cashDoubted':
      facts.push({
        kind: 'cashDoubted',
        ours: money(finding.ours),
        theirs: money(finding.theirs),
      });
      return;
    case 'cashCleared': {
      const cash = money(finding.cash);
      facts.push({ kind: 'cashDoubted', ours: cash, theirs: cash });
      return;
    }
    default:
      return unreachable(finding);
  }
}

/** RELIABILITY C5: the symbol is stopped in this very turn, people are told, no order is made. */
function adopt(desk: Desk, finding: Extract<Finding, { kind: 'adopted' }>): void {
  const { facts, state, options } = desk;
  const { symbol, ours, theirs, cost, price, origin } = finding;
  const { account } = options;
  if (origin === 'drift') {
    facts.push({ kind: 'driftFound', symbol, ours, theirs });
    const reason = `drift: ${ours} in our books, ${theirs} at the broker`;
    const text = `symbol ${symbol}, ${reason}`;
    tell(desk, 'error', 'DRIFT', text);
    if (!state.banned.has(symbol)) {
      facts.push({ kind: 'symbolBanned', symbol, isBanned: true, by: RECONCILIATION_NAME, reason });
    }
  } else {
    const reason = `${theirs} shares held that this session did not trade, ${ours} in its books`;
    tell(desk, 'warn', 'POSITION_EXTERNAL', `symbol ${symbol}: ${reason}`);
    leaveAlone(desk, symbol, reason);
  }
  facts.push({ kind: 'positionAdopted', account, symbol, quantity: theirs, cost, price, origin });
}

/** RELIABILITY C3: adopted, labelled and shown; what it holds is left to whoever made it. */
function takeExternal(desk: Desk, report: OrderReport): void {
  const { state, facts } = desk;
  const { clientOrderId, venueOrderId, symbol, side, quantity, filledQuantity } = report;
  const known = state.external.get(clientOrderId);
  const isOpen = isUnfinished(report);
  if (known === undefined && !isOpen && filledQuantity === 0) return; // It came to nothing.
  if (known?.isOpen === isOpen && known.filledQuantity >= filledQuantity) return;
  if (known !== undefined && !known.isOpen && isOpen) return; // An old word of one that ended.
  const isFormOurs = isOwnForm(clientOrderId);
  facts.push({
    kind: 'externalOrder',
    clientOrderId,
    venueOrderId,
    symbol,
    side,
    quantity,
    filledQuantity,
    isOpen,
    isFormOurs,
  });
  if (known !== undefined) return;
  const whose = isFormOurs ? 'another session' : 'somebody else';
  const text = `${clientOrderId} (${venueOrderId}): ${side} ${quantity} of ${symbol} by ${whose}`;
  tell(desk, 'warn', 'ORDER_EXTERNAL', text);
  leaveAlone(desk, symbol, `${side} order of ${whose}`);
}

function isUnfinished({ status, event }: OrderReport): boolean {
  switch (status) {
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'doneForDay':
    case 'replaced':
    case 'rejected':
      return false;
    case 'unrecognised':
      return event !== 'fill' && event !== 'canceled' && event !== 'expired';
    default:
      return true;
  }
}

/** Said once of a symbol, until a person says hands on; nothing of ours stays in the market. */
function leaveAlone({ state, turn, facts }: Desk, symbol: SymbolId, reason: string): void {
  const by = RECONCILIATION_NAME;
  const isSaid = facts.some((fact) => fact.kind === 'handsOff' && fact.symbol === symbol);
  if (isSaid || state.handsOff.has(symbol)) return;
  facts.push({ kind: 'handsOff', symbol, isOff: true, by, reason });
  for (const [clientOrderId, of] of state.open) {
    if (of === symbol) turn.send(EXECUTION, { kind: 'cancelWanted', clientOrderId, reason });
  }
}

function tell({ turn }: Desk, severity: 'warn' | 'error', code: string, text: string): void {
  turn.request({ kind: 'alert', severity, code, text });
}
