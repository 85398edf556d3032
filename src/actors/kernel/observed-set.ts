import { present } from '../../core/assert.ts';
import { configure } from '../../domain/indicators/declaration.ts';
import { createIndicatorSet, type IndicatorSet } from '../../domain/indicators/indicator-set.ts';
import { findIndicator } from '../../domain/indicators/registry.ts';

/**
 * What moves on every trade and quote in event cadence. `rule`: what mean reversion and its stops
 * read. `standard`: all ten that every symbol has of its bars.
 */
export type Observes = 'rule' | 'standard';

export function observedSet(observes: Observes): IndicatorSet {
  return createIndicatorSet(
    SETS[observes].map(([name, ...parameters]) =>
      configure(present(findIndicator(name), name), parameters),
    ),
  );
}

type Named = readonly [name: string, ...parameters: number[]];

const SETS: Readonly<Record<Observes, readonly Named[]>> = {
  rule: [
    ['bollinger', 20, 2],
    ['atr', 14],
  ],
  standard: [
    ['sma', 20],
    ['ema', 20],
    ['rsi', 14],
    ['macd', 12, 26, 9],
    ['bollinger', 20, 2],
    ['atr', 14],
    ['stochastic', 14, 3, 3],
    ['vwap'],
    ['obv'],
    ['adx', 14],
  ],
};
