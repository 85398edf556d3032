import type { VenueOrderId } from '../../core/ids.ts';
import type { JsonRecord } from '../../core/json.ts';
import { type Side, signOf } from '../../domain/market/side.ts';
import { parseQuantity, type Quantity } from './amounts.ts';
import { recordsOf, textOf } from './json.ts';
import type { KnownOrders } from './known-orders.ts';

/**
 * What the account holds, as far as we were told: it decides whether an order makes us own less.
 * Where it is not known, an order counts as one that makes us own more.
 */
export class Holdings {
  readonly #known: KnownOrders;
  readonly #held = new Map<string, number>();

  constructor(known: KnownOrders) {
    this.#known = known;
  }

  /** The venue's whole list: a symbol that is not on it is not held (venues.md 4.2). */
  replaceAll(positions: readonly HeldPosition[]): void {
    this.#held.clear();
    for (const { symbolName, quantity } of positions) this.#held.set(symbolName, quantity.whole);
  }

  /** The signed position after a fill, which the fill tells. */
  set(symbolName: string, quantity: Quantity): void {
    this.#held.set(symbolName, quantity.whole);
  }

  /** Would it close only what is held, beside the orders that close it already? */
  isReducing({ symbolName, side, quantity, replaces }: Sizing): boolean {
    const held = -signOf(side) * (this.#held.get(symbolName) ?? 0);
    let closing = 0;
    for (const order of this.#known.open()) {
      if (order.symbolName !== symbolName || order.side !== side) continue;
      if (order.venueOrderId !== replaces) closing += order.quantity.whole - order.filled.whole;
    }
    return quantity > 0 && quantity + closing <= held;
  }
}

export interface Sizing {
  readonly symbolName: string;
  readonly side: Side;
  readonly quantity: number;
  /** The open order whose place it takes. */
  readonly replaces?: VenueOrderId;
}

export interface HeldPosition {
  readonly symbolName: string;
  /** Negative when short. */
  readonly quantity: Quantity;
  /** What no open order has promised. */
  readonly available: Quantity;
  readonly costText: string;
}

/** Undefined where one of them cannot be read: what is not known is not flat (C4). */
export function readPositions(json: unknown): readonly HeldPosition[] | undefined {
  const positions: HeldPosition[] = [];
  const records = recordsOf(json);
  if (records === undefined) return undefined;
  for (const record of records) {
    const position = readPosition(record);
    if (position === undefined) return undefined;
    positions.push(position);
  }
  return positions;
}

export function readPosition(record: JsonRecord): HeldPosition | undefined {
  const symbolName = textOf(record, 'symbol');
  const quantity = parseQuantity(textOf(record, 'qty') ?? '');
  const available = parseQuantity(textOf(record, 'qty_available') ?? textOf(record, 'qty') ?? '');
  const costText = textOf(record, 'cost_basis');
  if (symbolName === undefined || costText === undefined) return undefined;
  if (quantity === undefined || available === undefined) return undefined;
  return { symbolName, quantity: signed(record, quantity), available, costText };
}

/** A short is negative; some answers tell its size and say so in `side` alone. */
function signed(record: JsonRecord, quantity: Quantity): Quantity {
  if (textOf(record, 'side') !== 'short' || quantity.whole <= 0) return quantity;
  return { ...quantity, whole: -quantity.whole, text: `-${quantity.text}` };
}
