import type { Clock, Timer, Timers } from '../src/ports/clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly number: number;
  readonly run: () => void;
}

/** Time that a test moves: nothing that uses it ever sleeps. */
export class ManualTime implements Clock, Timers {
  readonly speed: number;
  #wallMs = 0;
  #marketUs: number;
  #waiting: Waiting[] = [];
  #number = 0;

  constructor(marketUs = 0, speed = 1) {
    this.#marketUs = marketUs;
    this.speed = speed;
  }

  nowUs(): number {
    return this.#marketUs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#waiting.length;
  }

  after(afterMs: number, run: () => void): Timer {
    this.#number += 1;
    const entry: Waiting = {
      dueMs: this.#wallMs + Math.max(0, afterMs),
      number: this.#number,
      run,
    };
    this.#waiting.push(entry);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      },
    };
  }

  /** Moves on, running what falls due in order; a timer set meanwhile runs too if it is due. */
  advance(ms: number): void {
    const untilMs = this.#wallMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      const due = next;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.#moveTo(due.dueMs);
      due.run();
    }
    this.#moveTo(untilMs);
  }

  /** As `advance`, in steps, letting promises settle after each. */
  async pass(ms: number, stepMs = 10): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The clock on the wall is set: market time steps, wall time does not. */
  stepMarket(us: number): void {
    this.#marketUs += us;
  }

  #moveTo(ms: number): void {
    this.#marketUs += Math.round((ms - this.#wallMs) * 1_000 * this.speed);
    this.#wallMs = ms;
  }

  #next(untilMs: number): Waiting | undefined {
    return this.#waiting
      .filter(({ dueMs }) => dueMs <= untilMs)
      .toSorted((left, right) => left.dueMs - right.dueMs || left.number - right.number)[0];
  }
}
