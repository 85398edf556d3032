import { type AccountId, type SymbolId, textId } from '../../../src/core/ids.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Signal } from '../../../src/domain/signals/signal.ts';
import {
  type Address,
  address,
  type FamilyAddress,
  familyAddress,
  type ReplyMessage,
  type TimerMessage,
} from '../../../src/actors/runtime/definition.ts';
import type { Input } from '../../../src/ports/input.ts';

export type PriceRowMessage = { readonly kind: 'close' };
export type AverageRowMessage =
  | { readonly kind: 'mean'; readonly mean: number }
  | { readonly kind: 'scored'; readonly score: number };
export type StrategyMessage =
  | TimerMessage
  | Input
  | {
      readonly kind: 'observed';
      readonly symbol: SymbolId;
      readonly mean: number;
      readonly last: number;
    }
  | { readonly kind: 'scored'; readonly symbol: SymbolId; readonly score: number };
export type RiskMessage = Input | { readonly kind: 'signal'; readonly signal: Signal };
export type ExecutionMessage =
  | Input
  | ReplyMessage
  | { readonly kind: 'approved'; readonly intent: OrderIntent }
  | { readonly kind: 'tidy'; readonly symbol: SymbolId };

/** Where the toys sit. A build with another order has another table. */
export interface ToyTable {
  readonly prices: FamilyAddress<PriceRowMessage>;
  readonly averages: FamilyAddress<AverageRowMessage>;
  readonly strategy: Address<StrategyMessage>;
  readonly risk: Address<RiskMessage>;
  readonly execution: Address<ExecutionMessage>;
}

export const TOY_NAMES = ['prices', 'averages', 'strategy', 'risk', 'execution'] as const;
export type ToyName = (typeof TOY_NAMES)[number];

export function tableOf(order: readonly ToyName[]): ToyTable {
  return {
    prices: familyAddress(order.indexOf('prices')),
    averages: familyAddress(order.indexOf('averages')),
    strategy: address(order.indexOf('strategy')),
    risk: address(order.indexOf('risk')),
    execution: address(order.indexOf('execution')),
  };
}

/**
 * Called in the middle of every handling, after it has changed or sent something. `value` is what
 * the handling is about: a price, an average.
 */
export type Fault = (actor: ToyName, message: string, row: number, value: number) => void;

/** Throws where the value is divisible, so that the same content fails whenever it comes again. */
export function failAtMultiplesOf(divisor: number): Fault {
  return (actor, message, _row, value) => {
    if (value > 0 && Math.floor(value) % divisor === 0) throw new ToyError(`${actor} ${message}`);
  };
}

export class ToyError extends Error {
  override readonly name = 'ToyError';
  readonly code = 'TOY';
}

export interface ToyOptions {
  readonly table: ToyTable;
  readonly fault: Fault;
  readonly quarantineUs: number;
  /** How a mark becomes a whole price: another build may do it otherwise. */
  readonly round: (price: number) => number;
  /** Of the average that leaves as rows. */
  readonly alpha: number;
  readonly layoutHash: string;
}

export const ACCOUNT = textId<AccountId>('toy');
