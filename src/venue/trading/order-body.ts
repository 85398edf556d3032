import type { SymbolId } from '../../core/ids.ts';
import { isRecord } from '../../core/json.ts';
import { parsePrice, type Price, PRICE_MAX, PRICE_SCALE, tickSize } from '../../core/money.ts';
import type { Change } from '../../domain/matching/brokerage-desk.ts';
import type {
  OrderClass,
  OrderTerms,
  OrderType,
  PositionIntent,
  TimeInForce,
} from '../../domain/matching/brokerage-order.ts';
import {
  notFound,
  orderInvalid,
  parameterInvalid,
  subPennyIn,
} from '../../domain/matching/brokerage-refusal.ts';
import type { VenueRefusal } from '../../domain/matching/venue-refusal.ts';
import type { AssetTable } from './asset-table.ts';
import { isRefusal } from './wire.ts';

type Fields = Readonly<Record<string, unknown>>;

const TYPES: ReadonlyMap<string, OrderType> = new Map([
  ['market', 'market'],
  ['limit', 'limit'],
  ['stop', 'stop'],
  ['stop_limit', 'stopLimit'],
  ['trailing_stop', 'trailingStop'],
]);
const FORCES: ReadonlyMap<string, TimeInForce> = new Map([
  ['day', 'day'],
  ['gtc', 'gtc'],
  ['opg', 'opg'],
  ['cls', 'cls'],
  ['ioc', 'ioc'],
  ['fok', 'fok'],
]);
const CLASSES: ReadonlyMap<string, OrderClass> = new Map([
  ['', 'simple'],
  ['simple', 'simple'],
  ['bracket', 'bracket'],
  ['oco', 'oco'],
  ['oto', 'oto'],
]);
const INTENTS: ReadonlyMap<string, PositionIntent> = new Map([
  ['buy_to_open', 'buyToOpen'],
  ['buy_to_close', 'buyToClose'],
  ['sell_to_open', 'sellToOpen'],
  ['sell_to_close', 'sellToClose'],
]);

/** The body of POST /orders (venues.md 4.3). Keys it does not know are no concern of the venue. */
export function readOrder(
  body: unknown,
  assets: AssetTable,
  heldOf: (symbol: SymbolId) => number,
): OrderTerms | VenueRefusal {
  if (!isRecord(body)) return parameterInvalid('request body format is invalid');
  const side = textOf(body, 'side');
  if (side !== 'buy' && side !== 'sell') return wordRefusal('side', side);
  const name = textOf(body, 'symbol');
  if (name === undefined) return parameterInvalid('symbol is required');
  const type = word(body, 'type', TYPES);
  if (isFault(type)) return type;
  const timeInForce = word(body, 'time_in_force', FORCES);
  if (isFault(timeInForce)) return timeInForce;
  const orderClass = word(body, 'order_class', CLASSES, 'simple');
  if (isFault(orderClass)) return orderClass;
  const intent = textOf(body, 'position_intent');
  const positionIntent = intent === undefined ? undefined : INTENTS.get(intent);
  if (intent !== undefined && positionIntent === undefined) {
    return wordRefusal('position_intent', intent);
  }
  const asset = assets.find(name);
  if (asset === undefined) return notFound('ASSET_NOT_FOUND', `asset not found for ${name}`);
  const isShort = side === 'sell' && heldOf(asset.symbol) <= 0;
  const quantity = readQuantity(body, { timeInForce, orderClass, isShort });
  if (typeof quantity !== 'number') return quantity;
  const prices = readPrices(body, orderClass);
  if (isRefusal(prices)) return prices;
  return {
    symbol: asset.symbol,
    side,
    quantity,
    type,
    timeInForce,
    orderClass,
    positionIntent,
    isExtendedHours: body['extended_hours'] === true,
    clientOrderId: textOf(body, 'client_order_id'),
    ...prices,
  };
}

/** The body of PATCH /orders/{id} (4.1). */
export function readChange(body: unknown): Change | VenueRefusal {
  if (!isRecord(body)) return parameterInvalid('request body format is invalid');
  const text = textOf(body, 'qty');
  const quantity = text === undefined ? undefined : wholeOf(text);
  if (text !== undefined && quantity === undefined) return parameterInvalid('qty must be integer');
  if (quantity !== undefined && quantity <= 0) return parameterInvalid('qty must be > 0');
  if (body['notional'] !== undefined) return parameterInvalid('notional cannot be replaced');
  const limitPrice = readPrice(body, 'limit_price', 'limit_price');
  if (isFault(limitPrice)) return limitPrice;
  const stopPrice = readPrice(body, 'stop_price', 'stop_price');
  if (isFault(stopPrice)) return stopPrice;
  const trail = readAmount(body, 'trail', 'trail');
  if (isFault(trail)) return trail;
  const force = textOf(body, 'time_in_force');
  const timeInForce = force === undefined ? undefined : FORCES.get(force);
  if (force !== undefined && timeInForce === undefined) return wordRefusal('time_in_force', force);
  const clientOrderId = textOf(body, 'client_order_id');
  return { quantity, limitPrice, stopPrice, trail, timeInForce, clientOrderId };
}

interface Kind {
  readonly timeInForce: TimeInForce;
  readonly orderClass: OrderClass;
  readonly isShort: boolean;
}

/**
 * Whole shares, or the venue's words for why not. Nothing is fractionable here, so a fraction that
 * would be allowed for others still ends at "qty must be integer", a notional at "qty is required".
 */
function readQuantity(body: Fields, kind: Kind): number | VenueRefusal {
  const quantity = textOf(body, 'qty');
  const notional = textOf(body, 'notional');
  if (quantity !== undefined && notional !== undefined) {
    return parameterInvalid('only one of qty or notional is accepted');
  }
  const text = quantity ?? notional;
  if (text === undefined) return parameterInvalid('qty is required');
  if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return parameterInvalid(`invalid qty ${text}`);
  const whole = quantity === undefined ? undefined : wholeOf(quantity);
  if (whole !== undefined) return whole;
  const fault = fractionalFault(kind);
  if (fault !== undefined) return orderInvalid('FRACTIONAL_INVALID', `fractional orders ${fault}`);
  return parameterInvalid(notional === undefined ? 'qty must be integer' : 'qty is required');
}

function fractionalFault({ timeInForce, orderClass, isShort }: Kind): string | undefined {
  if (timeInForce !== 'day') return 'must be DAY orders';
  if (orderClass !== 'simple') return 'must be simple orders';
  return isShort ? 'cannot be sold short' : undefined;
}

function wholeOf(text: string): number | undefined {
  const match = /^(-?\d{1,15})(?:\.0*)?$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

type Prices = Pick<
  OrderTerms,
  | 'limitPrice'
  | 'stopPrice'
  | 'trailPrice'
  | 'trailPercent'
  | 'takeProfitLimit'
  | 'stopLossStop'
  | 'stopLossLimit'
>;

function readPrices(body: Fields, orderClass: OrderClass): Prices | VenueRefusal {
  const profit = legOf(body, 'take_profit');
  const loss = legOf(body, 'stop_loss');
  const own = readPrice(body, 'limit_price', 'limit_price');
  if (isFault(own)) return own;
  const stopPrice = readPrice(body, 'stop_price', 'stop_price');
  if (isFault(stopPrice)) return stopPrice;
  const trailPrice = readAmount(body, 'trail_price', 'trail_price');
  if (isFault(trailPrice)) return trailPrice;
  const trailPercent = readAmount(body, 'trail_percent', 'trail_percent');
  if (isFault(trailPercent)) return trailPercent;
  const takeProfitLimit = readPrice(profit, 'limit_price', 'take_profit.limit_price');
  if (isFault(takeProfitLimit)) return takeProfitLimit;
  const stopLossStop = readPrice(loss, 'stop_price', 'stop_loss.stop_price');
  if (isFault(stopLossStop)) return stopLossStop;
  const stopLossLimit = readPrice(loss, 'limit_price', 'stop_loss.limit_price');
  if (isFault(stopLossLimit)) return stopLossLimit;
  // An OCO is its take-profit; clients name its limit in one place or in both.
  const isPair = orderClass === 'oco';
  const limitPrice = isPair ? (takeProfitLimit ?? own) : own;
  const profitLimit = isPair ? limitPrice : takeProfitLimit;
  return {
    limitPrice,
    stopPrice,
    trailPrice,
    trailPercent,
    takeProfitLimit: profitLimit,
    stopLossStop,
    stopLossLimit,
  };
}

function legOf(body: Fields, key: string): Fields {
  const leg = body[key];
  return isRecord(leg) ? leg : {};
}

/** A price on the venue's tick; the text goes back as it came where it is not. */
function readPrice(fields: Fields, key: string, name: string): Price | VenueRefusal | undefined {
  const found = readAmount(fields, key, name);
  if (typeof found !== 'number' || found % tickSize(found) === 0) return found;
  return subPennyIn(name, textOf(fields, key) ?? '');
}

function readAmount(fields: Fields, key: string, name: string): Price | VenueRefusal | undefined {
  const text = textOf(fields, key);
  if (text === undefined) return undefined;
  const found = parsePrice(text);
  if (found !== undefined) return found;
  // The venue's own words for more than it can book are not known; "must be > 0" would be wrong.
  if (Number(text) * PRICE_SCALE > PRICE_MAX) {
    return parameterInvalid(`${name} must be <= ${PRICE_MAX / PRICE_SCALE}`);
  }
  const isFine = /^\d{1,6}\.\d{5,}$/.test(text) && Number(text) * PRICE_SCALE > 0;
  return isFine ? subPennyIn(name, text) : parameterInvalid(`${name} must be > 0`);
}

/** Absent, null and empty are the same; numbers are read as if they had been text. */
function textOf(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function word<T extends string>(
  fields: Fields,
  key: string,
  words: ReadonlyMap<string, T>,
  byDefault?: T,
): T | VenueRefusal {
  const text = textOf(fields, key);
  if (text === undefined) return byDefault ?? parameterInvalid(`${key} is required`);
  return words.get(text) ?? wordRefusal(key, text);
}

function wordRefusal(key: string, text: string | undefined): VenueRefusal {
  return parameterInvalid(text === undefined ? `${key} is required` : `invalid ${key}: ${text}`);
}

function isFault(value: unknown): value is VenueRefusal {
  return isRecord(value) && isRefusal(value);
}
