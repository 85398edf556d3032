import type { Clock, Timer, Timers } from '../../ports/clock.ts';

/** A check that comes later than this was late itself: we were busy, and did not listen. */
const LATE_MS = 200;

export interface SilenceWatchOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Wall time without a word after which it is silent. Asked again for each check. */
  readonly limitMs: () => number;
  /** Is anything to be heard at this hour? Where it is not, silence is not counted. */
  readonly isExpected: () => boolean;
  /** Told once; the watch then goes on from now. */
  readonly onSilent: () => void;
}

/**
 * Finds out that something has fallen silent, by one timer that is set anew when it runs: being
 * heard costs no more than a clock.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #timer: Timer | undefined;
  #heardMs = 0;
  #wasExpected = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    this.end();
    this.#wasExpected = this.#options.isExpected();
    this.heard();
    this.#check(this.#options.limitMs());
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  heard(): void {
    this.#heardMs = this.#options.clock.wallMs();
  }

  #check(afterMs: number): void {
    const { clock, timers } = this.#options;
    const dueMs = clock.wallMs() + afterMs;
    this.#timer = timers.after(afterMs, () => this.#run(clock.wallMs() - dueMs));
  }

  #run(lateMs: number): void {
    const { clock, limitMs, isExpected, onSilent } = this.#options;
    const expected = isExpected();
    // Silence before the hour began is none, and neither is what a busy process did not read.
    if (!expected || !this.#wasExpected) this.heard();
    this.#wasExpected = expected;
    const leftMs = this.#heardMs + limitMs() - clock.wallMs();
    if (leftMs > 0) return this.#check(leftMs);
    if (lateMs > LATE_MS) return this.#check(LATE_MS);
    this.heard();
    this.#check(limitMs());
    onSilent();
  }
}
