import type { Clock, Timers } from '../../ports/clock.ts';
import { MINUTE } from '../../core/time.ts';

/** Requests may come in a burst of this share of a minute's. */
const BURST = 0.25;

/**
 * How many requests the venue's plan still allows, counted in market time as the venue counts
 * them. Whoever comes when there is none left waits; the waits are in order.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #perMinute: number;
  readonly #burst: number;
  #left: number;
  #countedUs: number;

  constructor(clock: Clock, timers: Timers, perMinute: number) {
    this.#clock = clock;
    this.#timers = timers;
    this.#perMinute = perMinute;
    this.#burst = Math.max(1, Math.floor(perMinute * BURST));
    this.#left = this.#burst;
    this.#countedUs = clock.nowUs();
  }

  /** Settles when a request may go. What was taken is spent, also by a request that fails. */
  async take(): Promise<void> {
    const nowUs = this.#clock.nowUs();
    const earned = ((nowUs - this.#countedUs) / MINUTE) * this.#perMinute;
    this.#left = Math.min(this.#burst, this.#left + Math.max(0, earned));
    this.#countedUs = nowUs;
    // May fall below nothing: who comes later waits for those before, too.
    this.#left -= 1;
    if (this.#left >= 0) return;
    const waitUs = (-this.#left / this.#perMinute) * MINUTE;
    await pause(this.#timers, waitUs / 1_000 / this.#clock.speed);
  }
}

export function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => timers.after(ms, resolve));
}
