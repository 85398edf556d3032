import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUOTE_ASK, QUOTE_BID, QUOTE_INELIGIBLE } from '../../../src/domain/market/event-batch.ts';
import {
  applyQuote,
  BEST_BID_SIZE,
  exchangeLetter,
  exchangePlace,
  EXCHANGES_MAX,
  NBBO_WIDTH,
  resetNbbo,
} from '../../../src/domain/market/nbbo.ts';

// Few prices and sizes, so that ties, locks and crosses are common.
const price = fc.constantFrom(0, 99, 100, 101, 102);
const size = fc.integer({ min: 1, max: 4 });
const quote = fc.record({
  place: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, EXCHANGES_MAX)),
  flags: fc.oneof(
    fc.constantFrom(QUOTE_BID, QUOTE_ASK, QUOTE_BID | QUOTE_ASK),
    fc.constantFrom(QUOTE_BID | QUOTE_INELIGIBLE, QUOTE_ASK | QUOTE_BID | QUOTE_INELIGIBLE),
  ),
  bid: price,
  bidSize: size,
  ask: price,
  askSize: size,
});

interface Offer {
  readonly price: number;
  readonly size: number;
}

/** One side as a map of places, from which the best is looked up afresh every time. */
class NaiveSide {
  readonly #offers = new Map<number, Offer>();
  readonly #direction: number;

  constructor(direction: number) {
    this.#direction = direction;
  }

  set(place: number, offer: Offer, isGone: boolean): void {
    if (place === 0) this.#offers.clear();
    if (isGone || offer.price === 0) this.#offers.delete(place);
    else this.#offers.set(place, offer);
  }

  best(): readonly [number, number] {
    const ranked = [...this.#offers.values()].toSorted(
      (a, b) => (b.price - a.price) * this.#direction || b.size - a.size,
    );
    return ranked[0] === undefined ? [Number.NaN, 0] : [ranked[0].price, ranked[0].size];
  }
}

describe('the best bid and offer', () => {
  it('equals a naive model after every quote, crossed and locked books included', () => {
    let crossed = 0;
    fc.assert(
      fc.property(fc.array(quote, { maxLength: 80 }), fc.nat(5), (quotes, at) => {
        const state = new Float64Array(at + NBBO_WIDTH + 2).fill(-7);
        resetNbbo(state, at);
        const [bids, asks] = [new NaiveSide(1), new NaiveSide(-1)];
        for (const { place, flags, bid, bidSize, ask, askSize } of quotes) {
          const isGone = (flags & QUOTE_INELIGIBLE) !== 0;
          if ((flags & QUOTE_BID) !== 0) bids.set(place, { price: bid, size: bidSize }, isGone);
          if ((flags & QUOTE_ASK) !== 0) asks.set(place, { price: ask, size: askSize }, isGone);
          applyQuote(state, at, place, flags, bid, bidSize, ask, askSize);

          expect([...state.subarray(at, at + 4)]).toEqual([...bids.best(), ...asks.best()]);
          if ((state[at] ?? 0) > (state[at + 2] ?? 0)) crossed += 1;
        }
        expect([...state.subarray(0, at), ...state.subarray(at + NBBO_WIDTH)]).toEqual(
          Array.from({ length: at + 2 }, () => -7),
        );
      }),
      { numRuns: 1_000 },
    );
    expect(crossed).toBeGreaterThan(0);
  });

  it('has nothing before the first quote, and no size where there is no price', () => {
    const state = new Float64Array(NBBO_WIDTH);
    resetNbbo(state, 0);

    expect([...state.subarray(0, 4)]).toEqual([Number.NaN, 0, Number.NaN, 0]);
    applyQuote(state, 0, 3, QUOTE_BID, 0, 500, 0, 0);
    expect(state[BEST_BID_SIZE]).toBe(0);
  });
});

describe('exchangePlace', () => {
  it('gives each participant its own place, and T the place of Q', () => {
    const letters = Array.from({ length: EXCHANGES_MAX }, (_, at) => exchangeLetter(at + 1));
    const places = letters.map((letter) => exchangePlace(letter.charCodeAt(0)));

    expect(places).toEqual(Array.from({ length: EXCHANGES_MAX }, (_, at) => at + 1));
    expect(exchangePlace('T'.charCodeAt(0))).toBe(exchangePlace('Q'.charCodeAt(0)));
    expect([exchangePlace('?'.charCodeAt(0)), exchangePlace(999)]).toEqual([0, 0]);
    expect([exchangeLetter(0), exchangeLetter(EXCHANGES_MAX + 1)]).toEqual(['?', '?']);
  });
});
