import { assert } from '../../core/assert.ts';
import type { ClientOrderId, ExecutionId, SymbolId, VenueOrderId } from '../../core/ids.ts';
import { isSettled } from './machine.ts';
import type { OrderIntent } from './intent.ts';
import type { Execution } from './report.ts';
import type { Standing } from './standing.ts';

/** One order in our books. Read by whoever decides, written by `Orders` alone. */
export interface Order {
  readonly intent: OrderIntent;
  /** Its place among all orders of the session, from 1. */
  readonly ordinal: number;
  readonly standing: Standing;
  readonly venueOrderId: VenueOrderId | undefined;
  /** For `replaced`: the order that carries the rest. */
  readonly successor: ClientOrderId | undefined;
  readonly executions: readonly Execution[];
  /** The sum of the executions. */
  readonly filledQuantity: number;
  readonly isCancelAsked: boolean;
  /** Enquiries made. */
  readonly enquiries: number;
  readonly lastEnquiryUs: number;
  /** When its fate became unknown; 0 if it never was. */
  readonly unknownUs: number;
  /** Enquiries that did not find it. */
  readonly absences: number;
  /** Risk was told that it makes no more exposure. */
  readonly isReleased: boolean;
}

/** As a snapshot keeps it: the sum is left out, so that it cannot disagree. */
export type CarriedOrder = Omit<Order, 'filledQuantity' | 'venueOrderId' | 'successor'> & {
  readonly venueOrderId?: VenueOrderId;
  readonly successor?: ClientOrderId;
};

export interface StandingChange {
  readonly clientOrderId: ClientOrderId;
  readonly standing: Standing;
  readonly venueOrderId?: VenueOrderId;
  readonly successor?: ClientOrderId;
  readonly atUs: number;
}

/**
 * Settled orders kept in full. At 20 orders a second that is the last 54 minutes at least; a late
 * accept comes within ten. Of an older one two things stay for ever: its executions' ids, and its
 * sequence, which no later order may take. A report about it is a stray, and said to be one.
 */
export const SETTLED_ORDERS_MAX = 65_536;

/** Executions that one order may have: what a snapshot of it holds. */
export const ORDER_EXECUTIONS_MAX = 10_000;

/**
 * Every order we ever meant, by the id it was meant under. Writers are total: a change of an order
 * that is not kept any more does nothing.
 */
export class Orders {
  readonly #settledMax: number;
  /** In order of their ordinals. */
  readonly #orders = new Map<ClientOrderId, Kept>();
  readonly #byOrdinal = new Map<number, Kept>();
  readonly #live = new Map<ClientOrderId, Kept>();
  /** Executions of kept orders, and of those that are not kept any more. */
  readonly #booked = new Set<ExecutionId>();
  readonly #bookedBefore = new Set<ExecutionId>();
  readonly #sequences = new Map<string, Map<SymbolId, number>>();
  #nextOrdinal = 1;

  constructor(settledMax = SETTLED_ORDERS_MAX) {
    assert(settledMax > 0, 'some settled orders are kept');
    this.#settledMax = settledMax;
  }

  get size(): number {
    return this.#orders.size;
  }

  get nextOrdinal(): number {
    return this.#nextOrdinal;
  }

  get(clientOrderId: ClientOrderId): Order | undefined {
    return this.#orders.get(clientOrderId);
  }

  byOrdinal(ordinal: number): Order | undefined {
    return this.#byOrdinal.get(ordinal);
  }

  /** All that are kept, oldest first. */
  all(): Iterable<Order> {
    return this.#orders.values();
  }

  get hasOpen(): boolean {
    return this.#live.size > 0;
  }

  /** Those that may still make exposure, unknown ones included, oldest first. */
  open(): readonly Order[] {
    return [...this.#live.values()].toSorted((left, right) => left.ordinal - right.ordinal);
  }

  openIn(symbol: SymbolId): readonly Order[] {
    return this.open().filter(({ intent }) => intent.symbol === symbol);
  }

  unknown(): readonly Order[] {
    return this.open().filter(({ standing }) => standing === 'unknown');
  }

  isBooked(executionId: ExecutionId): boolean {
    return this.#booked.has(executionId) || this.#bookedBefore.has(executionId);
  }

  /** The place that the next order of a strategy in a symbol takes; those below are taken. */
  nextSequence(strategy: string, symbol: SymbolId): number {
    return this.#sequences.get(strategy)?.get(symbol) ?? 0;
  }

  *sequences(): Iterable<Sequence> {
    for (const [strategy, bySymbol] of this.#sequences) {
      for (const [symbol, next] of bySymbol) yield { strategy, symbol, next };
    }
  }

  /** Executions of orders that are not kept any more. */
  bookedBefore(): Iterable<ExecutionId> {
    return this.#bookedBefore;
  }

  add(intent: OrderIntent): void {
    if (this.#orders.has(intent.clientOrderId)) return;
    this.#keep({
      intent,
      ordinal: this.#nextOrdinal,
      standing: 'intended',
      venueOrderId: undefined,
      successor: undefined,
      executions: [],
      filledQuantity: 0,
      isCancelAsked: false,
      enquiries: 0,
      lastEnquiryUs: 0,
      unknownUs: 0,
      absences: 0,
      isReleased: false,
    });
  }

  setStanding(change: StandingChange): void {
    const order = this.#orders.get(change.clientOrderId);
    if (order === undefined) return;
    order.standing = change.standing;
    order.venueOrderId = change.venueOrderId ?? order.venueOrderId;
    if (change.standing === 'unknown') order.unknownUs = change.atUs;
    order.successor = change.successor ?? order.successor;
    if (isSettled(change.standing)) this.#live.delete(change.clientOrderId);
    else this.#live.set(change.clientOrderId, order);
    this.#forgetOldest();
  }

  /** Books an execution once, whatever is repeated. */
  addExecution(clientOrderId: ClientOrderId, execution: Execution): void {
    if (this.isBooked(execution.executionId)) return;
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) {
      this.#bookedBefore.add(execution.executionId);
      return;
    }
    this.#booked.add(execution.executionId);
    order.executions.push(execution);
    order.filledQuantity += execution.quantity;
  }

  addCancel(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.isCancelAsked = true;
  }

  addEnquiry(clientOrderId: ClientOrderId, attempt: number, atUs: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    order.enquiries = attempt;
    order.lastEnquiryUs = atUs;
  }

  addAbsence(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.absences += 1;
  }

  release(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.isReleased = true;
  }

  /** Puts back a whole order, as a snapshot kept it. Oldest first. */
  carry(carried: CarriedOrder): void {
    const { executions, venueOrderId, successor } = carried;
    const filledQuantity = executions.reduce((sum, { quantity }) => sum + quantity, 0);
    const order: Kept = {
      ...carried,
      venueOrderId,
      successor,
      executions: [...executions],
      filledQuantity,
    };
    this.#keep(order);
    for (const { executionId } of executions) this.#booked.add(executionId);
  }

  carryBooked(executionIds: readonly ExecutionId[]): void {
    for (const executionId of executionIds) this.#bookedBefore.add(executionId);
  }

  carrySequence(strategy: string, symbol: SymbolId, next: number): void {
    if (next <= this.nextSequence(strategy, symbol)) return;
    const bySymbol = this.#sequences.get(strategy);
    if (bySymbol === undefined) this.#sequences.set(strategy, new Map([[symbol, next]]));
    else bySymbol.set(symbol, next);
  }

  #keep(order: Kept): void {
    const { clientOrderId, strategy, symbol, sequence } = order.intent;
    this.#orders.set(clientOrderId, order);
    this.#byOrdinal.set(order.ordinal, order);
    if (!isSettled(order.standing)) this.#live.set(clientOrderId, order);
    this.#nextOrdinal = Math.max(this.#nextOrdinal, order.ordinal + 1);
    this.carrySequence(strategy, symbol, sequence + 1);
  }

  #forgetOldest(): void {
    if (this.#orders.size - this.#live.size <= this.#settledMax) return;
    for (const [clientOrderId, order] of this.#orders) {
      if (this.#live.has(clientOrderId)) continue;
      this.#orders.delete(clientOrderId);
      this.#byOrdinal.delete(order.ordinal);
      for (const { executionId } of order.executions) {
        this.#booked.delete(executionId);
        this.#bookedBefore.add(executionId);
      }
      return;
    }
  }
}

export interface Sequence {
  readonly strategy: string;
  readonly symbol: SymbolId;
  readonly next: number;
}

type Kept = { -readonly [K in keyof Order]: K extends 'executions' ? Execution[] : Order[K] };
