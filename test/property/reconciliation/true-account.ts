import { type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { signOf } from '../../../src/domain/market/side.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Execution, OrderReport } from '../../../src/domain/orders/report.ts';
import type { Statement } from '../../../src/domain/orders/statement.ts';
import { ACCOUNT, intentOf, reportOf } from '../../unit/execution/orders-fixture.ts';

export const CASH = 1_000_000_000;

interface TrueOrder {
  readonly intent: OrderIntent;
  readonly executions: Execution[];
  isCanceled: boolean;
}

/** An account at a broker, reckoned by nobody else's code, and all that it ever said. */
export class TrueAccount {
  readonly stream: OrderReport[] = [];
  readonly #orders = new Map<ClientOrderId, TrueOrder>();
  #fills = 0;

  intent(at: number, symbol: number, side: 'buy' | 'sell', quantity: number): OrderIntent {
    return intentOf(at, {
      symbol: symbolId(symbol),
      side,
      purpose: side === 'buy' ? 'entry' : 'exit',
      quantity: shares(quantity),
    });
  }

  take(intent: OrderIntent): void {
    this.#orders.set(intent.clientOrderId, { intent, executions: [], isCanceled: false });
    this.#say(intent.clientOrderId, 'new', []);
  }

  fill(id: ClientOrderId, wanted: number, ticks: number): void {
    const order = this.#orders.get(id);
    if (order === undefined || order.isCanceled) return;
    const quantity = Math.min(wanted, order.intent.quantity - filledOf(order));
    if (quantity < 1) return;
    this.#fills += 1;
    const execution = {
      executionId: textId<Execution['executionId']>(`x-${this.#fills}`),
      quantity: shares(quantity),
      price: price(ticks),
      venueUs: this.#fills,
    };
    order.executions.push(execution);
    const isLast = filledOf(order) === order.intent.quantity;
    this.#say(id, isLast ? 'fill' : 'partialFill', [execution]);
  }

  /** What is not filled is taken back: everything has come to its end. */
  close(): void {
    for (const [id, order] of this.#orders) {
      if (filledOf(order) === order.intent.quantity) continue;
      order.isCanceled = true;
      this.#say(id, 'canceled', []);
    }
  }

  get fills(): readonly { readonly intent: OrderIntent; readonly execution: Execution }[] {
    return [...this.#orders.values()].flatMap(({ intent, executions }) =>
      executions.map((execution) => ({ intent, execution })),
    );
  }

  get cash(): number {
    return this.fills.reduce(
      (cash, { intent, execution }) =>
        cash - signOf(intent.side) * execution.quantity * execution.price,
      CASH,
    );
  }

  held(symbol: number): number {
    return this.fills.reduce(
      (held, { intent, execution }) =>
        intent.symbol === symbol ? held + signOf(intent.side) * execution.quantity : held,
      0,
    );
  }

  /** By the price at which it is `held`; nobody checks the cost of what agrees. */
  statement(symbols: number): Statement {
    const positions = Array.from({ length: symbols }, (_, symbol) => ({
      symbol: symbolId(symbol),
      quantity: this.held(symbol),
      cost: money(0),
    })).filter(({ quantity }) => quantity !== 0);
    const orders = [...this.#orders.values()].map((order) =>
      describe(order, 'snapshot', [...order.executions]),
    );
    const cash = money(this.cash);
    return { account: ACCOUNT, cash, equity: cash, positions, unlisted: [], orders, venueUs: 1 };
  }

  #say(id: ClientOrderId, event: OrderReport['event'], executions: readonly Execution[]): void {
    const order = this.#orders.get(id);
    if (order !== undefined) this.stream.push(describe(order, event, executions));
  }
}

function filledOf({ executions }: TrueOrder): number {
  return executions.reduce((sum, { quantity }) => sum + quantity, 0);
}

function describe(
  order: TrueOrder,
  event: OrderReport['event'],
  executions: readonly Execution[],
): OrderReport {
  const filled = filledOf(order);
  const isFilled = filled === order.intent.quantity;
  const status = order.isCanceled
    ? 'canceled'
    : isFilled
      ? 'filled'
      : filled > 0
        ? 'partiallyFilled'
        : 'new';
  return reportOf(order.intent, { event, status, filledQuantity: shares(filled), executions });
}
