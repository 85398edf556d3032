/**
 * Time as services see it. Market time is what the kernel, the venue's rules and our rate limits
 * live by; wall time is what sockets, processes and deadlines of a request live by. They differ
 * where a simulated market runs faster than ours.
 */
export interface Clock {
  /** Market time, microseconds UTC. One disciplined clock: it never goes back. */
  nowUs(): number;
  /** Wall time in milliseconds from some beginning, monotonic: for durations, never a date. */
  wallMs(): number;
  /** Market seconds in one of ours. */
  readonly speed: number;
}

/** Wall time alone: whoever wants market time divides by the clock's speed. */
export interface Timers {
  /** Runs once, `afterMs` of wall time from now, in a later turn of the event loop. */
  after(afterMs: number, run: () => void): Timer;
}

export interface Timer {
  /** It will not run. Cancelling twice, or after it ran, does nothing. */
  cancel(): void;
}
