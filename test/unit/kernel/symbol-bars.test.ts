import { describe, expect, it } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import {
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  TRADE_HIGH_LOW,
  TRADE_LAST,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../src/domain/market/event-batch.ts';
import { ROW_LAST, ROW_LATE } from '../../../src/domain/market/symbol-row.ts';
import { VENUE_AHEAD_US_MAX } from '../../../src/domain/market/venue-clock.ts';

import { CLOSE_US, DOLLAR, GRACE_US, OPEN_US, RowScene } from './row-scene.ts';

const [A, B] = [0, 1];
/** Within the first minute. */
const T = OPEN_US + 10 * SECOND;

describe('a bar of trades', () => {
  it('is told by what the flags of each trade allow', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 100);
    scene.trade(A, T + 1, 70 * DOLLAR, 7, TRADE_VOLUME); // An odd lot.
    scene.trade(A, T + 2, 60 * DOLLAR, 10, TRADE_HIGH_LOW | TRADE_VOLUME);
    scene.trade(A, T + 3, 49 * DOLLAR, 20);
    scene.to(OPEN_US + MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: 49 * DOLLAR, volume: 137 }]);
  });

  it('closes at its end plus grace without a next trade, and not before', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.to(OPEN_US + MINUTE + GRACE_US - 1);
    expect(scene.measured).toHaveLength(0);

    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toHaveLength(1);
  });

  it('takes a trade of its time that comes within the grace', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.to(OPEN_US + MINUTE + 100_000);
    scene.trade(A, OPEN_US + MINUTE - 1, 51 * DOLLAR);
    scene.to(OPEN_US + MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: 51 * DOLLAR, volume: 200 }]);
    expect(scene.value(A, ROW_LATE)).toBe(0);
  });

  it('closes with the first trade of the next; what comes later for it is counted', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.trade(A, OPEN_US + MINUTE, 51 * DOLLAR);
    expect(scene.measured).toHaveLength(1);

    scene.trade(A, OPEN_US + MINUTE - 1, 99 * DOLLAR);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);
    expect(scene.measured.map(({ price }) => price)).toEqual([50 * DOLLAR, 51 * DOLLAR]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
    expect(scene.value(A, ROW_LAST)).toBe(51 * DOLLAR);
  });

  it('counts a trade whose bar the timer closed', () => {
    const scene = new RowScene();
    scene.bars(A, [50 * DOLLAR], OPEN_US);
    scene.trade(A, OPEN_US + MINUTE - 1, 99 * DOLLAR);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);

    expect(scene.measured).toHaveLength(1);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('closes by no trade that is dated an hour after its receipt: that is counted (D7)', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.tradeAhead(A, OPEN_US + HOUR, 99 * DOLLAR);
    scene.trade(A, T + 1, 51 * DOLLAR);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    scene.bars(A, [52 * DOLLAR], OPEN_US + MINUTE);

    expect(scene.measured.map(({ price }) => price)).toEqual([51 * DOLLAR, 52 * DOLLAR]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('takes no trade without a price above zero and a size: that is counted', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.trade(A, T + 1, -1);
    scene.trade(A, T + 2, 0);
    scene.trade(A, T + 3, Number.NaN);
    scene.trade(A, T + 4, 51 * DOLLAR, -100);
    scene.to(OPEN_US + MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: 50 * DOLLAR, volume: 100 }]);
    expect(scene.value(A, ROW_LATE)).toBe(4);
    expect(scene.value(A, ROW_LAST)).toBe(50 * DOLLAR);
  });

  it('takes a trade that is dated up to a minute ahead, and none beyond', () => {
    const scene = new RowScene();
    scene.tradeAhead(A, OPEN_US + VENUE_AHEAD_US_MAX, 50 * DOLLAR);
    scene.tradeAhead(A, OPEN_US + VENUE_AHEAD_US_MAX + 1, 51 * DOLLAR);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: 50 * DOLLAR }]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('is not made out of the core session, though the last price moves', () => {
    const scene = new RowScene({}, 2, OPEN_US - MINUTE);
    scene.trade(A, OPEN_US - 1, 40 * DOLLAR);
    expect(scene.value(A, ROW_LAST)).toBe(40 * DOLLAR);
    scene.trade(A, OPEN_US, 50 * DOLLAR);
    scene.trade(A, CLOSE_US - 1, 60 * DOLLAR);
    scene.trade(A, CLOSE_US, 70 * DOLLAR);
    scene.to(CLOSE_US + 2 * MINUTE);

    expect(scene.measured.map(({ price }) => price)).toEqual([50 * DOLLAR, 60 * DOLLAR]);
    expect(scene.value(A, ROW_LAST)).toBe(70 * DOLLAR);
  });

  it('knows nothing of a trade that the feed itself doubts, in the session and out of it', () => {
    const scene = new RowScene({}, 2, OPEN_US - MINUTE);
    scene.trade(A, OPEN_US - 1, 40 * DOLLAR);
    scene.trade(A, OPEN_US - 1, 1 * DOLLAR, 100, TRADE_REGULAR | TRADE_SUSPICIOUS);
    expect(scene.value(A, ROW_LAST)).toBe(40 * DOLLAR);
    scene.trade(A, T, 50 * DOLLAR);
    scene.trade(A, OPEN_US + MINUTE, 1 * DOLLAR, 100, TRADE_REGULAR | TRADE_SUSPICIOUS);

    expect(scene.value(A, ROW_LAST)).toBe(50 * DOLLAR);
    expect(scene.measured).toHaveLength(0); // Nor does it end a bar.
  });

  it('is no bar without a price or without volume', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 5, TRADE_VOLUME);
    scene.trade(B, T, 50 * DOLLAR, 5, TRADE_LAST);
    scene.to(OPEN_US + 2 * MINUTE);

    expect(scene.measured).toHaveLength(0);
  });

  it('closes for every symbol, also where one slice of a sweep does not hold them all', () => {
    const rows = 2_500;
    const scene = new RowScene({}, rows);
    for (let row = 0; row < rows; row += 1) scene.trade(row, T, 50 * DOLLAR);
    scene.to(OPEN_US + MINUTE + GRACE_US + 10);

    expect(scene.measured).toHaveLength(rows);
  });

  it('keeps a session for a symbol that is named while it runs', () => {
    const scene = new RowScene();
    scene.name(2);
    scene.trade(2, CLOSE_US + 1, 50 * DOLLAR);
    scene.to(CLOSE_US + 2 * MINUTE);

    expect(scene.measured).toHaveLength(0);
  });
});

describe("a venue's bar", () => {
  const [open, high, low, close] = [50 * DOLLAR, 52 * DOLLAR, 49 * DOLLAR, 51 * DOLLAR];
  const bar = [open, high, low, close, 300];

  it('of our span closes at once', () => {
    const scene = new RowScene();
    scene.bar(A, OPEN_US, bar);
    expect(scene.measured).toMatchObject([{ price: close, volume: 300 }]);
  });

  it('of a shorter span is a part of ours', () => {
    const scene = new RowScene();
    const quarter = 15 * SECOND;
    scene.bar(A, OPEN_US, [open, high, 50 * DOLLAR, open, 100], quarter);
    scene.bar(A, OPEN_US + quarter, [open, open, low, low, 10], quarter);
    scene.bar(A, OPEN_US + 2 * quarter, [low, open, low, open, 20], quarter);
    expect(scene.measured).toHaveLength(0);
    scene.bar(A, OPEN_US + 3 * quarter, [close, close, close, close, 30], quarter);

    expect(scene.measured).toMatchObject([{ price: close, volume: 160 }]);
  });

  it('is left alone where trades told it', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR);
    scene.bar(A, OPEN_US, bar);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toMatchObject([{ price: 50 * DOLLAR, volume: 100 }]);
  });

  it.each([
    ['a second time', BAR_FINAL],
    ['in a later version', BAR_FINAL | BAR_UPDATED],
  ])('changes nothing %s', (_, flags) => {
    const scene = new RowScene();
    scene.bar(A, OPEN_US, bar);
    scene.bar(A, OPEN_US, bar, MINUTE, flags);
    expect(scene.measured).toHaveLength(1);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it.each([
    ['is still forming', 0],
    ['is told again', BAR_FINAL | BAR_UPDATED],
  ])('of a shorter span is not added where it %s', (_, flags) => {
    const scene = new RowScene();
    scene.bar(A, OPEN_US, bar, 30 * SECOND);
    scene.bar(A, OPEN_US, bar, 30 * SECOND, flags);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toMatchObject([{ volume: 300 }]);
  });

  it('that comes after the next has begun is late, and spoils nothing', () => {
    const scene = new RowScene();
    scene.to(OPEN_US + MINUTE);
    scene.bar(A, OPEN_US + MINUTE, bar, 30 * SECOND);
    scene.bar(A, OPEN_US + 30 * SECOND, [1, 1, 1, 1, 1], 30 * SECOND);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: close, volume: 300 }]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('of a day goes to layer 1 and nowhere else', () => {
    const scene = new RowScene();
    scene.bar(A, OPEN_US - DAY, bar, DAY);
    scene.to(OPEN_US + 2 * MINUTE);

    expect(scene.days).toEqual([{ kind: 'dayMeasured', close, volume: 300 }]);
    expect(scene.measured).toHaveLength(0);
  });
});

describe('a correction', () => {
  it('takes volume back while the bar is open', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 100);
    scene.trade(A, T, 50 * DOLLAR, 900);
    scene.correction(A, T + 1, [50 * DOLLAR, 900, 50 * DOLLAR, 90], T);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toMatchObject([{ volume: 190 }]);
  });

  it('that busts the only trade leaves no bar', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 100);
    scene.correction(A, T + 1, [50 * DOLLAR, 100, 0, 0], T);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toHaveLength(0);
  });

  it('of a closed bar of a symbol that is in no layer is counted and changes nothing', () => {
    const scene = new RowScene();
    scene.bars(A, [50 * DOLLAR], OPEN_US);
    scene.trade(A, OPEN_US + MINUTE + SECOND, 51 * DOLLAR, 100);
    scene.correction(A, OPEN_US + MINUTE + 2 * SECOND, [50 * DOLLAR, 100, 0, 0], T);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);
    expect(scene.measured).toMatchObject([{ volume: 100 }, { volume: 100 }]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });
});

describe('a gap', () => {
  const wave = (count: number) =>
    Array.from({ length: count }, (_, at) => 50 * DOLLAR + ((at * 7) % 11) * 100);

  it('in trades makes indicators begin again: no signal spans it (I7)', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.bars(A, wave(25));
    expect(scene.observed.at(-1)?.zScore).not.toBeNaN();

    scene.gap(A, scene.nowUs, CHANNEL_TRADES);
    scene.bars(A, wave(20), scene.nextMinuteUs());
    const after = scene.observed.slice(25);
    expect(after).toHaveLength(20);
    expect(after.slice(0, 19).every(({ zScore }) => Number.isNaN(zScore))).toBe(true);
    expect(after.slice(0, 13).every(({ view }) => Number.isNaN(view.averageRange))).toBe(true);
    expect(scene.measured.at(25)?.momentum).toBeNaN();
    expect(after[19]?.zScore).not.toBeNaN();
  });

  it('leaves the bar in which it happened unmade, by trades before and after it', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 5_000);
    scene.gap(A, T + SECOND, CHANNEL_TRADES);
    scene.trade(A, T + 2 * SECOND, 60 * DOLLAR);
    scene.trade(A, OPEN_US + MINUTE + SECOND, 70 * DOLLAR);
    scene.to(OPEN_US + 2 * MINUTE + GRACE_US);

    expect(scene.measured).toMatchObject([{ price: 70 * DOLLAR, volume: 100 }]);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('leaves that bar to the venue, which knows it whole', () => {
    const scene = new RowScene();
    scene.trade(A, T, 50 * DOLLAR, 5_000);
    scene.gap(-1, T + SECOND, CHANNEL_TRADES);
    scene.trade(A, T + 2 * SECOND, 60 * DOLLAR);
    scene.bar(A, OPEN_US, [50 * DOLLAR, 65 * DOLLAR, 50 * DOLLAR, 60 * DOLLAR, 9_000]);

    expect(scene.measured).toMatchObject([{ price: 60 * DOLLAR, volume: 9_000 }]);
  });

  it('in quotes takes the quote away until the next, and leaves the indicators', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.bars(A, wave(20));
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    scene.gap(A, scene.nowUs, CHANNEL_QUOTES);
    scene.bars(A, [50 * DOLLAR], scene.nextMinuteUs());

    const [observed] = scene.observed.slice(-1);
    expect(observed?.zScore).not.toBeNaN();
    expect(observed?.view).toMatchObject({ bid: Number.NaN, quoteUs: 0, isBarOnly: false });
    expect(scene.measured.at(-1)?.spreadBps).toBeNaN();
  });

  it('in quotes ends the indicators too where they live by quotes', () => {
    const scene = new RowScene({ cadence: 'event' });
    scene.activate(A);
    const fall = (fromUs: number) => {
      for (let at = 0; at < 20; at += 1) {
        const bid = (at === 19 ? 40 : 50) * DOLLAR + (at % 2) * 100;
        scene.quote(A, fromUs + at * SECOND, bid, bid + 100);
      }
    };
    fall(scene.nowUs);
    expect(scene.observed).toHaveLength(1);
    scene.gap(A, scene.nowUs, CHANNEL_QUOTES);
    scene.quote(A, scene.nowUs + SECOND, 30 * DOLLAR, 30 * DOLLAR + 100);
    expect(scene.observed).toHaveLength(1);
    fall(scene.nowUs + SECOND); // The 20th after the gap is the first that is known.
    expect(scene.observed).toHaveLength(2);
  });
});
