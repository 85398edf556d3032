import type { Judged } from './series.ts';

/** By the indicator's name. */
export const STATISTICS_JUDGED: Readonly<Record<string, Judged>> = {};
