import type { ClientOrderId } from '../../../src/core/ids.ts';
import { shares } from '../../../src/core/money.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Execution, OrderReport, VenueStatus } from '../../../src/domain/orders/report.ts';
import { executionOf, orderId, reportOf } from './orders-fixture.ts';

/** An order as it truly is. */
export interface TrueOrder {
  readonly intent: OrderIntent;
  status: Extract<
    VenueStatus,
    'new' | 'partiallyFilled' | 'filled' | 'canceled' | 'expired' | 'rejected' | 'replaced'
  >;
  readonly executions: Execution[];
  successor?: ClientOrderId;
}

/**
 * The auditor: a venue that is nothing but the truth about its orders. What it says goes on a
 * stream from which the test delivers, repeats, reorders and loses.
 */
export class FakeVenue {
  readonly orders = new Map<ClientOrderId, TrueOrder>();
  readonly stream: OrderReport[] = [];
  #replaced = 0;
  #fills = 0;

  /** Takes an order under an id that is free; false for one that is not. */
  take(intent: OrderIntent): boolean {
    if (this.orders.has(intent.clientOrderId)) return false;
    this.orders.set(intent.clientOrderId, { intent, status: 'new', executions: [] });
    this.#say(intent.clientOrderId, 'new');
    return true;
  }

  fill(id: ClientOrderId, wanted: number): void {
    const order = this.#open(id);
    if (order === undefined) return;
    const left = order.intent.quantity - filledOf(order);
    const quantity = Math.min(wanted, left);
    this.#fills += 1;
    const execution = executionOf(`fill-${this.#fills}`, quantity);
    order.executions.push(execution);
    order.status = quantity === left ? 'filled' : 'partiallyFilled';
    this.#say(id, quantity === left ? 'fill' : 'partialFill', [execution]);
  }

  end(id: ClientOrderId, how: 'canceled' | 'expired' | 'rejected'): void {
    const order = this.#open(id);
    if (order === undefined || (how === 'rejected' && order.executions.length > 0)) return;
    order.status = how;
    this.#say(id, how);
  }

  /** A person replaces the order, for the rest of it. */
  replace(id: ClientOrderId): void {
    const order = this.#open(id);
    if (order === undefined) return;
    this.#replaced += 1;
    const successor = orderId(`by-hand-${this.#replaced}`);
    order.successor = successor;
    order.status = 'replaced';
    const quantity = shares(order.intent.quantity - filledOf(order));
    this.#say(id, 'replaced');
    this.take({ ...order.intent, clientOrderId: successor, quantity });
  }

  snapshot(id: ClientOrderId): OrderReport | undefined {
    const order = this.orders.get(id);
    return order === undefined ? undefined : describe(order, 'snapshot', [...order.executions]);
  }

  isOpen(id: ClientOrderId): boolean {
    return this.#open(id) !== undefined;
  }

  #open(id: ClientOrderId): TrueOrder | undefined {
    const order = this.orders.get(id);
    const isOpen = order?.status === 'new' || order?.status === 'partiallyFilled';
    return isOpen ? order : undefined;
  }

  #say(id: ClientOrderId, event: OrderReport['event'], executions: readonly Execution[] = []) {
    const order = this.orders.get(id);
    if (order !== undefined) this.stream.push(describe(order, event, executions));
  }
}

export function filledOf({ executions }: TrueOrder): number {
  return executions.reduce((sum, { quantity }) => sum + quantity, 0);
}

function describe(
  order: TrueOrder,
  event: OrderReport['event'],
  executions: readonly Execution[],
): OrderReport {
  const { status, successor } = order;
  return reportOf(order.intent, {
    event,
    status,
    filledQuantity: shares(filledOf(order)),
    executions,
    ...(successor === undefined ? {} : { successor }),
  });
}
