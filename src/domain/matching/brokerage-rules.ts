import { assert } from '../../core/assert.ts';
import type { VenueRules } from './venue-rules.ts';

/** How one brokerage behaves: what venues.md 11 leaves open is a knob. Fixed for a book's life. */
export interface BrokerageRules extends Pick<
  VenueRules,
  'mode' | 'partialFillChance' | 'seed' | 'multiplier' | 'isShortingAllowed' | 'ordersMax'
> {
  /** From the order to its acknowledgement: `pendingNew` lasts this long. */
  readonly acknowledgeUs: number;
  /** `pendingCancel` lasts this long, and a fill in it wins. */
  readonly cancelUs: number;
  /** `pendingReplace`, likewise. */
  readonly replaceUs: number;
  /** How long the other exit lives on when one of two is filled. Above 0 both may fill (4.3). */
  readonly otherExitUs: number;
  /** Whether a client order id is free again when its order has ended. */
  readonly isClientIdReusable: boolean;
  /** What PATCH's `qty` counts: all that is wanted, or what is still to be filled (4.4). */
  readonly replacedQuantity: 'total' | 'remaining';
  readonly isExtendedGtcAllowed: boolean;
  /** The HTTP status of refused shorts and of orders below the minimal amount (4.6). */
  readonly forbiddenStatus: 403 | 422;
  /** Market orders to buy were once charged 2.5 to 4 % above the market (4.7). */
  readonly marketBufferBps: number;
  /** Whether the stream tells of orders that wait for the market to open, and of held legs. */
  readonly tellsAccepted: boolean;
  readonly tellsHeld: boolean;
  readonly tellsDoneForDay: boolean;
  /** To cancel a filled order is an error, or is taken as done (4.4). */
  readonly cancelOfFilledStatus: 422 | 204;
}

/** Alpaca's paper account (4.8), as quick as a venue in the same town. */
export const PAPER_RULES: BrokerageRules = {
  mode: 'paper',
  partialFillChance: 0.1,
  seed: 1,
  multiplier: 4,
  isShortingAllowed: true,
  ordersMax: 1_000_000,
  acknowledgeUs: 1_000,
  cancelUs: 5_000,
  replaceUs: 5_000,
  otherExitUs: 0,
  isClientIdReusable: false,
  replacedQuantity: 'total',
  isExtendedGtcAllowed: false,
  forbiddenStatus: 403,
  marketBufferBps: 0,
  tellsAccepted: true,
  tellsHeld: false,
  tellsDoneForDay: true,
  cancelOfFilledStatus: 422,
};

export function checkBrokerageRules(rules: BrokerageRules): BrokerageRules {
  const { partialFillChance, seed, multiplier, ordersMax, marketBufferBps } = rules;
  assert(partialFillChance >= 0 && partialFillChance <= 1, 'a chance lies in 0 .. 1');
  assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number');
  assert(!rules.isShortingAllowed || multiplier > 1, 'shorting needs a margin account');
  assert(ordersMax > 0, 'a book has room for an order');
  assert(marketBufferBps >= 0 && marketBufferBps <= 1_000, 'a buffer lies in 0 .. 1,000 bps');
  for (const us of [rules.acknowledgeUs, rules.cancelUs, rules.replaceUs, rules.otherExitUs]) {
    assert(Number.isSafeInteger(us) && us >= 0, 'a latency is in whole us');
  }
  return rules;
}
