import type { OrderIntent } from '../../domain/orders/intent.ts';
import type { Effect } from '../../ports/effect.ts';
import type { FactOf } from '../../ports/fact.ts';

/*
 * An intent as the three things that are made of it. Each is on the way of every order and written
 * out field by field: a spread, or a rest, takes ten times as long.
 */

export function intended(intent: OrderIntent): FactOf<'intended'> {
  const fact: Draft<FactOf<'intended'>> = {
    kind: 'intended',
    account: intent.account,
    clientOrderId: intent.clientOrderId,
    strategy: intent.strategy,
    signalId: intent.signalId,
    symbol: intent.symbol,
    side: intent.side,
    purpose: intent.purpose,
    quantity: intent.quantity,
    type: intent.type,
    timeInForce: intent.timeInForce,
    referencePrice: intent.referencePrice,
    sequence: intent.sequence,
  };
  if (intent.limitPrice !== undefined) fact.limitPrice = intent.limitPrice;
  if (intent.patientUntilUs !== undefined) fact.patientUntilUs = intent.patientUntilUs;
  return fact;
}

export function intentOf(fact: FactOf<'intended'>): OrderIntent {
  const intent: Draft<OrderIntent> = {
    account: fact.account,
    clientOrderId: fact.clientOrderId,
    strategy: fact.strategy,
    signalId: fact.signalId,
    symbol: fact.symbol,
    side: fact.side,
    purpose: fact.purpose,
    quantity: fact.quantity,
    type: fact.type,
    timeInForce: fact.timeInForce,
    referencePrice: fact.referencePrice,
    sequence: fact.sequence,
  };
  if (fact.limitPrice !== undefined) intent.limitPrice = fact.limitPrice;
  if (fact.patientUntilUs !== undefined) intent.patientUntilUs = fact.patientUntilUs;
  return intent;
}

export function submission(intent: OrderIntent): Effect {
  const effect: Draft<Extract<Effect, { kind: 'submitOrder' }>> = {
    kind: 'submitOrder',
    account: intent.account,
    clientOrderId: intent.clientOrderId,
    symbol: intent.symbol,
    side: intent.side,
    quantity: intent.quantity,
    type: intent.type,
    timeInForce: intent.timeInForce,
  };
  if (intent.limitPrice !== undefined) effect.limitPrice = intent.limitPrice;
  return effect;
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };
