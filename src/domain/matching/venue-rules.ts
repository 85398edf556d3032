import { assert } from '../../core/assert.ts';

/** How one account's venue behaves. Fixed for the life of a book. */
export interface VenueRules {
  /**
   * `paper` is Alpaca's simulator (venues.md 4.8): the far side of the quote, whatever its size.
   * `realistic` takes no more than was shown and lets a resting order fill only at its limit.
   */
  readonly mode: 'paper' | 'realistic';
  /** In 0 .. 1: how often an eligible evaluation fills only a random part. Alpaca's paper: 0.1. */
  readonly partialFillChance: number;
  readonly seed: number;
  /** The whole spread assumed around a bar's prices; each side pays half of it. */
  readonly barSpreadBps: number;
  /** An order that arrives this long after a bar began still takes part in the bar's open. */
  readonly barGraceUs: number;
  /** Day orders expire this long after the close, so that the bar that ends there still counts. */
  readonly closeGraceUs: number;
  /** Of equity: 1 is cash only, 2 is overnight margin, 4 is intraday margin. */
  readonly multiplier: 1 | 2 | 4;
  readonly isShortingAllowed: boolean;
  /** First part of every venue order id. Another book of the same account needs another one. */
  readonly idPrefix: string;
  readonly ordersMax: number;
}

export function checkRules(rules: VenueRules): VenueRules {
  const { partialFillChance, barSpreadBps, barGraceUs, closeGraceUs, multiplier } = rules;
  assert(partialFillChance >= 0 && partialFillChance <= 1, 'a chance lies in 0 .. 1');
  assert(Number.isSafeInteger(rules.seed) && rules.seed >= 0, 'a seed is a whole number');
  assert(barSpreadBps >= 0 && barSpreadBps <= 1_000, 'a bar spread lies in 0 .. 1,000 bps');
  assert(Number.isSafeInteger(barGraceUs) && barGraceUs >= 0, 'bar grace is in whole us');
  assert(Number.isSafeInteger(closeGraceUs) && closeGraceUs >= 0, 'close grace is in whole us');
  assert(!rules.isShortingAllowed || multiplier > 1, 'shorting needs a margin account');
  assert(
    /^[\x21-\x7e]{1,64}$/.test(rules.idPrefix),
    'an id prefix is 1 to 64 printable characters',
  );
  assert(rules.ordersMax > 0, 'a book has room for an order');
  return rules;
}
