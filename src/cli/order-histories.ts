import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import type { OrderIntent } from '../domain/orders/intent.ts';
import { isSettled } from '../domain/orders/machine.ts';
import type { Execution } from '../domain/orders/report.ts';
import type { Standing } from '../domain/orders/standing.ts';
import type { Effect } from '../ports/effect.ts';
import type { FactOf } from '../ports/fact.ts';
import type { Answer } from '../ports/input.ts';

export interface StandingAt {
  readonly standing: Standing;
  readonly atUs: number;
  readonly reason?: string;
}

export interface AnswerAt {
  readonly effect: Effect['kind'];
  readonly requestedUs: number;
  readonly atUs: number;
  readonly outcome: Answer['outcome'];
  readonly code?: string;
}

/** An order from its intent to its last word, as the facts told it. */
export interface OrderHistory {
  readonly intent: OrderIntent;
  readonly intendedUs: number;
  /** The last is where it stands. */
  readonly standings: readonly StandingAt[];
  readonly executions: readonly Execution[];
  readonly answers: readonly AnswerAt[];
  readonly filledQuantity: number;
  /** Price times quantity of all executions, in ten-thousandths. */
  readonly filledNotional: number;
  readonly lastFillUs: number;
  readonly cancelReason: string;
  readonly enquiries: number;
  readonly successor: string;
}

interface Kept extends OrderHistory {
  readonly standings: StandingAt[];
  readonly executions: Execution[];
  readonly answers: AnswerAt[];
  filledQuantity: number;
  filledNotional: number;
  lastFillUs: number;
  cancelReason: string;
  enquiries: number;
  successor: string;
}

interface Asked {
  readonly clientOrderId: ClientOrderId;
  readonly effect: Effect['kind'];
  readonly requestedUs: number;
}

export const ORDERS_MAX = 5_000;
const STEPS_MAX = 200;
const ASKED_MAX = 10_000;

export function standingOf(order: OrderHistory): Standing {
  return order.standings.at(-1)?.standing ?? 'intended';
}

/** The average price paid or got, in ten-thousandths; NaN before the first fill. */
export function averagePrice({ filledNotional, filledQuantity }: OrderHistory): number {
  return filledQuantity > 0 ? filledNotional / filledQuantity : Number.NaN;
}

/** Orders in the order of their intents. Past the limit the oldest that is settled goes. */
export class OrderHistories {
  readonly ordersMax: number;
  /** All there ever were. */
  total = 0;
  readonly byStanding = new Map<Standing, number>();
  readonly #orders = new Map<ClientOrderId, Kept>();
  readonly #asked = new Map<string, Asked>();

  constructor(ordersMax = ORDERS_MAX) {
    this.ordersMax = ordersMax;
  }

  get(clientOrderId: ClientOrderId): OrderHistory | undefined {
    return this.#orders.get(clientOrderId);
  }

  /** Oldest first. */
  list(): readonly OrderHistory[] {
    return [...this.#orders.values()];
  }

  open(): readonly OrderHistory[] {
    return this.list().filter((order) => !isSettled(standingOf(order)));
  }

  ofSymbol(symbol: SymbolId): readonly OrderHistory[] {
    return this.list().filter(({ intent }) => intent.symbol === symbol);
  }

  intended(intent: OrderIntent, atUs: number): void {
    if (this.#orders.has(intent.clientOrderId)) return;
    this.total += 1;
    this.#count('intended', 1);
    this.#orders.set(intent.clientOrderId, {
      intent,
      intendedUs: atUs,
      standings: [{ standing: 'intended', atUs }],
      executions: [],
      answers: [],
      filledQuantity: 0,
      filledNotional: 0,
      lastFillUs: 0,
      cancelReason: '',
      enquiries: 0,
      successor: '',
    });
    if (this.#orders.size > this.ordersMax) this.#dropOldest();
  }

  stood({ clientOrderId, standing, reason, successor }: FactOf<'stood'>, atUs: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    this.#count(standingOf(order), -1);
    this.#count(standing, 1);
    keep(order.standings, { standing, atUs, ...(reason === undefined ? {} : { reason }) });
    if (successor !== undefined) order.successor = successor;
  }

  filled({ clientOrderId, execution }: FactOf<'filled'>, atUs: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    order.filledQuantity += execution.quantity;
    order.filledNotional += execution.quantity * execution.price;
    order.lastFillUs = atUs;
    keep(order.executions, execution);
  }

  cancelAsked({ clientOrderId, reason }: FactOf<'cancelAsked'>): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.cancelReason = reason;
  }

  enquired(clientOrderId: ClientOrderId): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.enquiries += 1;
  }

  /** An effect that concerns an order left; its answer is joined to it by the effect's id. */
  requested(effect: Effect, input: number, index: number, requestedUs: number): void {
    if (!('clientOrderId' in effect)) return;
    const { clientOrderId, kind } = effect;
    this.#asked.set(`${input}/${index}`, { clientOrderId, effect: kind, requestedUs });
    if (this.#asked.size <= ASKED_MAX) return;
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest);
      break;
    }
  }

  answered({ effectInput, effectIndex, outcome, code }: Answer, atUs: number): void {
    const key = `${effectInput}/${effectIndex}`;
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    const order = asked === undefined ? undefined : this.#orders.get(asked.clientOrderId);
    if (asked === undefined || order === undefined) return;
    const { effect, requestedUs } = asked;
    const answer = { effect, requestedUs, atUs, outcome };
    keep(order.answers, code === undefined ? answer : { ...answer, code });
  }

  /** A snapshot's word on an order that began before what we were told. */
  carried({ intent, standing, executions, enquiries }: FactOf<'orderCarried'>, atUs: number): void {
    if (this.#orders.has(intent.clientOrderId)) return;
    this.intended(intent, atUs);
    const order = this.#orders.get(intent.clientOrderId);
    if (order === undefined) return;
    this.#count('intended', -1);
    this.#count(standing, 1);
    order.standings.splice(0, 1, { standing, atUs, reason: 'carried' });
    order.enquiries = enquiries;
    for (const execution of executions) {
      order.filledQuantity += execution.quantity;
      order.filledNotional += execution.quantity * execution.price;
      keep(order.executions, execution);
    }
  }

  #count(standing: Standing, change: number): void {
    this.byStanding.set(standing, (this.byStanding.get(standing) ?? 0) + change);
  }

  /** Where none is settled, the oldest of all: memory has a limit, the journal has the rest. */
  #dropOldest(): void {
    for (const [id, order] of this.#orders) {
      if (!isSettled(standingOf(order))) continue;
      this.#orders.delete(id);
      return;
    }
    for (const id of this.#orders.keys()) {
      this.#orders.delete(id);
      return;
    }
  }
}

/** The first and the last steps of an endless story; what is between is in the journal. */
function keep<T>(steps: T[], step: T): void {
  steps.push(step);
  if (steps.length > STEPS_MAX) steps.splice(1, 1);
}
