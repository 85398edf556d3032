import type { Flat } from './market.ts';

export const CANDLES_FLAT: Readonly<Record<string, Flat>> = {};
