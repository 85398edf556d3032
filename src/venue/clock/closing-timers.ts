import type { Timer, Timers } from '../../ports/clock.ts';

/** Timers that end with what they belong to: after `close` none is left, and none begins. */
export class ClosingTimers implements Timers {
  readonly #timers: Timers;
  readonly #waiting = new Set<Timer>();
  #isClosed = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  after(afterMs: number, run: () => void): Timer {
    if (this.#isClosed) return { cancel: () => {} };
    const inner = this.#timers.after(afterMs, () => {
      this.#waiting.delete(timer);
      run();
    });
    const timer = {
      cancel: () => {
        this.#waiting.delete(timer);
        inner.cancel();
      },
    };
    this.#waiting.add(timer);
    return timer;
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#waiting) timer.cancel();
  }
}
