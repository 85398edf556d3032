import { MINUTE, MS, SECOND } from '../core/time.ts';

/** Wall time between two looks at a paced market. */
const FRAME_MS = 50;
/** Behind the clock by less than this is on time. */
const SLACK_MS = 5;
/** A slice that took longer keeps people and signals waiting, a shorter one wastes itself. */
const SLICE_TOOK_MS_MAX = 40;
const SLICE_TOOK_MS_MIN = 10;
const SLICE_US_MIN = SECOND / 100;
/** Recordings may lie years apart, which is half a million slices of this in a decade. */
const SLICE_US_MAX = 10 * MINUTE;

/**
 * How far a session may go before the rest of the process gets a turn. Market time is handed out in
 * slices of about 25 ms of work, whatever the market and the machine: a halt, Ctrl-C and the screen
 * wait for one slice at most, also where the market asks for more than the machine can do. None of
 * this reaches a decision.
 */
export class Pace {
  /** Market seconds in one of ours; 0 for as fast as it goes. */
  readonly #speed: number;
  #untilUs: number;
  #sliceUs = SECOND;
  #from: { readonly us: number; readonly ms: number } | undefined;

  constructor(speed: number, startUs: number) {
    this.#speed = speed;
    this.#untilUs = startUs;
  }

  /** Everything up to here is due. */
  get untilUs(): number {
    return this.#untilUs;
  }

  /**
   * After a slice that took `tookMs` and ended at `wallMs`: makes the next one due, and answers how
   * long to wait before it. Where nothing paces the market (`isPaced` is false while it is closed),
   * it goes on from `reachedUs`, the time of the last thing that happened.
   */
  next(wallMs: number, tookMs: number, reachedUs: number, isPaced: boolean): number {
    if (tookMs > SLICE_TOOK_MS_MAX) this.#sliceUs = Math.max(SLICE_US_MIN, this.#sliceUs / 2);
    if (tookMs < SLICE_TOOK_MS_MIN) this.#sliceUs = Math.min(SLICE_US_MAX, this.#sliceUs * 2);
    if (this.#speed === 0 || !isPaced) {
      this.#from = undefined;
      this.#untilUs = Math.max(this.#untilUs, reachedUs) + this.#sliceUs;
      return 0;
    }
    this.#from ??= { us: this.#untilUs, ms: wallMs };
    const { us, ms } = this.#from;
    const usOfOneMs = MS * this.#speed;
    const isOnTime = us + (wallMs - ms) * usOfOneMs < this.#untilUs + SLACK_MS * usOfOneMs;
    const waitMs = isOnTime ? FRAME_MS : 0;
    const dueUs = us + (wallMs + waitMs - ms) * usOfOneMs;
    this.#untilUs = Math.min(dueUs, this.#untilUs + this.#sliceUs);
    return waitMs;
  }
}
