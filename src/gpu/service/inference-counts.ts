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
  readonly refused: number;
  readonly failed: number;
  /** How often a backend gave way to plain JavaScript, or a provider to the CPU. */
  readonly fallbacks: number;
  /** Threads that died or hung. */
  readonly deaths: number;
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
    refused: 0,
    failed: 0,
    fallbacks: 0,
    deaths: 0,
  };
}
