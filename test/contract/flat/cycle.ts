import type { Flat } from './market.ts';

export const CYCLE_FLAT: Readonly<Record<string, Flat>> = {};
