import { FLAT_PRICE, type Flat } from './market.ts';

export const SESSION_FLAT: Readonly<Record<string, Flat>> = {
  vwap: [FLAT_PRICE],
};
