import { FLAT_PRICE, type Flat } from './market.ts';

export const PRICE_FLAT: Readonly<Record<string, Flat>> = {
  averagePrice: [FLAT_PRICE],
  heikinAshi: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  medianPrice: [FLAT_PRICE],
  typicalPrice: [FLAT_PRICE],
  weightedClose: [FLAT_PRICE],
};
