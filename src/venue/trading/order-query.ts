import { parseTime } from '../../core/time.ts';
import { type BrokerageOrder, isEnded } from '../../domain/matching/brokerage-order.ts';
import { notFound, parameterInvalid } from '../../domain/matching/brokerage-refusal.ts';
import type { VenueRefusal } from '../../domain/matching/venue-refusal.ts';
import type { AssetTable } from './asset-table.ts';
import { parentOf } from './order-json.ts';
import { isRefusal, type Query } from './wire.ts';

const LIMIT_USUAL = 50;
const LIMIT_MAX = 500;

export interface OrderPage {
  readonly orders: readonly BrokerageOrder[];
  readonly isNested: boolean;
}

/** GET /orders (venues.md 4.1): `after` and `until` both exclude their instant. */
export function selectOrders(
  all: ReadonlyMap<string, BrokerageOrder>,
  query: Query,
  assets: AssetTable,
): OrderPage | VenueRefusal {
  const status = query['status'] ?? 'open';
  if (status !== 'open' && status !== 'closed' && status !== 'all') return invalid('status', query);
  const limit = readLimit(query['limit'], LIMIT_USUAL, LIMIT_MAX);
  if (limit === undefined) return invalid('limit', query);
  const direction = readDirection(query);
  if (direction === undefined) return invalid('direction', query);
  const window = readWindow(query);
  if (isRefusal(window)) return window;
  const range = readRange(all, query);
  if (isRefusal(range)) return range;
  const symbols = readSymbols(query, assets);
  const { side } = query;
  const assetClass = query['asset_class'] ?? 'us_equity';
  const isNested = query['nested'] === 'true';
  const matching = [...all.values()].filter(
    (order) =>
      (status === 'all' || isEnded(order) === (status === 'closed')) &&
      order.createdUs > window.afterUs &&
      order.createdUs < window.untilUs &&
      order.number > range.after &&
      order.number < range.before &&
      (symbols === undefined || symbols.has(order.request.symbol)) &&
      (side === undefined || side === order.request.side) &&
      assetClass.split(',').includes('us_equity'),
  );
  const chosen = new Set(matching);
  // A leg stands under its parent where the parent is listed, else alone: none is lost.
  const heads = isNested ? matching.filter((order) => !isUnder(order, chosen)) : matching;
  const sorted = direction === 'asc' ? heads : heads.toReversed();
  return { orders: sorted.slice(0, limit), isNested };
}

function isUnder(order: BrokerageOrder, chosen: ReadonlySet<BrokerageOrder>): boolean {
  const parent = parentOf(order);
  return parent !== undefined && chosen.has(parent);
}

function readSymbols(query: Query, assets: AssetTable): ReadonlySet<number> | undefined {
  const text = query['symbols'];
  if (text === undefined || text === '') return undefined;
  const found = new Set<number>();
  for (const name of text.split(',')) {
    const asset = assets.find(name.trim());
    if (asset !== undefined) found.add(asset.symbol);
  }
  return found;
}

function readRange(
  all: ReadonlyMap<string, BrokerageOrder>,
  query: Query,
): { readonly after: number; readonly before: number } | VenueRefusal {
  let [after, before] = [0, Number.POSITIVE_INFINITY];
  const [afterId, beforeId] = [query['after_order_id'], query['before_order_id']];
  for (const id of [afterId, beforeId]) {
    if (id !== undefined && !all.has(id)) {
      return notFound('ORDER_NOT_FOUND', `order not found for ${id}`);
    }
  }
  if (afterId !== undefined) after = all.get(afterId)?.number ?? 0;
  if (beforeId !== undefined) before = all.get(beforeId)?.number ?? 0;
  return { after, before };
}

export function readLimit(
  text: string | undefined,
  usual: number,
  most: number,
): number | undefined {
  if (text === undefined || text === '') return usual;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= most ? limit : undefined;
}

export function readDirection(query: Query): 'asc' | 'desc' | undefined {
  const direction = query['direction'] ?? 'desc';
  return direction === 'asc' || direction === 'desc' ? direction : undefined;
}

export interface Window {
  readonly afterUs: number;
  readonly untilUs: number;
}

/** Dates and full times are both sent, and both are taken (venues.md 1). */
export function readWindow(query: Query): Window | VenueRefusal {
  let [afterUs, untilUs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const { after, until } = query;
  if (after !== undefined && after !== '') {
    const us = readInstant(after);
    if (us === undefined) return invalid('after', query);
    afterUs = us;
  }
  if (until !== undefined && until !== '') {
    const us = readInstant(until);
    if (us === undefined) return invalid('until', query);
    untilUs = us;
  }
  return { afterUs, untilUs };
}

/** A date counts as its first moment in UTC. */
export function readInstant(text: string): number | undefined {
  return parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
}

export function invalid(key: string, query: Query): VenueRefusal {
  return parameterInvalid(`invalid ${key}: ${query[key] ?? ''}`);
}
