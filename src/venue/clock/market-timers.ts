import type { Timer, Timers } from '../../ports/clock.ts';
import type { VenueClock } from './venue-clock.ts';

/** Timers on market time: an acceleration, a step and a pause move them with the clock. */
export class MarketTimers {
  readonly #clock: VenueClock;
  readonly #wall: Timers;
  #waiting: Waiting[] = [];
  #armed: Timer | undefined;
  #isClosed = false;

  constructor(clock: VenueClock, wall: Timers) {
    this.#clock = clock;
    this.#wall = wall;
    clock.onChange(() => {
      this.#arm();
    });
  }

  /** Runs once, when market time has reached `atUs`, in a later turn of the event loop. */
  at(atUs: number, run: () => void): Timer {
    const entry = { atUs, run };
    if (!this.#isClosed) this.#waiting.push(entry);
    this.#arm();
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      },
    };
  }

  after(afterUs: number, run: () => void): Timer {
    return this.at(this.#clock.nowUs() + afterUs, run);
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#armed?.cancel();
  }

  #arm(): void {
    this.#armed?.cancel();
    this.#armed = undefined;
    if (this.#waiting.length === 0) return;
    const nextUs = Math.min(...this.#waiting.map(({ atUs }) => atUs));
    const afterMs = this.#clock.wallMsUntil(nextUs);
    if (afterMs === Number.POSITIVE_INFINITY) return;
    this.#armed = this.#wall.after(Math.ceil(afterMs), () => {
      this.#fire();
    });
  }

  #fire(): void {
    const nowUs = this.#clock.nowUs();
    const due = this.#waiting.filter(({ atUs }) => atUs <= nowUs);
    this.#waiting = this.#waiting.filter(({ atUs }) => atUs > nowUs);
    for (const { run } of due.toSorted((left, right) => left.atUs - right.atUs)) run();
    this.#arm();
  }
}

type Waiting = { readonly atUs: number; readonly run: () => void };
