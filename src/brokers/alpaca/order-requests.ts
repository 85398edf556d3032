import type { trading } from '@alpacahq/alpaca-trade-api';
import type { ClientOrderId } from '../../core/ids.ts';
import type { Price, Shares } from '../../core/money.ts';
import type { Side } from '../../domain/market/side.ts';
import type { OrderRequest } from '../../domain/orders/intent.ts';
import { priceText } from './amounts.ts';

/** What we order, as the venue takes it (venues.md 4.3): every amount as text. */
export function simpleRequest(request: OrderRequest, symbolName: string): trading.PostOrderRequest {
  const { side, quantity, type, limitPrice, timeInForce, clientOrderId } = request;
  return {
    symbol: symbolName,
    side,
    type,
    timeInForce,
    qty: String(quantity),
    clientOrderId,
    ...(limitPrice === undefined ? {} : { limitPrice: priceText(limitPrice) }),
  };
}

export interface ExitPrices {
  readonly takeProfit: Price;
  readonly stop: Price;
  /** Left out: the stop sells at the market once it is reached. */
  readonly stopLimit?: Price;
}

/**
 * An entry with both of its exits. The legs are made at once, `held` until the entry is filled
 * completely, under ids of their own; only the parent carries ours. Whole shares, regular hours.
 */
export function bracketRequest(
  request: OrderRequest,
  symbolName: string,
  exits: ExitPrices,
): trading.PostOrderRequest {
  return {
    ...simpleRequest(request, symbolName),
    orderClass: 'bracket',
    takeProfit: { limitPrice: priceText(exits.takeProfit) },
    stopLoss: stopLoss(exits),
  };
}

export interface ExitRequest {
  readonly clientOrderId: ClientOrderId;
  readonly side: Side;
  readonly quantity: Shares;
  readonly timeInForce: 'day';
}

/** Both exits of what is held: one that trades ends the other. The parent takes the profit. */
export function ocoRequest(
  { clientOrderId, side, quantity, timeInForce }: ExitRequest,
  symbolName: string,
  exits: ExitPrices,
): trading.PostOrderRequest {
  return {
    symbol: symbolName,
    side,
    type: 'limit',
    timeInForce,
    qty: String(quantity),
    clientOrderId,
    orderClass: 'oco',
    takeProfit: { limitPrice: priceText(exits.takeProfit) },
    stopLoss: stopLoss(exits),
  };
}

function stopLoss({ stop, stopLimit }: ExitPrices): trading.PostOrderRequestStopLoss {
  return {
    stopPrice: priceText(stop),
    ...(stopLimit === undefined ? {} : { limitPrice: priceText(stopLimit) }),
  };
}
