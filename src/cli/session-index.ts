import type { ClientOrderId, SignalId, SymbolId } from '../core/ids.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { editDistance } from '../core/nearest-word.ts';
import { visitSession } from './read-session.ts';

export interface IndexedOrder {
  readonly signalId: SignalId;
  readonly symbol: SymbolId;
  /** Orders that replaced one another belong to one story. */
  readonly successors: Set<ClientOrderId>;
}

/** What a person may ask about in a session: its names, and how they hang together. */
export interface SessionIndex {
  readonly symbols: ReadonlyMap<string, SymbolId>;
  readonly names: ReadonlyMap<SymbolId, string>;
  readonly orders: ReadonlyMap<ClientOrderId, IndexedOrder>;
  readonly signals: ReadonlyMap<SignalId, SymbolId>;
}

/** What a story is about. */
export interface Subject {
  readonly type: 'order' | 'signal' | 'symbol';
  readonly name: string;
  /** Undefined where the signal itself was not recorded. */
  readonly symbol: SymbolId | undefined;
  readonly orders: ReadonlySet<ClientOrderId>;
  readonly signals: ReadonlySet<SignalId>;
}

export function indexSession(reader: SessionReader, sessionId: string): SessionIndex {
  const symbols = new Map<string, SymbolId>();
  const names = new Map<SymbolId, string>();
  const orders = new Map<ClientOrderId, IndexedOrder>();
  const signals = new Map<SignalId, SymbolId>();
  visitSession(reader, sessionId, {
    input(_, _nowUs, input) {
      if (input.kind !== 'symbolNamed') return;
      symbols.set(input.name, input.symbol);
      names.set(input.symbol, input.name);
    },
    turn(_, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'fact') continue;
        const { fact } = item;
        if (fact.kind === 'signalled') signals.set(fact.signalId, fact.symbol);
        if (fact.kind === 'intended') {
          const { clientOrderId, signalId, symbol } = fact;
          orders.set(clientOrderId, { signalId, symbol, successors: new Set() });
        }
        if (fact.kind === 'stood' && fact.successor !== undefined) {
          orders.get(fact.clientOrderId)?.successors.add(fact.successor);
        }
      }
    },
  });
  return { symbols, names, orders, signals };
}

/** By its name, or by a beginning that only one order or signal has; capitals do not matter. */
export function findSubject(index: SessionIndex, target: string): Subject | undefined {
  const symbol = index.symbols.get(target) ?? index.symbols.get(target.toUpperCase());
  if (symbol !== undefined) return symbolSubject(index, symbol);
  const order = oneOf([...index.orders.keys()], target);
  if (order !== undefined) return orderSubject(index, order);
  const signal = oneOf([...index.signals.keys()], target);
  return signal === undefined ? undefined : signalSubject(index, signal);
}

const NEAR_MAX = 5;
/** Edit distance is quadratic: beyond so many candidates only beginnings are compared. */
const CANDIDATES_MAX = 20_000;

/** What may have been meant, the likeliest first. */
export function nearTo(index: SessionIndex, target: string): readonly string[] {
  const all = [...index.symbols.keys(), ...index.orders.keys(), ...index.signals.keys()];
  const typed = target.toLowerCase();
  const beginning = all.filter((name) => name.toLowerCase().startsWith(typed));
  if (beginning.length > 0) return beginning.slice(0, NEAR_MAX);
  // Generous: it is a list to choose from, and two letters that changed places are two slips.
  const distanceMax = Math.max(1, Math.floor(typed.length / 2));
  const close = all
    .slice(0, CANDIDATES_MAX)
    .map((name) => ({ name, distance: editDistance(typed, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= distanceMax)
    .toSorted((left, right) => left.distance - right.distance)
    .map(({ name }) => name);
  return close.slice(0, NEAR_MAX);
}

function oneOf<Id extends string>(ids: readonly Id[], target: string): Id | undefined {
  const exact = ids.find((id) => id === target);
  if (exact !== undefined || target.length < BEGINNING_MIN) return exact;
  const beginning = ids.filter((id) => id.startsWith(target));
  return beginning.length === 1 ? beginning[0] : undefined;
}

const BEGINNING_MIN = 3;

function symbolSubject({ names, orders, signals }: SessionIndex, symbol: SymbolId): Subject {
  return {
    type: 'symbol',
    name: names.get(symbol) ?? `#${symbol}`,
    symbol,
    orders: new Set([...orders].flatMap(([id, order]) => (order.symbol === symbol ? [id] : []))),
    signals: new Set([...signals].flatMap(([id, of]) => (of === symbol ? [id] : []))),
  };
}

function signalSubject({ orders, signals }: SessionIndex, signalId: SignalId): Subject {
  const own = [...orders].filter(([, order]) => order.signalId === signalId);
  return {
    type: 'signal',
    name: signalId,
    symbol: signals.get(signalId),
    orders: new Set(own.map(([id]) => id)),
    signals: new Set([signalId]),
  };
}

/** The order with all that replaced it and that it replaced, and the signal it came from. */
function orderSubject({ orders }: SessionIndex, clientOrderId: ClientOrderId): Subject {
  const chain = new Set([clientOrderId]);
  for (const id of chain) for (const next of orders.get(id)?.successors ?? []) chain.add(next);
  for (const [id, { successors }] of [...orders].toReversed()) {
    if ([...successors].some((next) => chain.has(next))) chain.add(id);
  }
  const order = orders.get(clientOrderId);
  return {
    type: 'order',
    name: clientOrderId,
    symbol: order?.symbol,
    orders: chain,
    signals: new Set(order === undefined ? [] : [order.signalId]),
  };
}
