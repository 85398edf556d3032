import type { Flat } from './market.ts';

export const PRICE_FLAT: Readonly<Record<string, Flat>> = {};
