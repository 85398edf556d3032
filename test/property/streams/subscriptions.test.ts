import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Channel,
  type Listing,
  Subscriptions,
} from '../../../src/streams/alpaca/subscriptions.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 100_000 : 10_000;
const LONG_MS = 3_600_000;

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'] as const;
const SOME: readonly Channel[] = ['trades', 'quotes', 'lulds'];
const EVERY: readonly Channel[] = ['bars', 'statuses'];

type Step =
  | { readonly kind: 'want'; readonly symbols: readonly string[] }
  | { readonly kind: 'reconnect' }
  /** The connection ends with a request under way. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'plan'; readonly slotsMax: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .shuffledSubarray([...NAMES])
      .map((symbols) => ({ kind: 'want' as const, symbols })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'reconnect' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'cut' as const }) },
  { weight: 1, arbitrary: fc.nat(12).map((slotsMax) => ({ kind: 'plan' as const, slotsMax })) },
);

/** The venue's side, as a reference: additive, subtractive, and all or nothing over the limit. */
class Venue {
  slotsMax = 30;
  lists = new Map<string, Set<string>>();
  requests = 0;

  connect(): void {
    this.lists = new Map();
  }

  /** Undefined where it is refused. */
  answer(action: string, channels: Listing): Listing | undefined {
    this.requests += 1;
    const next = new Map([...this.lists].map(([name, of]) => [name, new Set(of)] as const));
    for (const [name, symbols] of Object.entries(channels)) {
      const list = next.get(name) ?? new Set<string>();
      for (const symbol of symbols) {
        if (action === 'subscribe') list.add(symbol);
        else list.delete(symbol);
      }
      next.set(name, list);
    }
    const slots = new Set(['trades', 'quotes'].flatMap((name) => [...(next.get(name) ?? [])]));
    if (action === 'subscribe' && slots.size > this.slotsMax) return undefined;
    this.lists = next;
    return Object.fromEntries([...next].map(([name, of]) => [name, [...of]]));
  }
}

/** Asks until there is nothing left to ask; the last request may stay unanswered. */
function converse(of: Subscriptions, venue: Venue, answersMax = 1_000): void {
  for (let answers = 0; answers < answersMax; answers += 1) {
    const request = of.next();
    if (request === undefined) return;
    const listing = venue.answer(request.action, request.channels);
    if (listing === undefined) of.overLimit();
    else of.acked(listing);
  }
  expect(answersMax).toBeLessThan(1_000);
}

describe('subscriptions', () => {
  it(
    'D5 serve the set that is wanted, or the head of it that fits, after any history',
    () => {
      const property = fc.property(fc.array(step, { maxLength: 12 }), fc.nat(5), (steps, cutAt) => {
        const of = new Subscriptions({ every: EVERY, some: SOME });
        const venue = new Venue();
        of.connected();
        let smallestPlan = venue.slotsMax;
        for (const next of steps) {
          if (next.kind === 'want') of.want(next.symbols);
          else if (next.kind === 'plan') {
            venue.slotsMax = next.slotsMax;
            smallestPlan = Math.min(smallestPlan, next.slotsMax);
            // A plan changes what may be asked, not what stands.
          } else {
            if (next.kind === 'cut') {
              converse(of, venue, cutAt);
              of.next();
            }
            of.connected();
            venue.connect();
          }
          if (next.kind !== 'plan') converse(of, venue);
        }
        of.connected();
        venue.connect();
        const before = venue.requests;
        converse(of, venue);
        const served = [...(venue.lists.get('trades') ?? [])].toSorted();
        // Never over the plan, never something else, and never less than what fits for certain.
        expect(served).toEqual(of.wanted.slice(0, served.length).toSorted());
        expect(served.length).toBeLessThanOrEqual(venue.slotsMax);
        const surely = Math.min(of.wanted.length, smallestPlan);
        expect(served.length).toBeGreaterThanOrEqual(Math.max(0, surely));
        expect([...(venue.lists.get('quotes') ?? [])].toSorted()).toEqual(served);
        for (const channel of EVERY) expect([...(venue.lists.get(channel) ?? [])]).toEqual(['*']);
        expect(of.served.toSorted()).toEqual(served);
        expect(of.settlement().unfitting).toEqual(of.wanted.slice(served.length));
        // Halving: a handful of tries, however many are wanted.
        expect(venue.requests - before).toBeLessThanOrEqual(12);
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});
