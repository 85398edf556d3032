import type { IndicatorDeclaration } from '../declaration.ts';
import { declareCandlePattern } from './candle-pattern.ts';
import { candlePatterns } from './candle-patterns.ts';
import { CANDLE_PATTERNS } from './candle-table.ts';

/** Japanese candlestick patterns, in TA-Lib's definitions: each alone, and all at once. */
export const CANDLES: readonly IndicatorDeclaration[] = [
  ...CANDLE_PATTERNS.map(declareCandlePattern),
  candlePatterns,
];
