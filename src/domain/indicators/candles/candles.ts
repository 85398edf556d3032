import type { IndicatorDeclaration } from '../declaration.ts';

/** Japanese candlestick patterns, in TA-Lib's definitions. */
export const CANDLES: readonly IndicatorDeclaration[] = [];
