import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../../src/core/time.ts';
import {
  BAR_DAMAGED,
  BAR_DOUBTFUL,
  BAR_PARTIAL,
} from '../../../../../src/domain/market/bars/bar-record.ts';
import { LATE, REFUSED, TAKEN } from '../../../../../src/domain/market/bars/bar-verdict.ts';
import { TRADE_VOLUME } from '../../../../../src/domain/market/event-batch.ts';
import { BarScene, CLOSE_US, CORE, OPEN_US } from './bar-scene.ts';

const from = { kind: 'trades', graceUs: 0 } as const;

describe('bars of trades, shares and dollars', () => {
  it('close with the trade that reaches the amount, and begin again at nothing', () => {
    const scene = new BarScene({
      kinds: [
        { kind: 'tick', amount: 2 },
        { kind: 'volume', amount: 100 },
        { kind: 'dollar', amount: 1_000 },
      ],
      from,
    });
    // 10.0000 dollars each.
    scene.trade(OPEN_US, 100_000, 99);
    expect(scene.told).toHaveLength(0);
    scene.trade(OPEN_US + 1, 110_000, 150);
    expect(scene.told.map(({ label }) => label)).toEqual(['tick2', 'volume100', 'dollar1000']);
    scene.trade(OPEN_US + 2, 100_000, 100);

    expect(scene.told.slice(3)).toMatchObject([
      { label: 'volume100', startUs: OPEN_US + 2, endUs: OPEN_US + 2, volume: 100 },
      { label: 'dollar1000', turnover: 10_000_000, trades: 1 },
    ]);
  });

  it('wait for a price, and are cut where the session ends', () => {
    const scene = new BarScene({ kinds: [{ kind: 'tick', amount: 1 }], from });
    scene.trade(OPEN_US, 100, 5, TRADE_VOLUME);
    expect(scene.told).toHaveLength(0);
    scene.trade(OPEN_US + 1, 101, 5);
    expect(scene.told).toMatchObject([{ open: 101, volume: 10, trades: 2, marks: 0 }]);
    scene.trade(CLOSE_US - 2, 100, 3, TRADE_VOLUME);
    scene.closeBefore(CLOSE_US);
    expect(scene.told).toHaveLength(1);
    expect(scene.count(scene.builder.unpublishedAt(0))).toBe(3);
    expect(scene.trade(CLOSE_US - 1, 100, 1)).toBe(LATE);
    expect([...scene.builder.late]).toEqual([1]);
  });

  it('say that the session cut one, and that data were lost in another', () => {
    const scene = new BarScene({ kinds: [{ kind: 'tick', amount: 2 }], from });
    scene.trade(OPEN_US, 100, 1);
    scene.gap(OPEN_US + SECOND);
    scene.trade(OPEN_US + SECOND, 100, 1);
    scene.trade(OPEN_US + MINUTE, 100, 1);
    scene.session({ ...CORE, openUs: CLOSE_US, closeUs: CLOSE_US + MINUTE });

    expect(scene.told.map(({ marks }) => marks)).toEqual([BAR_DAMAGED, BAR_PARTIAL]);
  });
});

describe('imbalance bars', () => {
  const kind = {
    kind: 'tickImbalance',
    ticks: 3,
    bars: 1,
    imbalanceTicks: 3,
    ticksMin: 1,
    ticksMax: 100,
  } as const;

  it('close where theta reaches E0[T] |E0[b]|, as worked out by hand', () => {
    const scene = new BarScene({ kinds: [kind], from });
    let us = OPEN_US;
    const closes = (price: number) => {
      const before = scene.told.length;
      us += 1;
      scene.trade(us, price, 1);
      return scene.told.length > before;
    };
    // Signs 0, 1, 1: the first bar is of three ticks. E[b] by halves: 0, 0.5, 0.75; E[T] = 3.
    expect([closes(10), closes(11), closes(12)]).toEqual([false, false, true]);
    // The threshold is 2.25: theta goes 1, 0, 1, 2, 3. E[T] = T with an average over one bar.
    expect([12, 11, 12, 13, 14].map(closes)).toEqual([false, false, false, false, true]);
    // E[b] over 1, -1, 1, 1, 1 from 0.75: .875, -.0625, .46875, .734375, .8671875; times 5: 4.34.
    expect([15, 16, 17, 18, 19].map(closes)).toEqual([false, false, false, false, true]);
  });

  it('keep between the fewest and the most ticks', () => {
    const scene = new BarScene({
      kinds: [{ ...kind, imbalanceTicks: 50, ticksMin: 2, ticksMax: 4 }],
      from,
    });
    // To and fro, up without a break, and to and fro again.
    for (let tick = 0; tick < 90; tick += 1) {
      const isSteady = tick >= 30 && tick < 60;
      scene.trade(OPEN_US + tick, isSteady ? 10 + tick : 50 + (tick % 2), 1);
    }
    const ticks = scene.told.map(({ trades }) => trades);

    expect(Math.min(...ticks)).toBe(2);
    expect(Math.max(...ticks)).toBe(4);
  });

  it('are doubtful once a tick of theirs was corrected: what it pushed is done', () => {
    const scene = new BarScene({ kinds: [kind], from });
    scene.trade(OPEN_US, 10, 5);
    expect(scene.correction(OPEN_US, [10, 5], [10, 4])).toBe(TAKEN);
    expect(scene.forming('tickImbalance3-1-3-1-100')).toMatchObject({
      volume: 4,
      marks: BAR_DOUBTFUL,
    });
  });
});

describe('a correction', () => {
  const kinds = [
    { kind: 'time', spanUs: MINUTE },
    { kind: 'volume', amount: 1_000 },
  ] as const;

  it('of what never came is refused, and changes nothing', () => {
    const scene = new BarScene({ kinds, from });
    scene.trade(OPEN_US, 10, 5);
    const before = scene.state.slice();
    expect(scene.correction(OPEN_US, [10, 6], [10, 4])).toBe(REFUSED);
    expect(scene.correction(OPEN_US + MINUTE, [10, 5], [10, 4])).toBe(REFUSED);
    expect(scene.correction(OPEN_US, [Number.NaN, 5], [10, 4])).toBe(REFUSED);
    expect(scene.correction(OPEN_US, [10, 5], [-1, 4])).toBe(REFUSED);
    expect(scene.correction(OPEN_US, [10, 5], [10, -4])).toBe(REFUSED);
    before[scene.at + 7] = 5;

    expect([...scene.state]).toEqual([...before]);
  });

  it('of a closed bar is told for whom it is late, and still repairs those that are open', () => {
    const scene = new BarScene({ kinds, from });
    scene.trade(OPEN_US, 10, 5);
    scene.trade(OPEN_US + 1, 11, 5);
    scene.trade(OPEN_US + MINUTE, 12, 5);
    expect(scene.correction(OPEN_US, [10, 5], [0, 0])).toBe(LATE);

    expect([...scene.builder.late]).toEqual([1, 0]);
    expect(scene.forming('volume1000')).toMatchObject({ volume: 10, trades: 2, high: 12 });
  });
});
