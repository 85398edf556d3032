import type { ClientOrderId, ExecutionId, VenueOrderId } from '../../core/ids.ts';
import { textId } from '../../core/ids.ts';
import { shares } from '../../core/money.ts';
import type { Price } from '../../core/money.ts';
import type { Execution } from '../../domain/orders/report.ts';
import { type Quantity, sharesOf } from './amounts.ts';
import { isEnded, type WireOrder } from './wire-order.ts';

/** One execution, from an update or from the account's activities. */
export interface Fill {
  /** What is filled of the order once it is counted: with the order's id it names the execution. */
  readonly cumulative: Quantity;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly venueUs: number;
}

/**
 * What we have been told of the account's orders since this service began. It decides nothing: it
 * saves questions, and it tells when two of the venue's words do not fit together.
 */
export class KnownOrders {
  readonly #ordersMax: number;
  readonly #orders = new Map<VenueOrderId, Known>();
  readonly #byClientId = new Map<ClientOrderId, VenueOrderId>();
  readonly #parents = new Map<VenueOrderId, ClientOrderId>();

  constructor(ordersMax = ORDERS_MAX) {
    this.#ordersMax = ordersMax;
  }

  get(venueOrderId: VenueOrderId): WireOrder | undefined {
    return this.#orders.get(venueOrderId)?.order;
  }

  find(clientOrderId: ClientOrderId): WireOrder | undefined {
    const venueOrderId = this.#byClientId.get(clientOrderId);
    return venueOrderId === undefined ? undefined : this.get(venueOrderId);
  }

  /** Whose leg it is: only the parent carries our id (venues.md 4.3). */
  parentOf(venueOrderId: VenueOrderId): ClientOrderId | undefined {
    return this.#parents.get(venueOrderId);
  }

  open(): readonly WireOrder[] {
    const orders: WireOrder[] = [];
    for (const { order } of this.#orders.values()) if (!isEnded(order)) orders.push(order);
    return orders;
  }

  /** Words overtake one another: what has ended or was filled further is not taken back. */
  see(order: WireOrder): void {
    for (const leg of order.legs) {
      this.#parents.set(leg.venueOrderId, order.clientOrderId);
      this.see(leg);
    }
    const known = this.#orders.get(order.venueOrderId);
    if (known === undefined) {
      this.#forgetOldest();
      this.#orders.set(order.venueOrderId, { order, fills: new Map(), isHeard: false });
      this.#byClientId.set(order.clientOrderId, order.venueOrderId);
      return;
    }
    const isOlder =
      (isEnded(known.order) && !isEnded(order)) || order.filled.whole < known.order.filled.whole;
    if (!isOlder) known.order = order;
  }

  /** Only of an order that was seen. The same execution twice is one. */
  addFill(venueOrderId: VenueOrderId, fill: Fill): void {
    this.#orders.get(venueOrderId)?.fills.set(fill.cumulative.text, fill);
  }

  hasFill(venueOrderId: VenueOrderId, cumulative: Quantity): boolean {
    return this.#orders.get(venueOrderId)?.fills.has(cumulative.text) === true;
  }

  /** Of an order that was seen: an update about it came. */
  hear(venueOrderId: VenueOrderId): void {
    const known = this.#orders.get(venueOrderId);
    if (known !== undefined) known.isHeard = true;
  }

  wasHeard(venueOrderId: VenueOrderId): boolean {
    return this.#orders.get(venueOrderId)?.isHeard === true;
  }

  /** The venue said something about it that we do not understand: its fills may have changed. */
  forgetFills(venueOrderId: VenueOrderId): void {
    this.#orders.get(venueOrderId)?.fills.clear();
  }

  /** Do the fills that we know lead from nothing to this much, without a gap? */
  isWhole({ venueOrderId, filled }: WireOrder): boolean {
    return isChain(this.#fillsOf(venueOrderId), filled);
  }

  /** Does this fill follow on those that we know? */
  isNext(venueOrderId: VenueOrderId, fill: Fill): boolean {
    const upTo = picosOf(fill.cumulative);
    const before = this.#fillsOf(venueOrderId).filter((other) => picosOf(other.cumulative) < upTo);
    return isChain([...before, fill], fill.cumulative);
  }

  /** In whole shares, in order; what is filled in fractions is told when it makes a share. */
  executionsOf(venueOrderId: VenueOrderId): readonly Execution[] {
    return this.#fillsOf(venueOrderId).flatMap((fill) => executionOf(venueOrderId, fill) ?? []);
  }

  #fillsOf(venueOrderId: VenueOrderId): readonly Fill[] {
    const fills = [...(this.#orders.get(venueOrderId)?.fills.values() ?? [])];
    return fills.toSorted((a, b) => Number(picosOf(a.cumulative) - picosOf(b.cumulative)));
  }

  #forgetOldest(): void {
    if (this.#orders.size < this.#ordersMax) return;
    for (const [venueOrderId, { order }] of this.#orders) {
      if (!isEnded(order)) continue;
      this.#orders.delete(venueOrderId);
      this.#byClientId.delete(order.clientOrderId);
      this.#parents.delete(venueOrderId);
      return;
    }
  }
}

interface Known {
  order: WireOrder;
  readonly fills: Map<string, Fill>;
  isHeard: boolean;
}

/** At 20 orders a second that is the last 40 minutes; of an older one the venue is asked. */
const ORDERS_MAX = 50_000;

/** One id for one execution, whether an update told it or the activities (venues.md 8). */
export function executionIdOf(venueOrderId: VenueOrderId, cumulative: Quantity): ExecutionId {
  return textId<ExecutionId>(`${venueOrderId}/${cumulative.text}`);
}

/** Undefined where it makes no whole share. */
export function executionOf(venueOrderId: VenueOrderId, fill: Fill): Execution | undefined {
  const { cumulative, quantity, price, venueUs } = fill;
  const upTo = picosOf(cumulative);
  const before = upTo - picosOf(quantity);
  const whole = Number(upTo / SHARE - (before > 0n ? before : 0n) / SHARE);
  if (whole <= 0) return undefined;
  const told = { ...quantity, whole };
  return {
    executionId: executionIdOf(venueOrderId, cumulative),
    quantity: shares(sharesOf(told)),
    price,
    venueUs,
  };
}

/**
 * In millionths of millionths of a share, as fine as the venue may write. Exact: in doubles three
 * shares less a milliardth are three, and the share would be told twice.
 */
function picosOf({ text }: Quantity): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const picos = BigInt(whole) * SHARE + BigInt(fraction.padEnd(12, '0'));
  return text.startsWith('-') ? -picos : picos;
}

const SHARE = 1_000_000_000_000n;
/** The venue itself rounds to nine decimals. */
const ROUNDING = 1_000n;

function isChain(fills: readonly Fill[], upTo: Quantity): boolean {
  let sum = 0n;
  for (const { cumulative, quantity } of fills) {
    sum += picosOf(quantity);
    if (!isNear(sum, picosOf(cumulative))) return false;
  }
  return isNear(sum, picosOf(upTo));
}

function isNear(left: bigint, right: bigint): boolean {
  const apart = left - right;
  return apart <= ROUNDING && -apart <= ROUNDING;
}
