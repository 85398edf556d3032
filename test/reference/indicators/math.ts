import type { Judged } from './series.ts';

/** By the indicator's name. */
export const MATH_JUDGED: Readonly<Record<string, Judged>> = {};
