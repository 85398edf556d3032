/** How `strata` ends: what a script may rely on. A test keeps the numbers. */
export const EXIT_CODES = {
  ok: 0,
  /** Anything without a code of its own, wrong use of the command line included. */
  error: 1,
  /** There is no such session, order, signal or symbol. */
  notFound: 2,
  /** No engine owns the data directory. */
  notRunning: 3,
  /** The configuration cannot be run. */
  config: 4,
  /** Somebody did not answer in time. */
  timeout: 5,
  /** The command was understood, and trading is halted. */
  riskHalted: 6,
  /** `verify` or `parity` found a difference, or the journal is damaged. */
  mismatch: 7,
  /** It was asked to end before it was done, and can go on: a training that was cancelled. */
  stopped: 8,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
