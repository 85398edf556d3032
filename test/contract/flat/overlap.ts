import { FLAT_PRICE, type Flat } from './market.ts';

export const OVERLAP_FLAT: Readonly<Record<string, Flat>> = {
  sma: [FLAT_PRICE],
  ema: [FLAT_PRICE],
  bollinger: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  wma: [FLAT_PRICE],
  dema: [FLAT_PRICE],
  tema: [FLAT_PRICE],
  trima: [FLAT_PRICE],
  kama: [FLAT_PRICE],
  t3: [FLAT_PRICE],
};
