import { unreachable } from '../../core/assert.ts';
import {
  type AccountId,
  type SessionId,
  type StrategyId,
  type SymbolId,
  textId,
} from '../../core/ids.ts';
import { money } from '../../core/money.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { ClientOrderIds } from '../../domain/orders/client-order-id.ts';
import { emptyBook, type RiskBook } from '../../domain/risk/book.ts';
import { decideEntry } from '../../domain/risk/decide-entry.ts';
import { decideExit } from '../../domain/risk/decide-exit.ts';
import type { OrderOwner, Refusal, RiskDecision } from '../../domain/risk/decision.ts';
import { worstPrice } from '../../domain/risk/exposure.ts';
import { type RiskLimits, shareOf } from '../../domain/risk/limits.ts';
import { areEntriesStopped, policyFault } from '../../domain/risk/policies.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import { type HaltLevel, levelOf } from '../../domain/risk/restrictions.ts';
import type { Signal } from '../../domain/signals/signal.ts';
import type { Fact, FactOf } from '../../ports/fact.ts';
import type { Command, Input } from '../../ports/input.ts';
import type { ActorDefinition, Turn } from '../runtime/definition.ts';
import { EXECUTION } from './actor-table.ts';
import type { RiskMessage } from './messages.ts';
import { applyToBook, condenseBook, RISK_APPLIES, type RiskKind } from './risk-facts.ts';

export interface RiskOptions {
  readonly account: AccountId;
  readonly session: SessionId;
  /** Changes only when a journal was lost. */
  readonly epoch: number;
  readonly limits: RiskLimits;
}

/** The name under which risk closes positions of its own accord. */
export const RISK_STRATEGY = textId<StrategyId>('risk');

/** How long a closing order has before what is left is closed again. */
const FLATTEN_RETRY_US = 5 * SECOND;
const WATCH_US = MINUTE;

/**
 * Says yes or no to every signal, and watches what is held. A halt of any kind lasts until a
 * person resumes: no line of this file makes a `tradingResumed` but the one that answers a command.
 */
export function risk(options: RiskOptions): ActorDefinition<RiskBook, RiskMessage, RiskKind> {
  const owner = { account: options.account, ids: new ClientOrderIds(options) };
  return {
    name: 'risk',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'stop', quarantineUs: 0 },
    isOrderPath: true,
    hears: ['commanded', 'serviceChanged', 'sessionChanged', 'policyChanged', 'opened'],
    applies: RISK_APPLIES,
    initial: emptyBook,
    decide: (book, message, turn) => decide({ book, turn, options, owner }, message),
    apply: applyToBook,
    condense: (book) => condenseBook(book, options.account),
  };
}

interface Desk {
  readonly book: RiskBook;
  readonly turn: Turn;
  readonly options: RiskOptions;
  readonly owner: OrderOwner;
}

function decide(desk: Desk, message: RiskMessage): readonly Fact[] {
  switch (message.kind) {
    case 'signalMade':
      return answer(desk, message.signal, message.view);
    case 'valued':
      return value(desk);
    case 'timer':
      if (message.tag === 'watch') return watch(desk, message.key);
      return flattenDue(desk) ? keepClosing(desk, 'positions are closed') : [];
    case 'commanded':
      return message.account === desk.options.account ? obey(desk, message) : [];
    case 'sessionChanged':
      return changeSession(desk, message);
    case 'serviceChanged':
      return serviceFacts(desk, message);
    case 'policyChanged':
      return heed(desk, message);
    case 'opened':
      return open(desk, message);
    default:
      return unreachable(message);
  }
}

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

function open({ book, options }: Desk, input: InputOf<'opened'>): readonly Fact[] {
  const { account } = options;
  if (input.account !== account) {
    const reason = `the journal belongs to ${input.account}`;
    return [halted(account, 'stop', 'ACCOUNT_OTHER', reason)];
  }
  if (book.isOpened) return [];
  return [{ kind: 'accountOpened', account, cash: money(input.startingCash) }];
}

/** The base of the day's loss is taken once: hearing of the same day again does not forgive it. */
function changeSession(desk: Desk, input: InputOf<'sessionChanged'>): readonly Fact[] {
  const { book, turn, options } = desk;
  const { date, openUs, closeUs } = input;
  if (input.phase !== 'core') return [];
  const day = book.restrictions.day;
  if (day?.date === date && day.openUs === openUs && day.closeUs === closeUs) return [];
  const equity = day?.date === date ? day.equity : book.exposure.equity;
  turn.schedule(closeUs - options.limits.flattenBeforeCloseUs, 'flatten', date);
  turn.schedule(Math.max(openUs, turn.nowUs) + WATCH_US, 'watch', closeUs);
  // Told to flatten while the market was closed: now it can be done.
  const closing = flattenDue(desk) ? keepClosing(desk, 'positions are closed') : [];
  return [{ kind: 'dayOpened', date, openUs, closeUs, equity }, ...closing];
}

/** A version that is known, or older, is what every life of a session hears again. */
function heed(desk: Desk, input: InputOf<'policyChanged'>): readonly Fact[] {
  const { policies } = desk.book.restrictions;
  const { name, version, value, by, reason } = input;
  const known = policies.get(name);
  if (known !== undefined && version <= known.version) return [];
  const fault = policyFault(name, value);
  if (fault !== undefined) {
    return [{ kind: 'policyTaken', name, version, value, by, reason, unheeded: fault }];
  }
  const taken = { name, version, value, by, reason };
  if (areEntriesStopped(new Map([[name, taken]]))) {
    cancelAll(desk, true, `${name} is stopped: ${reason}`);
  }
  return [{ kind: 'policyTaken', ...taken }];
}

function serviceFacts(desk: Desk, input: InputOf<'serviceChanged'>): readonly Fact[] {
  if (input.service !== 'journal' || input.state !== 'down') return [];
  cancelAll(desk, false, 'the journal is down');
  return [halted(desk.options.account, 'cancelAll', 'JOURNAL_DOWN', input.reason)];
}

function obey(desk: Desk, command: Command): readonly Fact[] {
  const { book, options } = desk;
  const { verb, by, reason, symbol } = command;
  const { account } = options;
  switch (verb) {
    case 'halt':
      cancelAll(desk, true, reason);
      return [halted(account, 'noEntries', 'COMMAND', reason, by)];
    case 'cancelAll':
      cancelAll(desk, false, reason);
      return [halted(account, 'cancelAll', 'COMMAND', reason, by)];
    case 'flatten': {
      const isNew = levelOf(book.restrictions.halt) < levelOf({ level: 'flatten' });
      const closing = isNew ? keepClosing(desk, reason, true) : closeAll(desk, reason, true);
      return [halted(account, 'flatten', 'COMMAND', reason, by), ...closing];
    }
    case 'drain':
      return book.restrictions.isEnding ? [] : [{ kind: 'entriesEnded', account, by, reason }];
    case 'resume':
      if (book.restrictions.halt === undefined) return [];
      return [{ kind: 'tradingResumed', account, by, reason }];
    case 'ban':
    case 'unban':
      if (symbol === undefined) return [];
      if (verb === 'ban') cancelIn(desk, symbol, true, 'the symbol is banned');
      return [{ kind: 'symbolBanned', symbol, isBanned: verb === 'ban', by, reason }];
    case 'handsOff':
    case 'handsOn':
      if (symbol === undefined) return [];
      // The symbol is a person's now: nothing of ours stays in the market.
      if (verb === 'handsOff') cancelIn(desk, symbol, false, 'hands off the symbol');
      return [{ kind: 'handsOff', symbol, isOff: verb === 'handsOff', by, reason }];
    default:
      return unreachable(verb);
  }
}

/** Looks at the breakers although no mark has moved: a quarantined row says nothing. */
function watch(desk: Desk, closeUs: number): readonly Fact[] {
  const { turn } = desk;
  if (turn.nowUs + WATCH_US < closeUs) turn.schedule(turn.nowUs + WATCH_US, 'watch', closeUs);
  return value(desk);
}

/** Marks moved. */
function value(desk: Desk): readonly Fact[] {
  cancelUnderHalt(desk);
  const halt = lossHalt(desk);
  if (halt !== undefined) {
    cancelAll(desk, true, halt.reason);
    return halt.level === 'flatten' ? [halt, ...keepClosing(desk, halt.reason)] : [halt];
  }
  // A quarantined row says nothing about its price: what is held there is held blindly.
  const { exposure, restrictions } = desk.book;
  const blind = [...exposure.holdings.keys()].filter((symbol) =>
    restrictions.isQuarantined(symbol),
  );
  return closeIn(desk, blind, 'the symbol is quarantined');
}

function answer(desk: Desk, signal: Signal, view: MarketView): readonly Fact[] {
  const { book, turn, options, owner } = desk;
  const { account, limits } = options;
  cancelUnderHalt(desk);
  const question = { book, signal, view, limits, owner, nowUs: turn.nowUs };
  if (signal.purpose !== 'entry') {
    cancelIn(desk, signal.symbol, true, 'the position is being closed');
    return settle(desk, signal, decideExit(question));
  }
  const halt = lossHalt(desk);
  if (halt === undefined) return settle(desk, signal, decideEntry(question));
  cancelAll(desk, true, halt.reason);
  // Closing has its own turn, so that it does not meet this signal's.
  if (halt.level === 'flatten') turn.schedule(turn.nowUs, 'flatten', 0);
  const level = levelOf(halt);
  return [halted(account, halt.level, halt.code, halt.reason), refused(signal, 'HALTED', level, 0)];
}

function settle(desk: Desk, signal: Signal, decision: RiskDecision): readonly Fact[] {
  if (decision.isApproved) return place(desk, decision);
  const { code, value, limit } = decision.refusal;
  const facts: Fact[] = [refused(signal, code, value, limit)];
  if (code !== 'RATE_MAX' || desk.book.restrictions.halt !== undefined) return facts;
  // RELIABILITY H1: more orders than any strategy of ours makes. Something loops.
  const reason = `${signal.strategy} asked for order ${value} within a second`;
  cancelAll(desk, true, reason);
  return [halted(desk.options.account, 'noEntries', 'RATE_MAX', reason), ...facts];
}

function place(
  { turn }: Desk,
  { approval, notional }: Extract<RiskDecision, { isApproved: true }>,
): readonly Fact[] {
  const intent = approval.value;
  const { clientOrderId, strategy, symbol, side, purpose, quantity, signalId, sequence } = intent;
  turn.send(EXECUTION, { kind: 'approved', approval });
  const price = worstPrice(intent);
  const approved = { kind: 'approved', signalId, clientOrderId, symbol, notional } as const;
  // Written out, as all that is made on the way of an order: a spread takes ten times as long.
  const reserved = {
    kind: 'reserved',
    clientOrderId,
    strategy,
    symbol,
    side,
    purpose,
    quantity,
    price,
    sequence,
    atUs: turn.nowUs,
  } as const;
  return [approved, reserved];
}

/** The halt that the day's loss calls for; undefined where there is none, or it stands already. */
function lossHalt({ book, options }: Desk): FactOf<'tradingHalted'> | undefined {
  const { exposure, restrictions } = book;
  const { dailyLossMax, dailyLossHalt } = options.limits;
  const base = restrictions.day?.equity ?? 0;
  if (base <= 0 || base - exposure.equity < shareOf(base, dailyLossMax)) return undefined;
  if (levelOf(restrictions.halt) >= levelOf({ level: dailyLossHalt })) return undefined;
  const reason = `the day lost ${base - exposure.equity} of ${base} ten-thousandths`;
  return halted(options.account, dailyLossHalt, 'DAILY_LOSS', reason);
}

/** The last minutes of the session, or a halt that asks for it. Never outside of the session. */
function flattenDue({ book, turn, options }: Desk): boolean {
  const { restrictions } = book;
  const leftUs = restrictions.usToClose(turn.nowUs);
  if (leftUs === 0 || restrictions.halt?.level === 'stop') return false;
  return leftUs <= options.limits.flattenBeforeCloseUs || restrictions.halt?.level === 'flatten';
}

/** Entries are cancelled first: a venue refuses to sell what an order is still buying. */
function closeAll(desk: Desk, reason: string, isByPerson = false): readonly Fact[] {
  const { exposure } = desk.book;
  if (exposure.entries().length > 0) cancelAll(desk, true, reason);
  return closeIn(desk, [...exposure.holdings.keys()], reason, isByPerson);
}

/** Again and again to the close: an order may be refused, and a late fill open what was closed. */
function keepClosing(desk: Desk, reason: string, isByPerson = false): readonly Fact[] {
  const { turn } = desk;
  turn.schedule(turn.nowUs + FLATTEN_RETRY_US, 'flatten', 0);
  return closeAll(desk, reason, isByPerson);
}

/** One market order for each symbol that has anything left to close. */
function closeIn(
  desk: Desk,
  symbols: readonly SymbolId[],
  reason: string,
  isFlattening = false,
): readonly Fact[] {
  const { book, turn, options, owner } = desk;
  const { limits } = options;
  const question = { book, view: undefined, owner, limits, isFlattening };
  const facts: Fact[] = [];
  for (const symbol of symbols.toSorted((left, right) => left - right)) {
    const signal = closingSignal(desk, symbol, reason);
    const decision = decideExit({ ...question, signal, nowUs: turn.nowUs });
    // What forbids it is a fact already, and there will be another try.
    if (!decision.isApproved) continue;
    cancelIn(desk, symbol, true, reason);
    facts.push({ kind: 'signalled', ...signal }, ...place(desk, decision));
  }
  return facts;
}

function closingSignal({ book, turn }: Desk, symbol: SymbolId, reason: string): Signal {
  const { exposure, pace, listings } = book;
  const held = exposure.held(symbol);
  const name = listings.get(symbol)?.name ?? String(symbol);
  const sequence = pace.nextSequence(RISK_STRATEGY, symbol);
  return {
    signalId: textId(`${RISK_STRATEGY}-${name}-${sequence}`),
    strategy: RISK_STRATEGY,
    symbol,
    side: held > 0 ? 'sell' : 'buy',
    purpose: 'flatten',
    value: held,
    threshold: 0,
    reason,
    bid: Number.NaN,
    ask: Number.NaN,
    last: exposure.holdings.get(symbol)?.mark ?? Number.NaN,
    stopDistance: Number.NaN,
    atUs: turn.nowUs,
  };
}

/** A halt that came from a failure could cancel nothing itself. */
function cancelUnderHalt(desk: Desk): void {
  const { exposure, restrictions } = desk.book;
  if (restrictions.halt === undefined) return;
  const isLeft = exposure.entries().some(({ isCancelAsked }) => !isCancelAsked);
  if (isLeft) cancelAll(desk, true, restrictions.halt.reason);
}

function cancelAll({ turn }: Desk, entriesOnly: boolean, reason: string): void {
  turn.send(EXECUTION, { kind: 'cancelAllWanted', entriesOnly, reason });
}

function cancelIn({ book, turn }: Desk, symbol: SymbolId, entriesOnly: boolean, reason: string) {
  for (const { clientOrderId, purpose, isCancelAsked } of book.exposure.ordersOf(symbol)) {
    if (isCancelAsked || (entriesOnly && purpose !== 'entry')) continue;
    turn.send(EXECUTION, { kind: 'cancelWanted', clientOrderId, reason });
  }
}

function refused(signal: Signal, code: Refusal['code'], value: number, limit: number): Fact {
  const { signalId, symbol } = signal;
  return { kind: 'refused', signalId, symbol, code, value, limit };
}

function halted(
  account: AccountId,
  level: HaltLevel,
  code: string,
  reason: string,
  by: string = RISK_STRATEGY,
): FactOf<'tradingHalted'> {
  return { kind: 'tradingHalted', account, level, code, reason, by };
}
