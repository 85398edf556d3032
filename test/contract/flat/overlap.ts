import { FLAT_PRICE, type Flat } from './market.ts';

export const OVERLAP_FLAT: Readonly<Record<string, Flat>> = {
  sma: [FLAT_PRICE],
  ema: [FLAT_PRICE],
  bollinger: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
};
