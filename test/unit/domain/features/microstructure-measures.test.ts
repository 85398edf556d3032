import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { flowSource } from '../../../../src/domain/features/sources/flow-source.ts';
import { TRADE_REGULAR } from '../../../../src/domain/market/event-batch.ts';

import { Bench, CROSSED, flow, LOCKED, WHOLE } from './microstructure-bench.ts';

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

  it('needs ten changes of the middle', () => {
    const shares = (bar: number) => 10 + bar * (bar % 2 === 0 ? 1 : -2);
    const nights = (bars: number, spanUs: number) => {
      const bench = new Bench(flowSource, spanUs).quote(WHOLE);
      for (let session = 1; session <= bars; session += 1) traded(bench, 1, session, () => session);
      return bench;
    };
    // The first bar of a session has no change: eleven bars have ten.
    expect(traded(nights(10, MINUTE), 10, 99, shares).column('kyleLambda')).toBeNaN();
    const ten = traded(nights(9, MINUTE), 11, 99, shares);
    expect(ten.column('kyleLambda')).toBeCloseTo(2 / 10_000, 12);
    expect(nights(21, MINUTE).column('kyleLambda')).toBeNaN();
    // Bars of a day have nothing but nights between them.
    expect(nights(21, 24 * 60 * MINUTE).column('kyleLambda')).toBeCloseTo(2 / 10_000, 12);
  });

  it('takes no change over a night, and says nothing of bars that are all alike', () => {
    const shares = (bar: number) => 10 + bar * (bar % 2 === 0 ? 1 : -2);
    const night = traded(flow().quote(WHOLE), 12, 1, shares);
    night.quote({ ...WHOLE, bid: 900_000, ask: 900_200 });
    expect(traded(night, 9, 2, shares).column('kyleLambda')).toBeCloseTo(2 / 10_000, 12);
    expect(traded(flow().quote(WHOLE), 30, 1, () => 10).column('kyleLambda')).toBeNaN();
  });
});

describe('trades a minute', () => {
  it('count the minutes that had no bar, and not the nights', () => {
    const bench = flow().quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) {
      for (let trade = 0; trade < 6; trade += 1) bench.trade(500_200);
      // Three minutes from bar to bar; the second session begins a thousand later.
      bench.bars += bar === 10 ? 1_000 : 2;
      bench.bar(bar < 10 ? 1 : 2);
    }
    expect(bench.column('tradesPerMinute')).toBe((20 * 6) / (18 * 3 + 2));
  });
});

describe('bars without trades and quotes', () => {
  it('are no quiet ones where none were fed: nothing is known', () => {
    const bench = flow();
    for (let bar = 0; bar < 30; bar += 1) bench.bar();
    expect(bench.column('trades')).toBeNaN();
    expect(bench.column('tradesPerMinute')).toBeNaN();
    bench.quote(WHOLE);
    for (let bar = 0; bar < 20; bar += 1) bench.bar();
    expect(bench.column('tradesPerMinute')).toBe(0);
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
