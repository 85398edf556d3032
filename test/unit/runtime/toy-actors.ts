import {
  type ClientOrderId,
  type SignalId,
  type StrategyId,
  type SymbolId,
  symbolId,
  textId,
} from '../../../src/core/ids.ts';
import { price, shares, ZERO } from '../../../src/core/money.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import type { Signal } from '../../../src/domain/signals/signal.ts';
import type {
  ActorDefinition,
  ReplyMessage,
  Turn,
} from '../../../src/actors/runtime/definition.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import {
  ACCOUNT,
  type ExecutionMessage,
  type RiskMessage,
  type StrategyMessage,
  type ToyOptions,
} from './toy-messages.ts';

type Counts = Map<SymbolId, number>;

/** Wishes to trade whatever is observed. Its state is how many signals each symbol has had. */
export function strategy({
  table,
  fault,
}: ToyOptions): ActorDefinition<Counts, StrategyMessage, 'signalled' | 'sequenceCarried'> {
  return {
    name: 'strategy',
    restart: { restartsMax: 1, withinUs: 10_000_000, then: 'noEntries', quarantineUs: 0 },
    isOrderPath: false,
    hears: ['newsArrived'],
    applies: ['signalled', 'sequenceCarried'],
    initial: () => new Map(),
    decide(counts, message, turn) {
      switch (message.kind) {
        case 'observed': {
          const signal = signalOf(message, counts.get(message.symbol) ?? 0, turn.nowUs);
          turn.send(table.risk, { kind: 'signal', signal });
          fault('strategy', message.kind, message.symbol, message.last);
          if (signal.side === 'sell') turn.schedule(turn.nowUs + 2_000, 'tidy', message.symbol);
          return [{ kind: 'signalled', ...signal }];
        }
        case 'timer':
          turn.send(table.execution, { kind: 'tidy', symbol: symbolId(message.key) });
          fault('strategy', message.kind, message.key, 0);
          return [];
        default:
          fault('strategy', message.kind, 'symbol' in message ? (message.symbol ?? -1) : -1, 0);
          return [];
      }
    },
    apply(counts, fact) {
      const next = fact.kind === 'signalled' ? (counts.get(fact.symbol) ?? 0) + 1 : fact.next;
      counts.set(fact.symbol, next);
    },
    condense: (counts) => [...counts].map(([symbol, next]) => carried('strategy', symbol, next)),
  };
}

interface RiskState {
  isHalted: boolean;
  readonly approvals: Counts;
}

type RiskKind = 'approved' | 'tradingHalted' | 'tradingResumed' | 'sequenceCarried';

/** Says yes to everything until trading is halted. */
export function risk({
  table,
  fault,
}: ToyOptions): ActorDefinition<RiskState, RiskMessage, RiskKind> {
  return {
    name: 'risk',
    restart: { restartsMax: 0, withinUs: 10_000_000, then: 'stop', quarantineUs: 0 },
    isOrderPath: true,
    hears: ['commanded'],
    applies: ['approved', 'tradingHalted', 'tradingResumed', 'sequenceCarried'],
    initial: () => ({ isHalted: false, approvals: new Map() }),
    decide(state, message, turn) {
      if (message.kind === 'commanded') {
        fault('risk', message.kind, -1, 0);
        return message.verb === 'halt' ? [halted('OPERATOR')] : [RESUMED];
      }
      if (message.kind !== 'signal') return [];
      const { signal } = message;
      const { signalId, symbol } = signal;
      if (state.isHalted) {
        fault('risk', message.kind, symbol, 0);
        return [{ kind: 'refused', signalId, symbol, code: 'HALTED', value: 0, limit: 0 }];
      }
      const intent = intentOf(signal, state.approvals.get(symbol) ?? 0);
      turn.send(table.execution, { kind: 'approved', intent });
      fault('risk', message.kind, symbol, signal.last);
      const { clientOrderId } = intent;
      return [{ kind: 'approved', signalId, clientOrderId, symbol, notional: ZERO }];
    },
    apply(state, fact) {
      switch (fact.kind) {
        case 'approved':
          state.approvals.set(fact.symbol, (state.approvals.get(fact.symbol) ?? 0) + 1);
          return;
        case 'sequenceCarried':
          state.approvals.set(fact.symbol, fact.next);
          return;
        case 'tradingHalted':
          state.isHalted = true;
          return;
        case 'tradingResumed':
          state.isHalted = false;
      }
    },
    condense: ({ approvals, isHalted }) => [
      ...(isHalted ? [halted('CARRIED')] : []),
      ...[...approvals].map(([symbol, next]) => carried('risk', symbol, next)),
    ],
  };
}

interface Order {
  readonly intent: OrderIntent;
  standing: Standing;
  reason: string;
}
type Orders = Map<ClientOrderId, Order>;

/** Sends, cancels, and asks about what it does not know. */
export function execution({
  fault,
}: ToyOptions): ActorDefinition<Orders, ExecutionMessage, 'intended' | 'stood'> {
  return {
    name: 'execution',
    restart: { restartsMax: 0, withinUs: 10_000_000, then: 'stop', quarantineUs: 0 },
    isOrderPath: true,
    hears: ['serviceChanged'],
    applies: ['intended', 'stood'],
    initial: () => new Map(),
    decide(orders, message, turn) {
      switch (message.kind) {
        case 'approved': {
          const { intent } = message;
          const before = openOrders(orders).filter((order) => order.symbol === intent.symbol);
          if (intent.sequence % 3 === 2) cancelAll(before, turn);
          turn.request(requestOf(intent));
          fault('execution', message.kind, intent.symbol, 0);
          return [{ kind: 'intended', ...intent }];
        }
        case 'tidy':
          cancelAll(
            openOrders(orders).filter(({ symbol }) => symbol === message.symbol),
            turn,
          );
          fault('execution', message.kind, message.symbol, 0);
          return [];
        case 'serviceChanged':
          cancelAll(openOrders(orders), turn);
          fault('execution', message.kind, -1, 0);
          return [];
        case 'replied':
          return hearReply(orders, message, turn, fault);
        default:
          return [];
      }
    },
    apply(orders, fact) {
      if (fact.kind === 'intended') {
        const { kind: _kind, ...intent } = fact;
        orders.set(intent.clientOrderId, { intent, standing: 'intended', reason: '' });
        return;
      }
      const order = orders.get(fact.clientOrderId);
      if (order === undefined) return;
      order.standing = fact.standing;
      order.reason = fact.reason ?? '';
    },
    condense(orders) {
      const facts: Fact[] = [];
      for (const { intent, standing, reason } of orders.values()) {
        facts.push({ kind: 'intended', ...intent });
        if (standing !== 'intended') facts.push(stood(intent, standing, reason, 0));
      }
      return facts;
    },
  };
}

function hearReply(
  orders: Orders,
  { effect, answer }: ReplyMessage,
  turn: Turn,
  fault: ToyOptions['fault'],
): readonly Fact[] {
  if (effect.kind !== 'submitOrder' && effect.kind !== 'cancelOrder') return [];
  const { clientOrderId } = effect;
  const order = orders.get(clientOrderId);
  if (order === undefined) return [];
  if (answer.outcome === 'unknown') {
    turn.request({ kind: 'enquireOrder', account: ACCOUNT, clientOrderId, attempt: 1 });
  }
  fault('execution', `replied ${effect.kind}`, order.intent.symbol, 0);
  const isDone = answer.outcome === 'done';
  const standing = !isDone ? 'unknown' : effect.kind === 'submitOrder' ? 'working' : 'canceled';
  return [stood(order.intent, standing, answer.message ?? '', turn.nowUs)];
}

function stood(
  { clientOrderId, symbol }: OrderIntent,
  standing: Standing,
  reason: string,
  atUs: number,
): Fact {
  return { kind: 'stood', clientOrderId, symbol, standing, reason, atUs };
}

function openOrders(orders: Orders): readonly OrderIntent[] {
  return [...orders.values()]
    .filter(({ standing }) => standing === 'intended' || standing === 'working')
    .map(({ intent }) => intent);
}

function cancelAll(open: readonly OrderIntent[], turn: Turn): void {
  for (const { clientOrderId } of open) {
    turn.request({ kind: 'cancelOrder', account: ACCOUNT, clientOrderId });
  }
}

function requestOf(intent: OrderIntent) {
  const { account, clientOrderId, symbol, side, quantity, type, timeInForce } = intent;
  const terms = { account, clientOrderId, symbol, side, quantity, type, timeInForce };
  return { kind: 'submitOrder', ...terms } as const;
}

function signalOf(
  { symbol, mean, last }: { symbol: SymbolId; mean: number; last: number },
  count: number,
  atUs: number,
): Signal {
  return {
    signalId: textId<SignalId>(`s-${symbol}-${count}`),
    strategy: textId<StrategyId>('toy'),
    symbol,
    side: last > mean ? 'buy' : 'sell',
    purpose: 'entry',
    value: mean,
    threshold: 0,
    reason: 'seen',
    bid: last,
    ask: last,
    last,
    stopDistance: 1,
    atUs,
  };
}

function intentOf({ signalId, strategy: by, symbol, side, last }: Signal, sequence: number) {
  return {
    account: ACCOUNT,
    clientOrderId: textId<ClientOrderId>(`o-${symbol}-${sequence}`),
    strategy: by,
    signalId,
    symbol,
    side,
    purpose: 'entry',
    quantity: shares(10),
    type: 'market',
    timeInForce: 'day',
    referencePrice: price(Math.max(1, Math.round(last))),
    sequence,
  } as const;
}

export function halted(code: string): Fact {
  return {
    kind: 'tradingHalted',
    account: ACCOUNT,
    level: 'noEntries',
    code,
    reason: '',
    by: 'toy',
  };
}

const RESUMED: Fact = { kind: 'tradingResumed', account: ACCOUNT, by: 'toy', reason: '' };

function carried(by: string, symbol: SymbolId, next: number): Fact {
  return { kind: 'sequenceCarried', strategy: by, symbol, next };
}
