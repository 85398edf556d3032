import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import {
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  TRADE_REGULAR,
} from '../../../src/domain/market/event-batch.ts';
import { ROW_DOUBTED, ROW_LAST, ROW_LATE } from '../../../src/domain/market/symbol-row.ts';
import { DOLLAR, OPEN_US, RowScene } from './row-scene.ts';

const A = 0;
const B = 1;

function venueScene(options = {}): RowScene {
  const scene = new RowScene({ bars: 'venue', ...options });
  scene.activate(A);
  return scene;
}

function closeAt(minute: number): number {
  return 50 * DOLLAR + ((minute * 7) % 11) * 100;
}

/** The venue's bars of minutes since the open, each received at its end. */
function bars(scene: RowScene, from: number, to: number, row = A): void {
  for (let minute = from; minute < to; minute += 1) {
    scene.bar(row, OPEN_US + minute * MINUTE, barOf(minute));
  }
}

function barOf(minute: number): readonly number[] {
  const close = closeAt(minute);
  return [close, close + 200, close - 200, close, 1_000 + minute];
}

const GAPLESS = 40;

/** What strategies were told last, after forty minutes without any loss. */
function gapless() {
  const scene = venueScene();
  bars(scene, 0, GAPLESS);
  return scene.observed.at(-1);
}

describe("the venue's bars", () => {
  it('are the bars: a trade beside them moves the last price and is counted into none', () => {
    const scene = venueScene();
    scene.trade(A, OPEN_US + SECOND, 60 * DOLLAR, 5_000);
    expect(scene.value(A, ROW_LAST)).toBe(60 * DOLLAR);
    scene.bar(A, OPEN_US, barOf(0));
    scene.to(OPEN_US + 3 * MINUTE);

    expect(scene.measured).toMatchObject([{ price: closeAt(0), volume: 1_000 }]);
  });

  it('leave the last price to trades whose flags allow it', () => {
    const scene = venueScene();
    scene.trade(A, OPEN_US + SECOND, 60 * DOLLAR, 100, TRADE_REGULAR);
    scene.trade(A, OPEN_US + 2 * SECOND, 70 * DOLLAR, 100, 0);
    expect(scene.value(A, ROW_LAST)).toBe(60 * DOLLAR);
  });

  it('are none where only trades came', () => {
    const scene = venueScene();
    scene.trade(A, OPEN_US + SECOND, 60 * DOLLAR, 5_000);
    scene.to(OPEN_US + 3 * MINUTE);
    expect(scene.measured).toEqual([]);
  });

  it('do not take back a price that is later than they are, nor does an old trade', () => {
    const scene = venueScene();
    scene.trade(A, OPEN_US + MINUTE + SECOND, 60 * DOLLAR);
    scene.bar(A, OPEN_US, barOf(0));
    expect(scene.value(A, ROW_LAST)).toBe(60 * DOLLAR);

    scene.trade(A, OPEN_US + SECOND, 40 * DOLLAR);
    expect(scene.value(A, ROW_LAST)).toBe(60 * DOLLAR);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('D7: count once, however often and late they are told', () => {
    const scene = venueScene();
    bars(scene, 0, 3);
    scene.bar(A, OPEN_US + 2 * MINUTE, barOf(2));
    scene.bar(A, OPEN_US, barOf(0));

    expect(scene.measured).toHaveLength(3);
    expect(scene.value(A, ROW_LATE)).toBe(2);
  });

  it('told anew leave the row as if they had been right at first', () => {
    const again = new Map([
      [GAPLESS - 1, [...barOf(GAPLESS - 1).slice(0, 4), 50_000]],
      [GAPLESS - 5, [60 * DOLLAR, 62 * DOLLAR, 59 * DOLLAR, 61 * DOLLAR, 7]],
    ]);
    const scene = venueScene();
    bars(scene, 0, GAPLESS);
    for (const [minute, values] of again) {
      scene.bar(A, OPEN_US + minute * MINUTE, values, MINUTE, BAR_FINAL | BAR_UPDATED);
    }
    bars(scene, GAPLESS, GAPLESS + 1);

    const right = venueScene();
    for (let minute = 0; minute <= GAPLESS; minute += 1) {
      right.bar(A, OPEN_US + minute * MINUTE, again.get(minute) ?? barOf(minute));
    }
    expect(scene.observed.at(-1)).toEqual(right.observed.at(-1));
    expect(scene.featureRows.at(-1)).toEqual(right.featureRows.at(-1));
    expect(scene.observed.at(-1)).not.toEqual(gapless());
    expect([scene.value(A, ROW_LATE), scene.value(A, ROW_DOUBTED)]).toEqual([0, 0]);
  });

  it('that come late, in order, move the indicators and make no signal (I7)', () => {
    const scene = venueScene();
    bars(scene, 0, 20);
    const told = scene.observed.length;
    scene.to(OPEN_US + 30 * MINUTE);
    bars(scene, 20, 27);
    expect(scene.observed).toHaveLength(told);
    bars(scene, 27, GAPLESS);

    expect(scene.observed.at(-1)).toEqual(gapless());
  });
});

describe("a gap in the venue's bars", () => {
  it('D6: leaves what a run without it would have, once the lost bars were sent in order', () => {
    const scene = venueScene();
    bars(scene, 0, 25);
    scene.to(OPEN_US + 31 * MINUTE);
    scene.gap(-1, scene.nowUs, CHANNEL_BARS);
    bars(scene, 25, GAPLESS);

    expect(scene.observed.at(-1)).toEqual(gapless());
  });

  it('I7: makes indicators begin anew where a bar is missing after it', () => {
    const scene = venueScene();
    bars(scene, 0, 25);
    scene.gap(-1, scene.nowUs, CHANNEL_BARS);
    scene.to(OPEN_US + 26 * MINUTE);
    bars(scene, 26, GAPLESS);

    const after = scene.observed.slice(25);
    expect(after).toHaveLength(GAPLESS - 26);
    expect(after.every(({ zScore }) => Number.isNaN(zScore))).toBe(true);
  });

  it('is nothing to a symbol that has a hole without it: nobody traded', () => {
    const scene = venueScene();
    bars(scene, 0, 25);
    bars(scene, 26, 27);
    expect(scene.observed.at(-1)?.zScore).not.toBeNaN();
  });

  it('lets no score of before it pass', () => {
    const scene = venueScene();
    bars(scene, 0, GAPLESS);
    const endUs = OPEN_US + GAPLESS * MINUTE;
    scene.score(A, 0.9, endUs);
    expect(scene.scored).toHaveLength(1);
    scene.gap(-1, scene.nowUs, CHANNEL_BARS);
    scene.score(A, 0.9, endUs);

    expect(scene.scored).toHaveLength(1);
  });

  it('in trades or quotes costs no indicator, and in quotes the quote', () => {
    const scene = venueScene();
    bars(scene, 0, 25);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    scene.gap(-1, scene.nowUs, CHANNEL_TRADES);
    scene.gap(-1, scene.nowUs, CHANNEL_QUOTES);
    bars(scene, 25, 26);

    const observed = scene.observed.at(-1);
    expect(observed?.zScore).not.toBeNaN();
    expect(observed?.view).toMatchObject({ bid: Number.NaN, quoteUs: 0 });
  });

  it('drops the parts of the bar in which it happened', () => {
    const scene = venueScene();
    const half = 30 * SECOND;
    scene.bar(A, OPEN_US, barOf(0), half);
    scene.gap(A, scene.nowUs, CHANNEL_BARS);
    scene.bar(A, OPEN_US + half, barOf(0), half);
    scene.to(OPEN_US + 2 * MINUTE);

    expect(scene.measured).toEqual([]);
  });
});

describe('a symbol that has lost its slot', () => {
  it('is valued by its bars, not by the last quote it had', () => {
    const scene = venueScene({ quoteAgeUsMax: MINUTE });
    scene.hold(B, 10);
    scene.quote(B, OPEN_US + 30 * SECOND, 40 * DOLLAR, 42 * DOLLAR);
    bars(scene, 0, 3, B);

    const prices = [41 * DOLLAR, closeAt(1), closeAt(2)];
    expect(scene.priced).toEqual(
      prices.map((price) => ({ kind: 'priced', symbol: symbolId(B), price })),
    );
    expect(scene.measured.map(({ spreadBps }) => Number.isNaN(spreadBps))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
