import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { MICROSTRUCTURE } from '../../../../src/domain/features/families/microstructure.ts';
import { FeatureEngine } from '../../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { illiquiditySource } from '../../../../src/domain/features/sources/illiquidity-source.ts';
import { quoteSource } from '../../../../src/domain/features/sources/quote-source.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import {
  CHANNEL_QUOTES,
  EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE_LAST,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { type Book, tickOf } from '../../../reference/quoted-market.ts';

import {
  Bench,
  BID_ONLY,
  CROSSED,
  EMPTY,
  flow,
  LOCKED,
  signedOf,
  WHOLE,
} from './microstructure-bench.ts';

describe('a book', () => {
  it.each([
    ['whole', WHOLE, 50.01, 0.02, 3.999],
    ['locked', LOCKED, 50, 0, 0],
    ['crossed', CROSSED, NaN, NaN, NaN],
    ['of one side', BID_ONLY, NaN, NaN, NaN],
    ['of none', EMPTY, NaN, NaN, NaN],
  ] as const)('%s has this middle and spread', (_, book, middle, spread, bps) => {
    const quote = new Bench(quoteSource).quote(book);
    const told = [quote.column('middle'), quote.column('spread'), featuresOf(book)['spreadBps']];
    expect(told.map((value = NaN) => Math.round(value * 1e3) / 1e3)).toEqual([middle, spread, bps]);
  });

  it('without a middle has no imbalance and no weighted middle, and its age runs on', () => {
    expect(featuresOf(WHOLE)['depthImbalance']).toBe(0.5);
    // (50.00 x 100 + 50.02 x 300) / 400 = 50.015.
    expect(featuresOf(WHOLE)['weightedMiddleGapBps']).toBeCloseTo((0.005 / 50.01) * 1e4, 9);
    for (const book of [CROSSED, BID_ONLY, EMPTY]) {
      expect(featuresOf(book)['depthImbalance']).toBeNaN();
      expect(featuresOf(book)['weightedMiddleGapBps']).toBeNaN();
    }
    expect(
      new Bench(quoteSource)
        .quote(BID_ONLY)
        .later(3 * SECOND)
        .column('age'),
    ).toBe(3);
  });
});

describe('the sign of a trade', () => {
  it('is by the quote rule off the middle, whatever the price before', () => {
    expect(signedOf(flow().quote(WHOLE).trade(500_200).trade(500_101))).toBe(200);
    expect(signedOf(flow().quote(WHOLE).trade(500_000).trade(500_099))).toBe(-200);
    expect(signedOf(flow().quote(LOCKED).trade(500_100).trade(499_900))).toBe(0);
  });

  it('is by the last change of price at the middle', () => {
    expect(signedOf(flow().quote(WHOLE).trade(500_000).trade(500_100))).toBe(0);
    expect(signedOf(flow().quote(WHOLE).trade(500_200).trade(500_100))).toBe(0);
    const flat = flow().quote(WHOLE).trade(500_000).trade(500_100).trade(500_100);
    expect(signedOf(flat)).toBe(100);
  });

  it.each([CROSSED, BID_ONLY, EMPTY])('is by the last change of price in %j', (book) => {
    expect(signedOf(flow().quote(book).trade(500_500))).toBe(0);
    expect(signedOf(flow().quote(book).trade(500_000).trade(500_500))).toBe(100);
    expect(signedOf(flow().quote(book).trade(500_000).trade(499_900).trade(499_900))).toBe(-200);
  });

  it('is none of a trade that may not set the last price and the volume: that is counted', () => {
    const flags = [0, TRADE_LAST, TRADE_VOLUME, TRADE_REGULAR & ~TRADE_LAST];
    const bench = flow().quote(WHOLE);
    for (const one of flags) bench.trade(500_200, 100, one);
    expect(bench.bar().column('volume')).toBe(0);
    expect(bench.column('passedOver')).toBe(4);
  });

  it('is none of a trade whose numbers cannot be true', () => {
    const bench = flow().quote(WHOLE);
    const sums = bench.state.slice(0, 300);
    for (const price of [0, -1, NaN, Infinity]) bench.trade(price);
    for (const shares of [0, -5, NaN, Infinity]) bench.trade(500_000, shares);
    expect(bench.state.slice(0, 300)).toEqual(sums);
    expect(bench.column('passedOver')).toBe(8);
  });
});

describe('order flow at the best', () => {
  const { bid, ask } = WHOLE;
  it.each([
    ['a bid grows', { bidSize: 700 }, 400],
    ['a bid shrinks', { bidSize: 100 }, -200],
    ['a bid rises', { bid: bid + 100, bidSize: 50 }, 50],
    ['a bid falls', { bid: bid - 100, bidSize: 900 }, -300],
    ['an ask grows', { askSize: 250 }, -150],
    ['an ask falls', { ask: ask - 100, askSize: 40 }, -40],
    ['an ask rises', { ask: ask + 100, askSize: 900 }, 100],
    ['nothing moves', {}, 0],
    ['the bid leaves', { bid: NaN, bidSize: 0 }, 0],
    ['the ask leaves and the bid grows', { ask: NaN, askSize: 0, bidSize: 301 }, 1],
  ])('where %s', (_, change, expected) => {
    const bench = flow()
      .quote(WHOLE)
      .quote({ ...WHOLE, ...change });
    expect(bench.bar().column('orderFlow')).toBe(expected);
  });
});

describe("Amihud's illiquidity", () => {
  const VOLUME = 4;
  const CLOSE = 3;
  const moving = (bar: number) => ({ [CLOSE]: 50 + (bar % 2) * 0.5, [VOLUME]: 1_000 });

  it('passes over bars without volume, without a price, and over a night', () => {
    const whole = new Bench(illiquiditySource);
    for (let bar = 0; bar < 25; bar += 1) whole.bar(1, moving(bar));
    const value = whole.column('amihud');
    whole.bar(1, { [CLOSE]: 50, [VOLUME]: 0 });
    whole.bar(1, { [CLOSE]: NaN, [VOLUME]: 1_000 });
    whole.bar(2, { [CLOSE]: 90, [VOLUME]: 1_000 });
    expect(whole.column('amihud')).toBe(value);
    const daily = new Bench(illiquiditySource, 24 * 60 * MINUTE);
    for (let day = 0; day < 21; day += 1) daily.bar(day, moving(day));
    // Ten days up by a hundredth, ten down by 1 / 101: at $50.50 and $50, a thousand shares each.
    const mean = (0.01 / 50_500 + 1 / 101 / 50_000) / 2;
    expect(daily.column('amihud')).toBeCloseTo(1e6 * mean, 12);
  });
});

describe('a loss of quotes', () => {
  it('leaves none of what was quoted before', () => {
    const names = ['quote.bid', 'quote.ask', 'quote.spread'];
    const set = createFeatureSet(
      STANDARD_REGISTRY,
      { feed: 'any', names: [...names, 'bar.close'] },
      1,
    );
    if (!isFeatureSet(set)) throw new Error(set.reason);
    const from = { kind: 'trades', graceUs: 0 } as const;
    const engine = new FeatureEngine({ set, symbolsMax: 1, from });
    engine.name(0, 'AIG', '');
    const out = new Float64Array(set.width);
    const flags = new Uint8Array(set.width);
    const isTold = () => {
      engine.row(0, out, flags, 0);
      return [...flags.subarray(0, names.length)].map((flag) => flag === 0);
    };
    const take = (kind: number, flag: number) => {
      const batch = new EventBatch();
      const slot = batch.add(kind, 0, 0, flag, 0);
      if (kind === QUOTE) {
        batch.a[slot] = 500_000;
        batch.b[slot] = 100;
        batch.c[slot] = 500_200;
        batch.d[slot] = 100;
      }
      batch.endFrame(SECOND);
      engine.take(batch);
    };

    take(QUOTE, QUOTE_BID | QUOTE_ASK);
    expect(isTold()).toEqual([true, true, true]);
    take(GAP, CHANNEL_QUOTES);
    expect(isTold()).toEqual([false, false, false]);
    take(QUOTE, QUOTE_BID | QUOTE_ASK);
    expect(isTold()).toEqual([true, true, true]);
  });

  it('lets no order flow across it', () => {
    const bench = flow().quote(WHOLE).quote(EMPTY);
    bench.quote({ ...WHOLE, bidSize: 900 }).quote({ ...WHOLE, bidSize: 901 });
    expect(bench.bar().column('orderFlow')).toBe(1);
  });
});

/** Features of a book by its quote alone. */
function featuresOf(book: Book): Record<string, number> {
  const names = MICROSTRUCTURE.map(({ name }) => name);
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  set.quote(state, 0, tickOf({ kind: 'quote', nowUs: 0, ...book }));
  const raw = new Float64Array(set.rawWidth);
  set.readSymbol(state, 0, 0, raw, 0);
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  const nobody = { symbol: 0, sector: -1, benchmark: -1 };
  set.compute(raw, 0, new Float64Array(0), nobody, 0, out, flags, 0);
  return Object.fromEntries(names.map((name, at) => [name, flags[at] ? NaN : (out[at] ?? NaN)]));
}
