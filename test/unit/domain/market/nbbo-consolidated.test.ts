import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyConsolidated,
  applyQuote,
  CONSOLIDATED_WIDTH,
  NBBO_WIDTH,
  resetConsolidated,
  resetNbbo,
} from '../../../../src/domain/market/nbbo.ts';
import {
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
} from '../../../../src/domain/market/event-batch.ts';

const quote = fc.record({
  flags: fc.integer({ min: 0, max: QUOTE_BID | QUOTE_ASK | QUOTE_INELIGIBLE }),
  bid: fc.constantFrom(0, 100, 101, 102, Number.NaN),
  bidSize: fc.constantFrom(0, 1, 300),
  ask: fc.constantFrom(0, 101, 102, 103, Number.NaN),
  askSize: fc.constantFrom(0, 1, 300),
});

describe('applyConsolidated', () => {
  it('keeps what applyQuote keeps of the same consolidated quotes', () => {
    fc.assert(
      fc.property(fc.array(quote, { minLength: 1, maxLength: 20 }), (quotes) => {
        const full = new Float64Array(NBBO_WIDTH);
        const small = new Float64Array(CONSOLIDATED_WIDTH + 2).fill(7);
        resetNbbo(full, 0);
        resetConsolidated(small, 1);
        for (const { flags, bid, bidSize, ask, askSize } of quotes) {
          applyQuote(full, 0, 0, flags, bid, bidSize, ask, askSize);
          applyConsolidated(small, 1, flags, bid, bidSize, ask, askSize);

          expect([...small]).toEqual([7, ...full.subarray(0, CONSOLIDATED_WIDTH), 7]);
        }
      }),
    );
  });
});
