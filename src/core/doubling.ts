/**
 * How long to wait after a row of failures: `least`, doubled `times` times, and `most` at most.
 * Whoever shares a cause with others draws from nothing up to it (AWS, "Backoff and jitter").
 */
export function doubled(least: number, times: number, most: number): number {
  return Math.min(most, least * (1 << Math.min(times, DOUBLINGS_MAX)));
}

/** The last that fits 32 bits. */
const DOUBLINGS_MAX = 30;
