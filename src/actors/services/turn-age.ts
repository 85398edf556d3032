/**
 * How long the turn that runs now has been seen to run. It counts the watcher's own ticks, and of
 * a late tick no more than two: when the machine slept, or nobody gave the process a processor,
 * the watcher was as late as the turn, and that is no fault of the turn.
 */
export class TurnAge {
  readonly #tickMs: number;
  #lastMs: number;
  #turn = 0;
  #spentMs = 0;

  constructor(tickMs: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#lastMs = nowMs;
  }

  /** Milliseconds; 0 while no turn runs. Turns are told apart by their numbers. */
  look(began: number, ended: number, nowMs: number): number {
    const passedMs = Math.min(Math.max(0, nowMs - this.#lastMs), 2 * this.#tickMs);
    this.#lastMs = nowMs;
    const isSame = began !== ended && began === this.#turn;
    this.#turn = began;
    this.#spentMs = isSame ? this.#spentMs + passedMs : 0;
    return this.#spentMs;
  }
}
