import { trading } from '@alpacahq/alpaca-trade-api';
import { type ExecutionId, textId, type VenueOrderId } from '../../src/core/ids.ts';
import { type Money, price, shares } from '../../src/core/money.ts';
import type { EffectRouter } from '../../src/actors/runtime/sequencer.ts';
import { simpleRequest } from '../../src/brokers/alpaca/order-requests.ts';
import type { OrderReport } from '../../src/domain/orders/report.ts';
import type { Effect, Requested } from '../../src/ports/effect.ts';
import type { Input } from '../../src/ports/input.ts';

export type Submit = Extract<Effect, { kind: 'submitOrder' }>;
export type Cancel = Extract<Effect, { kind: 'cancelOrder' }>;

export interface DeskOptions {
  readonly names: readonly string[];
  readonly startingCash: Money;
  nowUs(): number;
  enter(input: Input): void;
  /** An order may leave, and is no bytes yet. */
  leaving?(): void;
  /** The body of its request, as the broker would send it. */
  left?(body: Uint8Array, order: Submit, requestedUs: number): void;
  cancelled?(cancel: Cancel): void;
  /** Orders stay in the market until they are cancelled; else they are filled at once. */
  readonly isResting?: boolean;
}

/** Stands where the services stand, and has done everything at once that is asked of it. */
export class OrderDesk implements EffectRouter {
  readonly #options: DeskOptions;
  readonly #open = new Map<string, Submit>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Orders that rest. */
  get open(): ReadonlyMap<string, Submit> {
    return this.#open;
  }

  dispatch(requested: Requested): void {
    const { effect, input, index, requestedUs } = requested;
    const { enter } = this.#options;
    const done = {
      kind: 'answered',
      effectInput: input,
      effectIndex: index,
      outcome: 'done',
    } as const;
    switch (effect.kind) {
      case 'submitOrder':
        this.#encode(effect, requestedUs);
        enter({ ...done, order: this.#report(effect, 'accepted') });
        if (this.#options.isResting === true) this.#open.set(effect.clientOrderId, effect);
        else enter({ kind: 'orderUpdated', report: this.#report(effect, 'fill') });
        return;
      case 'cancelOrder':
        this.#options.cancelled?.(effect);
        enter(done);
        return this.#cancel(effect);
      case 'reconcile':
        return enter({ ...done, statement: this.#statement(effect.account) });
      default:
        return enter(done);
    }
  }

  #encode(effect: Submit, requestedUs: number): void {
    const { names, leaving, left } = this.#options;
    leaving?.();
    const request = simpleRequest(effect, names[effect.symbol] ?? '');
    const body = Buffer.from(JSON.stringify(trading.PostOrderRequestToJSON(request)));
    left?.(body, effect, requestedUs);
  }

  #cancel({ clientOrderId }: Cancel): void {
    const order = this.#open.get(clientOrderId);
    if (order === undefined) return;
    this.#open.delete(clientOrderId);
    this.#options.enter({ kind: 'orderUpdated', report: this.#report(order, 'canceled') });
  }

  #report(order: Submit, event: 'accepted' | 'fill' | 'canceled'): OrderReport {
    const { account, clientOrderId, symbol, side, quantity, limitPrice } = order;
    const venueUs = this.#options.nowUs();
    const isFilled = event === 'fill';
    const execution = {
      executionId: textId<ExecutionId>(`e-${clientOrderId}`),
      quantity,
      price: limitPrice ?? SOLD_AT,
      venueUs,
    };
    return {
      account,
      clientOrderId,
      venueOrderId: textId<VenueOrderId>(`v-${clientOrderId}`),
      event,
      status: isFilled ? 'filled' : event,
      symbol,
      side,
      quantity,
      filledQuantity: isFilled ? quantity : shares(0),
      ...(limitPrice === undefined ? {} : { limitPrice }),
      executions: isFilled ? [execution] : [],
      venueUs,
    };
  }

  #statement(account: Submit['account']) {
    const { startingCash: cash, nowUs } = this.#options;
    const nothing = { positions: [], unlisted: [], orders: [] } as const;
    return { account, cash, equity: cash, ...nothing, venueUs: nowUs() };
  }
}

/** What a sale brings: no decision here looks at the gain. */
const SOLD_AT = price(1_000_000);
