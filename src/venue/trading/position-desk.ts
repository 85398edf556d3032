import { type SymbolId } from '../../core/ids.ts';
import type { HeldPosition } from '../../domain/matching/account-book.ts';
import { allOpen, type BrokerageBook } from '../../domain/matching/brokerage-book.ts';
import { submitOrder } from '../../domain/matching/brokerage-desk.ts';
import { endOrder, say } from '../../domain/matching/brokerage-lifecycle.ts';
import { isEnded } from '../../domain/matching/brokerage-order.ts';
import { notFound, parameterInvalid } from '../../domain/matching/brokerage-refusal.ts';
import type { VenueRefusal } from '../../domain/matching/venue-refusal.ts';
import type { Asset, AssetTable } from './asset-table.ts';
import type { OrderWriter } from './order-json.ts';
import { writePosition } from './position-json.ts';
import { answer, type DeskAnswer, type Json, type Query, refuse } from './wire.ts';

/** What is held, and market orders that close it (venues.md 4.1). */
export class PositionDesk {
  readonly #book: BrokerageBook;
  readonly #assets: AssetTable;
  readonly #orders: OrderWriter;

  constructor(book: BrokerageBook, assets: AssetTable, orders: OrderWriter) {
    this.#book = book;
    this.#assets = assets;
    this.#orders = orders;
  }

  list(): DeskAnswer {
    const rows = this.#held().map(([symbol, held]) =>
      writePosition(this.#book, this.#assets.at(symbol), held),
    );
    return answer(200, rows);
  }

  one(symbolOrId: string): DeskAnswer {
    const found = this.#find(symbolOrId);
    if (found === undefined) return refuse(positionUnknown());
    return answer(200, writePosition(this.#book, found.asset, found.held));
  }

  close(symbolOrId: string, query: Query, nowUs: number): DeskAnswer {
    const found = this.#find(symbolOrId);
    if (found === undefined) return refuse(positionUnknown());
    const quantity = quantityOf(query, Math.abs(found.held.quantity));
    if (typeof quantity !== 'number') return refuse(quantity);
    return this.#send(found.asset.symbol, found.held, quantity, nowUs);
  }

  /** With `cancel_orders` what is open is canceled first, at once, so that nothing holds shares. */
  closeAll(query: Query, nowUs: number): DeskAnswer {
    if (query['cancel_orders'] === 'true') {
      for (const order of allOpen(this.#book)) {
        if (isEnded(order)) continue;
        order.pending = 'cancel';
        say(this.#book, 'pendingCancel', order, nowUs);
        endOrder(this.#book, order, 'canceled', nowUs);
      }
    }
    const rows: Json[] = this.#held().map(([symbol, held]) => {
      const { status, body } = this.#send(symbol, held, Math.abs(held.quantity), nowUs);
      return { symbol: this.#assets.at(symbol).name, status, body };
    });
    return answer(207, rows);
  }

  #send(symbol: SymbolId, held: HeldPosition, quantity: number, nowUs: number): DeskAnswer {
    const side = held.quantity > 0 ? 'sell' : 'buy';
    const terms = {
      symbol,
      side,
      quantity,
      type: 'market',
      timeInForce: 'day',
      isExtendedHours: false,
      orderClass: 'simple',
    } as const;
    const { refusal, order } = submitOrder(this.#book, terms, nowUs);
    return refusal === undefined ? answer(200, this.#orders.write(order, true)) : refuse(refusal);
  }

  /** A flat position has disappeared. */
  #held(): readonly (readonly [SymbolId, HeldPosition])[] {
    return [...this.#book.positions]
      .filter(([, { quantity }]) => quantity !== 0)
      .toSorted(([left], [right]) => left - right);
  }

  #find(text: string): { readonly asset: Asset; readonly held: HeldPosition } | undefined {
    const asset = this.#assets.find(text);
    if (asset === undefined) return undefined;
    const held = this.#book.positions.get(asset.symbol);
    return held === undefined || held.quantity === 0 ? undefined : { asset, held };
  }
}

/** All of it, or `qty`, or the whole shares in `percentage`. */
function quantityOf(query: Query, held: number): number | VenueRefusal {
  const { qty, percentage } = query;
  if (qty !== undefined && percentage !== undefined) {
    return parameterInvalid('only one of qty or percentage is accepted');
  }
  if (qty !== undefined) {
    return /^\d{1,9}$/.test(qty) ? Number(qty) : parameterInvalid('qty must be integer');
  }
  if (percentage === undefined) return held;
  const isShare = /^\d{1,3}(?:\.\d{1,9})?$/.test(percentage) && Number(percentage) <= 100;
  if (!isShare) return parameterInvalid('percentage must be > 0 and <= 100');
  return Math.floor((held * Number(percentage)) / 100);
}

function positionUnknown(): VenueRefusal {
  return notFound('POSITION_NOT_FOUND', 'position does not exist');
}
