import type { Flat } from './market.ts';

export const MOMENTUM_FLAT: Readonly<Record<string, Flat>> = {
  // TA-Lib's rules for a flat market: RSI, stochastic and ADX are 0, never NaN.
  rsi: [0],
  macd: [0, 0, 0],
  stochastic: [0, 0],
  adx: [0],
};
