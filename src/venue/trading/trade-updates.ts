import type { BrokerageBook, BrokerageWord } from '../../domain/matching/brokerage-book.ts';
import { isEnded } from '../../domain/matching/brokerage-order.ts';
import { amountText, wireWord } from '../../domain/matching/brokerage-refusal.ts';
import { heldQuantity } from '../../domain/matching/account-book.ts';
import { ulidOf, uuidOf } from '../../domain/matching/wire-ids.ts';
import { formatTime } from '../../core/time.ts';
import type { OrderWriter } from './order-json.ts';
import { type JsonObject, nanoTime } from './wire.ts';

/** The `data` of one message on `trade_updates`: its `event` is a field of it. */
export type TradeUpdate = JsonObject;

/**
 * Writes what happened to an order (venues.md 3.2). Every event has an execution id of its own; the
 * price and quantity of a fill are those of this execution alone.
 */
export class UpdateWriter {
  readonly #book: BrokerageBook;
  readonly #orders: OrderWriter;
  /** Execution ids as they were told, by the execution's number. */
  readonly #told = new Map<number, string>();
  #count = 0;

  constructor(book: BrokerageBook, orders: OrderWriter) {
    this.#book = book;
    this.#orders = orders;
  }

  write(word: BrokerageWord): TradeUpdate {
    const { event, order, atUs, execution } = word;
    this.#count += 1;
    const id = uuidOf(this.#book.rules.seed, 'event', this.#count);
    const hasTime = execution !== undefined || isEnded(order);
    return {
      at: formatTime(atUs),
      event_id: ulidOf(atUs, this.#count),
      event: wireWord(event),
      execution_id: id,
      ...(hasTime ? { timestamp: nanoTime(atUs) } : {}),
      ...this.#executionOf(word, id),
      order: this.#orders.write(order, true),
    };
  }

  #executionOf({ event, order, execution }: BrokerageWord, id: string): JsonObject {
    if (execution === undefined) return {};
    const previous = this.#told.get(execution.number);
    this.#told.set(execution.number, id);
    return {
      price: amountText(execution.price),
      qty: String(execution.quantity),
      position_qty: String(heldQuantity(this.#book, order.request.symbol)),
      ...(event === 'tradeBust' || event === 'tradeCorrect'
        ? { previous_execution_id: previous ?? id }
        : {}),
    };
  }

  /** The number of the execution that was told under an id. */
  executionOf(executionId: string): number | undefined {
    for (const [number, id] of this.#told) if (id === executionId) return number;
    return undefined;
  }
}
