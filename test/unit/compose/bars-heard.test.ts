import { describe, expect, it } from 'vitest';
import { barsFault, barsHeard } from '../../../src/compose/features/bars-heard.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { createFeatureSet, isFeatureSet } from '../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import { BAR, EventBatch, QUOTE, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../../src/ports/market-source.ts';

const DAY_US = 1_440 * MINUTE;
const GRACE_US = 250;
const OF_TRADES = { kind: 'trades', graceUs: GRACE_US } as const;
const OF_MINUTES = { kind: 'bars', spanUs: MINUTE, graceUs: GRACE_US } as const;

type Told = readonly [kind: number, us: number, spanUs?: number];

/** Frames of one event each, several to a batch. */
function marketOf(told: readonly Told[]): { open: () => MarketSource; closed: () => number } {
  let closed = 0;
  const open = () => {
    let at = 0;
    return {
      name: 'test',
      symbols: [],
      calendar: [],
      faults: { count: 0, first: [] },
      next(batch: EventBatch) {
        batch.clear();
        for (const [kind, us, spanUs = 0] of told.slice(at, at + 2)) {
          batch.f[batch.add(kind, 0, us, 0, 0)] = spanUs;
          batch.endFrame(us);
        }
        at += 2;
        return batch.count > 0;
      },
      close: () => void (closed += 1),
    };
  };
  return { open, closed: () => closed };
}

const BARS: Told = [BAR, 1, 5 * MINUTE];
const SHORTER: Told = [BAR, 2, MINUTE];
const HISTORY: Told = [BAR, 0, DAY_US];
const TRADES: Told = [TRADE, 3];

describe('what bars are made of', () => {
  it.each([
    ['trades', [TRADES, SHORTER]],
    ['trades', [HISTORY, BARS, SHORTER, [QUOTE, 2], TRADES]],
    ['venue', [TRADES]],
    ['trades', [HISTORY]],
    ['venue', []],
  ] as const)('as %s were wanted: trades, in whatever order they come', (wanted, told) => {
    const { open, closed } = marketOf(told);
    expect(barsHeard(open, wanted, GRACE_US, 10)).toEqual(OF_TRADES);
    expect(closed()).toBe(1);
  });

  it.each([
    ['venue', [TRADES, BARS, SHORTER]],
    ['venue', [SHORTER, TRADES, BARS]],
    ['trades', [HISTORY, BARS, SHORTER]],
  ] as const)('as %s were wanted: the shortest bars of the venue', (wanted, told) => {
    const { open } = marketOf(told);
    expect(barsHeard(open, wanted, GRACE_US, 10)).toEqual(OF_MINUTES);
  });

  it('hangs on nothing that comes later', () => {
    const { open } = marketOf([SHORTER, TRADES, [BAR, 4, 1]]);
    expect(barsHeard(open, 'trades', GRACE_US, 2)).toEqual(OF_MINUTES);
    expect(barsHeard(open, 'venue', GRACE_US, 3)).toEqual(OF_MINUTES);
  });
});

describe('why there are no such bars', () => {
  const fault = (names: readonly string[], from: Parameters<typeof barsFault>[1]) => {
    const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'test', names }, 1);
    if (!isFeatureSet(set)) throw new Error(set.reason);
    return barsFault(set, from, 'ticks.csv');
  };

  it('is told in the words of who asked', () => {
    const minutes = { ...OF_MINUTES, spanUs: 5 * MINUTE } as const;
    expect(fault(['bar.close', 'quote.bid', 'sma5:5m'], minutes)).toBe(
      'ticks.csv holds bars of 5m, of which bars of 1m, 5m cannot all be made',
    );
    expect(fault(['bar.close:1s'], { kind: 'trades', graceUs: 64_000_000 })).toBe(
      'bars of 1s cannot be made: graceUs is whole, from 0 to 63000000: 63 bars, not 64000000',
    );
  });

  it('is nothing where they can be made, or none are asked for', () => {
    expect(fault(['bar.close', 'sma5:1h'], OF_MINUTES)).toBeUndefined();
    expect(fault(['quote.bid'], { ...OF_MINUTES, spanUs: 5 * MINUTE })).toBeUndefined();
  });
});
