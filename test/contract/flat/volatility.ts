import type { Flat } from './market.ts';

export const VOLATILITY_FLAT: Readonly<Record<string, Flat>> = {
  atr: [0],
};
