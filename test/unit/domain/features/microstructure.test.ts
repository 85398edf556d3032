import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { MICROSTRUCTURE } from '../../../../src/domain/features/families/microstructure.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import type { SourceDeclaration } from '../../../../src/domain/features/registry.ts';
import type { SymbolSource } from '../../../../src/domain/features/source.ts';
import { flowSource } from '../../../../src/domain/features/sources/flow-source.ts';
import { illiquiditySource } from '../../../../src/domain/features/sources/illiquidity-source.ts';
import { quoteSource } from '../../../../src/domain/features/sources/quote-source.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BAR_WIDTH, SESSION, START_US } from '../../../../src/domain/indicators/indicator.ts';
import {
  TRADE_LAST,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { type Book, tickOf } from '../../../reference/quoted-market.ts';

const EMPTY = { bid: NaN, bidSize: 0, ask: NaN, askSize: 0 };
const WHOLE = { bid: 500_000, bidSize: 300, ask: 500_200, askSize: 100 };
const LOCKED = { ...WHOLE, ask: 500_000 };
const CROSSED = { ...WHOLE, ask: 499_900 };
const BID_ONLY = { ...WHOLE, ask: NaN, askSize: 0 };

/** One source of one symbol, told of things by hand. */
class Bench {
  readonly source: SymbolSource;
  readonly state: Float64Array;
  book: Book = EMPTY;
  nowUs = 1_000_000 * MINUTE;
  bars = 0;

  constructor(declaration: SourceDeclaration, spanUs = MINUTE) {
    const source = declaration.build({ symbolsMax: 1, spanUs });
    if (source.scope !== 'symbol') throw new Error('a source of one symbol');
    this.source = source;
    this.state = new Float64Array(source.width);
    source.reset(this.state, 0);
  }

  quote(book: Book): this {
    this.book = book;
    this.source.quote?.(this.state, 0, tickOf({ kind: 'quote', nowUs: this.nowUs, ...book }));
    return this;
  }

  trade(price: number, shares = 100, flags = TRADE_REGULAR, nowUs = this.nowUs): this {
    const event = { kind: 'trade', nowUs, ...this.book, price, shares, flags } as const;
    this.source.trade?.(this.state, 0, tickOf(event));
    return this;
  }

  bar(session = 1, values: Readonly<Record<number, number>> = {}): this {
    const bar = new Float64Array(BAR_WIDTH).fill(500_000);
    for (const [place, value] of Object.entries(values)) bar[Number(place)] = value;
    bar[SESSION] = session;
    bar[START_US] = this.bars * MINUTE;
    this.bars += 1;
    this.source.bar?.(this.state, 0, bar);
    return this;
  }

  later(us: number): this {
    this.nowUs += us;
    return this;
  }

  column(name: string): number {
    const { source, state, nowUs } = this;
    const out = new Float64Array(source.columns.length);
    source.read(state, 0, nowUs, out, 0);
    return out[source.columns.findIndex((column) => column.name === name)] ?? NaN;
  }
}

const flow = () => new Bench(flowSource);

/** Net shares of the trades, which must be all of the first bar. */
function signedOf(bench: Bench): number {
  return bench.bar().column('signedVolume');
}

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

  it('without a middle has no imbalance and no micro-price, and its age runs on', () => {
    expect(featuresOf(WHOLE)['depthImbalance']).toBe(0.5);
    // (50.00 x 100 + 50.02 x 300) / 400 = 50.015.
    expect(featuresOf(WHOLE)['microPriceGapBps']).toBeCloseTo((0.005 / 50.01) * 1e4, 9);
    for (const book of [CROSSED, BID_ONLY, EMPTY]) {
      expect(featuresOf(book)['depthImbalance']).toBeNaN();
      expect(featuresOf(book)['microPriceGapBps']).toBeNaN();
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

describe('the realised spread', () => {
  /** Two sells at the bid and one buy at the ask, then the middle falls by four cents. */
  const traded = () =>
    flow().quote(WHOLE).trade(500_000).trade(500_000).trade(500_200, 400).later(SECOND);
  const fallen = { ...WHOLE, bid: 499_600, ask: 499_800 };

  it('meets the middle that stands five minutes after its five seconds, and no other', () => {
    const bench = traded()
      .quote(fallen)
      .later(4 * MINUTE);
    // What comes at the very moment is too late.
    bench.later(5 * SECOND + MINUTE - SECOND).quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) bench.bar();
    const kept = 200 * -(500_000 - 499_700) + 400 * (500_200 - 499_700);
    const bps = (1e4 * 2 * kept) / 500_100 / 600;
    expect(bench.column('realisedSpread')).toBeCloseTo(bps, 9);
    expect(bench.column('effectiveSpread')).toBeCloseTo((1e4 * 200) / 500_100, 9);
    expect(bench.column('realisedLost')).toBe(0);
  });

  it('is not told before, and counts what meets a book without a middle', () => {
    const early = traded()
      .later(5 * MINUTE + 3 * SECOND)
      .quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) early.bar();
    expect(early.column('realisedSpread')).toBeNaN();
    const lost = traded()
      .quote(CROSSED)
      .later(6 * MINUTE)
      .quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) lost.bar();
    expect(lost.column('realisedSpread')).toBeNaN();
    expect(lost.column('realisedLost')).toBe(3);
  });

  it('loses no trade of a burst, however many come at once', () => {
    const bench = flow().quote(WHOLE);
    for (let trade = 0; trade < 100_000; trade += 1) bench.trade(500_200);
    bench.later(6 * MINUTE).quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) bench.bar();
    expect(bench.column('realisedLost')).toBe(0);
    expect(bench.column('realisedSpread')).toBeCloseTo((1e4 * 200) / 500_100, 7);
  });
});

describe('time', () => {
  it('never goes back: an event of before is heard as of now', () => {
    const straight = flow().quote(WHOLE).trade(500_200).later(MINUTE).trade(500_200);
    const back = flow().quote(WHOLE).trade(500_200).later(MINUTE).trade(500_200);
    straight.trade(500_000);
    back.trade(500_000, 100, TRADE_REGULAR, back.nowUs - 30 * SECOND);
    expect(back.state).toEqual(straight.state);
  });

  it('is part of an event: without it there was none', () => {
    const bench = flow().quote(WHOLE).trade(500_200);
    const before = bench.state.slice();
    bench.trade(500_000, 100, TRADE_REGULAR, NaN);
    bench.later(NaN).quote(LOCKED);
    expect(bench.state).toEqual(before);
  });

  it('lets no spread weigh for a night', () => {
    const bench = flow()
      .quote(WHOLE)
      .later(17 * 60 * MINUTE);
    bench
      .quote(LOCKED)
      .later(5 * MINUTE)
      .quote(LOCKED);
    for (let bar = 0; bar < 20; bar += 1) bench.bar();
    expect(bench.column('quotedSpread')).toBeCloseTo((1e4 * 200) / 500_100 / 2, 9);
  });
});

describe("Kyle's lambda", () => {
  const traded = (bench: Bench, bars: number, session: number, shares: (bar: number) => number) => {
    for (let bar = 0; bar < bars; bar += 1) {
      const net = shares(bar);
      const middle = (bench.book.bid + bench.book.ask) / 2;
      bench.trade(net > 0 ? middle + 100 : middle - 100, Math.abs(net));
      // Two ten-thousandths a share.
      const bid = bench.book.bid + 2 * net;
      bench.quote({ ...WHOLE, bid, ask: bid + 200 }).bar(session);
    }
    return bench;
  };

  it('is the slope that a market was made with, in dollars a share', () => {
    const bench = traded(flow().quote(WHOLE), 21, 1, (bar) => (bar % 3 === 0 ? -50 : 10 + bar));
    expect(bench.column('kyleLambda')).toBeCloseTo(2 / 10_000, 12);
  });

  it('takes no change over a night, and says nothing of too few changes or of equal bars', () => {
    const shares = (bar: number) => 10 + bar * (bar % 2 === 0 ? 1 : -2);
    const night = traded(flow().quote(WHOLE), 12, 1, shares);
    night.quote({ ...WHOLE, bid: 900_000, ask: 900_200 });
    expect(traded(night, 9, 2, shares).column('kyleLambda')).toBeCloseTo(2 / 10_000, 12);
    const many = flow().quote(WHOLE);
    for (let session = 1; session <= 20; session += 1) traded(many, 1, session, shares);
    expect(many.column('kyleLambda')).toBeNaN();
    expect(traded(flow().quote(WHOLE), 30, 1, () => 10).column('kyleLambda')).toBeNaN();
  });
});

describe("Roll's spread", () => {
  const prices = (of: (trade: number) => number) => {
    const bench = flow().quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) {
      for (let trade = 0; trade < 50; trade += 1) bench.trade(of(bar * 50 + trade));
      bench.bar();
    }
    return bench.column('rollSpread');
  };

  it('finds the width of a bounce, twice over where every trade is on the other side', () => {
    // The paper's sides are drawn by chance: then the covariance is a quarter of this one's.
    expect(prices((trade) => 500_000 + (trade % 2) * 200)).toBeCloseTo(2 * 0.02, 4);
  });

  it('is 0 where prices run on', () => {
    expect(prices((trade) => 500_000 + trade * trade)).toBe(0);
  });
});

describe('VPIN', () => {
  /** Twenty bars of 100 shares give buckets of 100. */
  const sized = () => {
    const bench = flow().quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) bench.trade(500_200, 100).bar();
    return bench;
  };

  it('is 1 where all are bought, 0 where as many are sold, half where a half more', () => {
    const all = sized();
    for (let trade = 0; trade < 50; trade += 1) all.trade(500_200, 100);
    expect(all.column('vpin')).toBe(1);
    const even = sized();
    for (let trade = 0; trade < 100; trade += 1) even.trade(trade % 2 ? 500_200 : 500_000, 50);
    expect(even.column('vpin')).toBe(0);
    const half = sized();
    for (let trade = 0; trade < 100; trade += 1) {
      half.trade(trade % 2 ? 500_200 : 500_000, trade % 2 ? 75 : 25);
    }
    expect(half.column('vpin')).toBe(0.5);
  });

  it('splits a block over the buckets it fills, however large, and keeps what is left', () => {
    const block = sized().trade(500_000, 6_211_548 - 48);
    expect(block.column('vpin')).toBe(1);
    const next = sized().trade(500_000, 6_211_548).trade(500_200, 52);
    // 48 sold and 52 bought: a bucket of 4, and 49 of 100.
    expect(next.column('vpin')).toBeCloseTo((49 * 100 + 4) / 5_000, 12);
  });

  it('keeps its size through bars without a trade, and starts at none', () => {
    const quiet = sized();
    for (let bar = 0; bar < 40; bar += 1) quiet.bar();
    for (let trade = 0; trade < 50; trade += 1) quiet.trade(500_200, 100);
    expect(quiet.column('vpin')).toBe(1);
    const early = flow().quote(WHOLE);
    for (let trade = 0; trade < 500; trade += 1) early.trade(500_200, 100);
    expect(early.column('vpin')).toBeNaN();
  });
});

describe("Amihud's illiquidity", () => {
  const VOLUME = 4;
  const CLOSE = 3;
  const bars = (count: number, lastVolume: number) => {
    const bench = new Bench(illiquiditySource);
    for (let bar = 0; bar < count; bar += 1) {
      const volume = bar === count - 1 ? lastVolume : 1_000;
      bench.bar(1, { [CLOSE]: 500_000 + (bar % 2) * 5_000, [VOLUME]: volume });
    }
    return bench;
  };

  it('is what it would have been where the volume of the last bar is told anew', () => {
    const repaired = bars(25, 1_000);
    repaired.source.repairVolume?.(repaired.state, 0, 4_000);
    expect(repaired.state).toEqual(bars(25, 4_000).state);
    const before = repaired.state.slice();
    for (const volume of [0, NaN, -1]) repaired.source.repairVolume?.(repaired.state, 0, volume);
    expect(repaired.state).toEqual(before);
  });

  it('passes over bars without volume, without a price, and over a night', () => {
    const whole = bars(25, 1_000);
    const value = whole.column('amihud');
    whole.bar(1, { [CLOSE]: 500_000, [VOLUME]: 0 });
    whole.bar(1, { [CLOSE]: NaN, [VOLUME]: 1_000 });
    whole.bar(2, { [CLOSE]: 900_000, [VOLUME]: 1_000 });
    whole.source.repairVolume?.(whole.state, 0, 4_000);
    expect(whole.column('amihud')).toBe(value);
    const daily = new Bench(illiquiditySource, 24 * 60 * MINUTE);
    for (let day = 0; day < 21; day += 1) {
      daily.bar(day, { [CLOSE]: 500_000 + (day % 2) * 5_000, [VOLUME]: 1_000 });
    }
    expect(daily.column('amihud')).toBeGreaterThan(0);
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
