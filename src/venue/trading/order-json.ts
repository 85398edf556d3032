import {
  type BrokerageOrder,
  isEnded,
  type OrderFamily,
} from '../../domain/matching/brokerage-order.ts';
import { amountText, wireWord } from '../../domain/matching/brokerage-refusal.ts';
import type { AssetTable } from './asset-table.ts';
import { amount, type JsonObject, ratioText, type TimeStyle, timeText } from './wire.ts';

/** Writes orders as the REST API and the stream have them (venues.md 4.2, 12.2). */
export class OrderWriter {
  readonly #assets: AssetTable;
  readonly #style: TimeStyle;

  constructor(assets: AssetTable, style: TimeStyle) {
    this.#assets = assets;
    this.#style = style;
  }

  /** `legs` only where children are wanted, and the order has any. */
  write(order: BrokerageOrder, isNested: boolean): JsonObject {
    const { symbol, side, quantity } = order.request;
    const { name, id: assetId } = this.#assets.at(symbol);
    const legs = isNested ? childrenOf(order) : [];
    const type = wireWord(order.type);
    return {
      id: order.id,
      client_order_id: order.clientOrderId,
      ...this.#times(order),
      replaced_by: order.replacedBy?.id ?? null,
      replaces: order.replaces?.id ?? null,
      asset_id: assetId,
      symbol: name,
      asset_class: 'us_equity',
      notional: null,
      qty: String(quantity),
      filled_qty: String(order.filledQuantity),
      filled_avg_price: averagePrice(order),
      order_class: order.orderClass === 'simple' ? '' : order.orderClass,
      order_type: type,
      type,
      side,
      position_intent: wireWord(order.positionIntent),
      time_in_force: order.timeInForce,
      limit_price: amount(order.limitPrice),
      stop_price: amount(order.stopPrice),
      status: statusWord(order),
      extended_hours: order.isExtendedHours,
      legs: legs.length === 0 ? null : legs.map((leg) => this.write(leg, false)),
      trail_percent: amount(order.trailPercent),
      trail_price: amount(order.trailPrice),
      hwm: amount(order.highWater),
      ratio_qty: null,
    };
  }

  #times(order: BrokerageOrder): JsonObject {
    const { number, status, createdUs, endedUs } = order;
    const text = (us: number | undefined, field: number, isExact = false) =>
      timeText(us, this.#style, number + field, isExact);
    const when = (ending: BrokerageOrder['status']) => (status === ending ? endedUs : undefined);
    return {
      created_at: text(createdUs, 0, true),
      updated_at: text(order.updatedUs, 1),
      submitted_at: text(createdUs, 2, true),
      filled_at: text(when('filled'), 3),
      expired_at: text(when('expired'), 4),
      expires_at: text(order.expiresUs, 3),
      canceled_at: text(when('canceled'), 4),
      failed_at: text(when('rejected'), 1),
      replaced_at: text(when('replaced'), 2),
    };
  }
}

/** What a request in flight lays over the state. */
export function statusWord(order: BrokerageOrder): string {
  if (order.pending === undefined || isEnded(order)) return wireWord(order.status);
  return order.pending === 'cancel' ? 'pending_cancel' : 'pending_replace';
}

/** The order under which a leg is listed; undefined for one that stands alone. */
export function parentOf(order: BrokerageOrder): BrokerageOrder | undefined {
  const parent = order.family === undefined ? undefined : headOf(order.family);
  return parent === order ? undefined : parent;
}

function childrenOf(order: BrokerageOrder): readonly BrokerageOrder[] {
  const { family } = order;
  if (family === undefined || headOf(family) !== order) return [];
  return family.exits.filter((exit) => exit !== order);
}

function headOf(family: OrderFamily): BrokerageOrder | undefined {
  return family.entry ?? family.exits[0];
}

function averagePrice(order: BrokerageOrder): string | null {
  if (order.filledQuantity === 0) return null;
  const { filledValue, filledQuantity } = order;
  return filledValue % filledQuantity === 0
    ? amountText(filledValue / filledQuantity)
    : ratioText(filledValue, filledQuantity * 10_000, 9);
}
