import type { Timer, Timers } from '../../ports/clock.ts';

/** The timers of the process. */
export const wallTimers: Timers = {
  after(afterMs: number, run: () => void): Timer {
    const handle = setTimeout(run, Math.min(Math.max(0, afterMs), TIMER_MS_MAX));
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};

/** Node runs what is further away than this at once. */
export const TIMER_MS_MAX = 2_147_483_647;
