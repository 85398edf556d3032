import type { CandlePattern } from './candle-pattern.ts';
import { FIVE_CANDLES } from './five-candles.ts';
import { HAMMERS } from './hammers.ts';
import { HIKKAKES } from './hikkakes.ts';
import { MARCHES } from './marches.ts';
import { ONE_CANDLE } from './one-candle.ts';
import { STARS } from './stars.ts';
import { THREE_CANDLES } from './three-candles.ts';
import { TWO_CANDLES } from './two-candles.ts';

/** The 61 patterns of TA-Lib. Their order is that of `candlePatterns`' outputs. */
export const CANDLE_PATTERNS: readonly CandlePattern[] = [
  ...ONE_CANDLE,
  ...HAMMERS,
  ...TWO_CANDLES,
  ...STARS,
  ...THREE_CANDLES,
  ...MARCHES,
  ...FIVE_CANDLES,
  ...HIKKAKES,
];
