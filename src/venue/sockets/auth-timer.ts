import type { Timer, Timers } from '../../ports/clock.ts';
import type { MarketTimers } from '../clock/market-timers.ts';
import type { VenueClock } from '../clock/venue-clock.ts';

export interface AuthTimerOptions {
  readonly clock: VenueClock;
  readonly marketTimers: MarketTimers;
  readonly timers: Timers;
  /** Market time to authenticate in, and the wall time that it lasts at least. */
  readonly authUs: number;
  readonly authWallMsMin: number;
}

/** Runs where a client has not authenticated in its time. */
export function startAuthTimer(options: AuthTimerOptions, run: () => void): Timer {
  const { authUs, authWallMsMin, clock, marketTimers, timers } = options;
  const startMs = clock.wallMs();
  let current = marketTimers.after(authUs, () => {
    // At a high speed ten seconds of the market are over before a client can speak.
    const leftMs = authWallMsMin - (clock.wallMs() - startMs);
    if (leftMs <= 0) run();
    else current = timers.after(leftMs, run);
  });
  return {
    cancel: () => {
      current.cancel();
    },
  };
}
