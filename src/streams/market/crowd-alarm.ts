import type { Clock } from '../../ports/clock.ts';

/** Which slots are taken, and which requests too many, is known only after this many tries. */
const ALARM_AFTER = 3;
/** Wall time without a refusal after which the next one is the first again. */
const FORGET_MS = 300_000;

/**
 * Counts how often a venue says that we are too many, and calls for somebody after some times. What
 * is heard in between ends nothing: two clients that take each other's only slot in turn both hear
 * a welcome and data each time.
 */
export class CrowdAlarm {
  readonly #clock: Clock;
  readonly #onAlarm: (reason: string) => void;
  #times = 0;
  #lastMs = 0;

  constructor(clock: Clock, onAlarm: (reason: string) => void) {
    this.#clock = clock;
    this.#onAlarm = onAlarm;
  }

  refused(reason: string): void {
    const nowMs = this.#clock.wallMs();
    this.#times = nowMs - this.#lastMs > FORGET_MS ? 1 : this.#times + 1;
    this.#lastMs = nowMs;
    if (this.#times >= ALARM_AFTER) this.#onAlarm(`${reason}, ${this.#times} times in a row`);
  }
}
