import type { Timers } from '../../ports/clock.ts';

/**
 * Who holds which endpoint: one connection each (venues.md 2.4). A slot whose connection ended
 * without a goodbye is free only once the venue has noticed, `releaseMs` of wall time later.
 */
export class ConnectionSlots {
  readonly #timers: Timers;
  readonly #releaseMs: number;
  readonly #perEndpoint: number;
  readonly #holders = new Map<string, Set<object>>();

  constructor(timers: Timers, releaseMs: number, perEndpoint: number) {
    this.#timers = timers;
    this.#releaseMs = releaseMs;
    this.#perEndpoint = perEndpoint;
  }

  isFree(endpoint: string): boolean {
    return (this.#holders.get(endpoint)?.size ?? 0) < this.#perEndpoint;
  }

  take(endpoint: string, holder: object): boolean {
    if (!this.isFree(endpoint)) return false;
    const holders = this.#holders.get(endpoint) ?? new Set();
    holders.add(holder);
    this.#holders.set(endpoint, holders);
    return true;
  }

  release(endpoint: string, holder: object, wasClean: boolean): void {
    if (wasClean || this.#releaseMs === 0) this.#holders.get(endpoint)?.delete(holder);
    else {
      this.#timers.after(this.#releaseMs, () => {
        this.#holders.get(endpoint)?.delete(holder);
      });
    }
  }
}
