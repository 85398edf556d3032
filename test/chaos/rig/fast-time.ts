import {
  createAcceleratedClock,
  createTimers,
  type SkewNews,
} from '../../../src/actors/services/system-time.ts';
import type { Clock, Timer, Timers } from '../../../src/ports/clock.ts';

/** Where market and wall met, as the venue's admin port tells it. */
export interface Meeting {
  readonly marketUs: number;
  readonly wallMs: number;
  readonly speed: number;
}

/**
 * Time for an engine whose wall itself runs `haste` times as fast as ours: half a minute of backoff
 * takes three seconds, and market time stays the venue's. `stepWall` sets the clock on the wall, as
 * NTP or a person would.
 */
export class FastTime implements Timers {
  readonly clock: Clock;
  readonly haste: number;
  /** What the clock found out about the wall. */
  readonly skews: SkewNews[] = [];
  readonly #timers = createTimers();
  #steppedMs = 0;

  constructor({ marketUs, wallMs, speed }: Meeting, haste = 1) {
    this.haste = haste;
    this.clock = createAcceleratedClock({
      marketUs,
      atWallEpochMs: wallMs,
      speed: speed / haste,
      onSkew: (news) => this.skews.push(news),
      rawClocks: {
        monotonicMs: () => performance.now() * haste,
        epochMs: () => wallMs + (Date.now() - wallMs) * haste + this.#steppedMs,
      },
    });
  }

  after(afterMs: number, run: () => void): Timer {
    return this.#timers.after(afterMs / this.haste, run);
  }

  stepWall(ms: number): void {
    this.#steppedMs += ms;
  }
}
