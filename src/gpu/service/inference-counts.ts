/** What the service did. */
export interface InferenceCounts {
  readonly requests: number;
  readonly batches: number;
  readonly rows: number;
  readonly done: number;
  /** Answered as expired: they waited past their deadline. */
  readonly expired: number;
  /** Scores that came for requests which had expired meanwhile, and were thrown away. */
  readonly late: number;
  /** Of those refused: their features were too old. */
  readonly stale: number;
  readonly refused: number;
  readonly failed: number;
  /** How often a backend gave way to the next, or a provider to the CPU. */
  readonly fallbacks: number;
  /** Threads that died or hung. */
  readonly deaths: number;
  /** Requests that were computed again in another thread. */
  readonly rerun: number;
  /** Models that took the place of another, or came beside them; and those that would not do. */
  readonly swaps: number;
  readonly swapsRefused: number;
}

export type CountsKept = { -readonly [Name in keyof InferenceCounts]: number };

export function noCounts(): CountsKept {
  return {
    requests: 0,
    batches: 0,
    rows: 0,
    done: 0,
    expired: 0,
    late: 0,
    stale: 0,
    refused: 0,
    failed: 0,
    fallbacks: 0,
    deaths: 0,
    rerun: 0,
    swaps: 0,
    swapsRefused: 0,
  };
}
