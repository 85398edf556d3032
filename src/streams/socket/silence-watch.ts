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

/** Looks in the time of a silence: what was heard is known to be so near. */
const LOOKS = 50;

/**
 * Finds out that something has fallen silent, by one timer that is set anew when it runs. Being
 * heard costs a mark and no clock, since every frame is; when it was is known from the look that
 * found the mark.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #timer: Timer | undefined;
  #isHeard = false;
  #heardMs = 0;
  #wasExpected = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    this.end();
    this.#wasExpected = this.#options.isExpected();
    this.#restart();
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  heard(): void {
    this.#isHeard = true;
  }

  /** As if it had been heard now. */
  #restart(): void {
    const { clock, limitMs } = this.#options;
    this.#isHeard = false;
    this.#heardMs = clock.wallMs();
    this.#look(limitMs() / LOOKS);
  }

  #look(afterMs: number): void {
    const { clock, timers } = this.#options;
    const dueMs = clock.wallMs() + afterMs;
    this.#timer = timers.after(afterMs, () => this.#run(clock.wallMs() - dueMs));
  }

  #run(lateMs: number): void {
    const { clock, limitMs, isExpected, onSilent } = this.#options;
    const expected = isExpected();
    // Silence before the hour began is none, and neither is what a busy process did not read.
    const isCounted = expected && this.#wasExpected;
    this.#wasExpected = expected;
    if (this.#isHeard || !isCounted) return this.#restart();
    const leftMs = this.#heardMs + limitMs() - clock.wallMs();
    if (leftMs > 0) return this.#look(Math.min(leftMs, limitMs() / LOOKS));
    if (lateMs > LATE_MS) return this.#look(LATE_MS);
    this.#restart();
    onSilent();
  }
}
