import { type AccountId, type ClientOrderId, symbolId, textId } from '../src/core/ids.ts';
import { price, shares } from '../src/core/money.ts';
import type { Effect } from '../src/ports/effect.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Of account `contract`; if nothing else is said, 10 shares of symbol 0 to buy at the market. */
export type Terms = Partial<Omit<EffectOf<'submitOrder'>, 'kind' | 'clientOrderId'>>;

export function submit(id: string, terms: Terms = {}): EffectOf<'submitOrder'> {
  return {
    kind: 'submitOrder',
    account: textId('contract'),
    clientOrderId: textId(id),
    symbol: symbolId(0),
    side: 'buy',
    quantity: shares(10),
    type: 'market',
    timeInForce: 'day',
    ...terms,
  };
}

export function limit(id: string, limitPrice: number, terms: Terms = {}): EffectOf<'submitOrder'> {
  return submit(id, { type: 'limit', limitPrice: price(limitPrice), ...terms });
}

export function cancel(id: string): EffectOf<'cancelOrder'> {
  return { kind: 'cancelOrder', account: textId('contract'), clientOrderId: textId(id) };
}

export function enquire(id: string, attempt = 1): EffectOf<'enquireOrder'> {
  const account = textId<AccountId>('contract');
  return { kind: 'enquireOrder', account, clientOrderId: textId<ClientOrderId>(id), attempt };
}

export function replace(
  id: string,
  successor: string,
  quantity: number,
  limitPrice: number,
): EffectOf<'replaceOrder'> {
  return {
    kind: 'replaceOrder',
    account: textId('contract'),
    clientOrderId: textId(id),
    successor: textId(successor),
    quantity: shares(quantity),
    limitPrice: price(limitPrice),
  };
}
