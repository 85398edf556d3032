import { MINUTE } from '../../../core/time.ts';

/** Minutes of a full core session. */
export const CORE_MINUTES = 390;

const CORE_US = CORE_MINUTES * MINUTE;

/**
 * Whether a bar began in the core session. A bar does not tell when its session closes, so that on
 * a half day bars after the early close count until the usual one.
 */
export function isCore(sinceOpenUs: number): boolean {
  return sinceOpenUs >= 0 && sinceOpenUs < CORE_US;
}
