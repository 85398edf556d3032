/**
 * Why a replay may decide otherwise than the live session whose market it has. What each takes as
 * proof stands in `parity-rules.ts`; a difference that proves none of them is unexplained.
 */
export const PARITY_CLASSES = {
  start: 'before the first edge of a trading session, where a replay has only its calendar',
  end: 'after the last event of the market that both have had',
  waiting: 'inputs reached the kernel at another time, or after other events',
  model: 'a score came at another time, of another bar, or not at all',
  quote: 'by then the quote had another age, or was another one',
  subscription: 'trades and quotes of the symbol came in one session and not in the other',
  reconciliation: 'the books had not been compared, or the statement said otherwise',
  service: 'a service was down, degraded or busy, and refused for that reason',
  answer: 'the venue answered about the order at another time, or not in time',
  fill: 'the same order met other quotes, another latency or another chance at the venue',
  venue: 'the venue refused the order',
  crash: 'an actor or the process ended in one session and learned again',
  consequence: 'follows from an earlier difference, which is named',
  unexplained: 'nothing in the journals tells why',
} as const satisfies Readonly<Record<string, string>>;

export type ParityClass = keyof typeof PARITY_CLASSES;

export interface Why {
  readonly class: ParityClass;
  /** The proof, in a few words. */
  readonly because: string;
  /** The place of the earlier difference in the list, where it follows from one. */
  readonly cause?: number;
}
