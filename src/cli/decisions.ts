import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import type { Fact, FactOf } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { visitSession } from './read-session.ts';

export const DECISION_KINDS = [
  'moves',
  'signals',
  'refusals',
  'intents',
  'standings',
  'fills',
  'cancels',
  'halts',
  'enquiries',
  'adoptions',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/**
 * A decision as two sessions can compare it: symbols and orders by name instead of by number,
 * because numbers and ids belong to one session; no sequence numbers; time is a field like others.
 */
export interface Decision {
  readonly kind: DecisionKind;
  /** What it is about: decisions of one stream follow one another. */
  readonly stream: string;
  readonly atUs: number;
  readonly fields: Readonly<Record<string, string>>;
  /** `mr AAPL 3`: strategy, symbol and place; empty where no order is meant. */
  readonly order: string;
}

export interface Decisions {
  readonly list: readonly Decision[];
  /** How often the engine began. */
  readonly lives: number;
  /** Orders that a recovery asked about, or did not know the fate of. */
  readonly touched: ReadonlySet<string>;
  /** There were more than this tool compares: nothing can be said about the rest. */
  readonly isCut: boolean;
}

export const DECISIONS_MAX = 2_000_000;

export function readDecisions(reader: SessionReader, sessionId: string): Decisions {
  const collector = new DecisionCollector();
  visitSession(reader, sessionId, {
    input: (_, _nowUs, input) => collector.input(input),
    turn(_, nowUs, { items }) {
      for (const item of items) if (item.type === 'fact') collector.fact(item.fact, nowUs);
    },
  });
  return collector;
}

type Fields = Readonly<Record<string, unknown>>;

/** Hears a session's inputs and facts in their order. */
export class DecisionCollector implements Decisions {
  readonly list: Decision[] = [];
  readonly names = new Map<SymbolId, string>();
  readonly touched = new Set<string>();
  lives = 0;
  isCut = false;
  readonly #orders = new Map<ClientOrderId, string>();

  input(input: Input): void {
    if (input.kind === 'symbolNamed') this.names.set(input.symbol, input.name);
    if (input.kind === 'opened') this.lives = Math.max(this.lives, input.life);
  }

  fact(fact: Fact, nowUs: number): void {
    this.#market(fact);
    this.#order(fact, nowUs);
    this.#restriction(fact, nowUs);
    this.#adoption(fact, nowUs);
  }

  #market(fact: Fact): void {
    switch (fact.kind) {
      case 'layerMoved': {
        const { kind: _, symbol, layer, atUs, ...fields } = fact;
        const name = this.nameOf(symbol);
        return this.#add('moves', `${name}, layer ${layer}`, atUs, fields);
      }
      case 'signalled': {
        const { kind: _, symbol, strategy, atUs, ...fields } = fact;
        return this.#add('signals', `${strategy} ${this.nameOf(symbol)}`, atUs, fields);
      }
    }
  }

  #order(fact: Fact, nowUs: number): void {
    switch (fact.kind) {
      case 'refused': {
        const { kind: _, symbol, ...fields } = fact;
        return this.#add('refusals', this.nameOf(symbol), nowUs, fields);
      }
      case 'intended':
        return this.#intend(fact, nowUs);
      case 'stood':
        return this.#stand(fact, nowUs);
      case 'filled': {
        const { quantity, price, venueUs } = fact.execution;
        const fields = { side: fact.side, quantity, price, venueUs };
        return this.#addOf('fills', fact.clientOrderId, nowUs, fields);
      }
      case 'cancelAsked':
        return this.#addOf('cancels', fact.clientOrderId, nowUs, { reason: fact.reason });
      case 'enquired':
        this.#touch(fact.clientOrderId);
        return this.#addOf('enquiries', fact.clientOrderId, nowUs, { attempt: fact.attempt });
      case 'absent':
        this.#touch(fact.clientOrderId);
        return this.#addOf('enquiries', fact.clientOrderId, nowUs, { answer: 'not found' });
    }
  }

  #intend(fact: FactOf<'intended'>, nowUs: number): void {
    const { kind: _, account: _account, clientOrderId, symbol, ...fields } = fact;
    const order = `${fact.strategy} ${this.nameOf(symbol)} ${fact.sequence}`;
    this.#orders.set(clientOrderId, order);
    this.#addOf('intents', clientOrderId, nowUs, fields);
  }

  #stand({ clientOrderId, standing, reason, successor }: FactOf<'stood'>, nowUs: number): void {
    if (standing === 'unknown') this.#touch(clientOrderId);
    const next = successor === undefined ? undefined : this.orderName(successor);
    this.#addOf('standings', clientOrderId, nowUs, { standing, reason, successor: next });
  }

  #restriction(fact: Fact, nowUs: number): void {
    switch (fact.kind) {
      case 'tradingHalted': {
        const { kind, account: _, ...fields } = fact;
        return this.#add('halts', kind, nowUs, fields);
      }
      case 'tradingResumed': {
        const { by, reason } = fact;
        return this.#add('halts', fact.kind, nowUs, { by, reason });
      }
      case 'symbolBanned':
      case 'handsOff': {
        const { kind, symbol, ...fields } = fact;
        return this.#add('halts', `${kind} ${this.nameOf(symbol)}`, nowUs, fields);
      }
    }
  }

  #adoption(fact: Fact, nowUs: number): void {
    switch (fact.kind) {
      case 'positionAdopted':
      case 'driftFound': {
        const { kind, symbol, ...fields } = fact;
        return this.#add('adoptions', `${kind} ${this.nameOf(symbol)}`, nowUs, fields);
      }
      case 'cashAdjusted': {
        const { kind, account: _, ...fields } = fact;
        return this.#add('adoptions', kind, nowUs, fields);
      }
    }
  }

  /** Only what happens after a life ended is a recovery's doing. */
  #touch(clientOrderId: ClientOrderId): void {
    if (this.lives > 1) this.touched.add(this.orderName(clientOrderId));
  }

  #addOf(kind: DecisionKind, clientOrderId: ClientOrderId, atUs: number, fields: Fields): void {
    const order = this.orderName(clientOrderId);
    this.#push({ kind, stream: order, atUs, fields: texts(fields), order });
  }

  #add(kind: DecisionKind, stream: string, atUs: number, fields: Fields): void {
    this.#push({ kind, stream, atUs, fields: texts(fields), order: '' });
  }

  #push(decision: Decision): void {
    if (this.list.length < DECISIONS_MAX) this.list.push(decision);
    else this.isCut = true;
  }

  /** `mr AAPL 3`, or its id where the order is not of this session. */
  orderName(clientOrderId: ClientOrderId): string {
    return this.#orders.get(clientOrderId) ?? `order ${clientOrderId}`;
  }

  nameOf(symbol: SymbolId): string {
    return this.names.get(symbol) ?? `#${symbol}`;
  }
}

/** Every number has one text, NaN too; what is absent is left out. */
function texts(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}
