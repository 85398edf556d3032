import type { Flat } from './market.ts';

export const STATISTICS_FLAT: Readonly<Record<string, Flat>> = {};
