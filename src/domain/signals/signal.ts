import type { SignalId, StrategyId, SymbolId } from '../../core/ids.ts';
import { double, index, integer, optional, type RecordOf, text } from '../../core/record.ts';
import { side } from '../market/side.ts';
import { purpose } from './purpose.ts';

/**
 * A strategy's wish, with all that is needed to explain it later. It is not permission: only risk
 * can turn it into an order.
 */
export const signalFields = {
  signalId: text<SignalId>(),
  strategy: text<StrategyId>(),
  symbol: index<SymbolId>(),
  side,
  purpose,
  /** Where the strategy's measure stood: a z-score, a model's probability. */
  value: double,
  threshold: double,
  /** Why, in a few words: `z -2.31 below -2.00`. */
  reason: text(),
  /** Ten-thousandths; NaN where there is no quote and the bar's close has to serve. */
  bid: double,
  ask: double,
  last: double,
  /** Distance at which the idea is wrong, in ten-thousandths per share: sizes the position. */
  stopDistance: double,
  /** The input's time at which it was decided. */
  atUs: integer(),
  modelVersion: optional(text()),
} as const;

export type Signal = RecordOf<typeof signalFields>;
