import type { Flat } from './market.ts';

export const MATH_FLAT: Readonly<Record<string, Flat>> = {};
