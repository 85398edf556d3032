import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { ROW_BAR_US, ROW_LATE } from '../../../src/domain/market/symbol-row.ts';
import { learnedBits } from './learned-slots.ts';
import { CLOSE_US, DOLLAR, GRACE_US, OPEN_US, RowScene } from './row-scene.ts';

const A = 0;
const MINUTES = 40;
/** Where the bar ends that a late trade belongs to. */
const END_US = OPEN_US + MINUTES * MINUTE;

/** A symbol of layer 2 with its bars; the last is open and has a trade. */
function played(isIn = true): RowScene {
  const scene = new RowScene();
  if (isIn) scene.activate(A);
  const closes = Array.from(
    { length: MINUTES - 1 },
    (_, at) => 50 * DOLLAR + ((at * 7) % 11) * 100,
  );
  scene.bars(A, closes, OPEN_US);
  scene.trade(A, END_US - 30 * SECOND, 50 * DOLLAR);
  return scene;
}

/** The next bar's first trade closes it, and later the timer that one. */
function closed(scene: RowScene, late: (scene: RowScene) => void = () => undefined): RowScene {
  scene.trade(A, END_US + 1_000, 51 * DOLLAR);
  late(scene);
  scene.to(END_US + MINUTE + GRACE_US);
  return scene;
}

describe('a trade whose bar the next one’s first trade has closed', () => {
  it('D8 is learned of within the grace, as if it had come in time', () => {
    const late = closed(played(), (scene) => {
      scene.to(END_US + GRACE_US - 1);
      scene.trade(A, END_US - SECOND, 54 * DOLLAR, 700);
    });
    const inTime = played();
    inTime.trade(A, END_US - SECOND, 54 * DOLLAR, 700);
    closed(inTime);

    expect(learnedBits(late)).toEqual(learnedBits(inTime));
    expect(learnedBits(late)).not.toEqual(learnedBits(closed(played())));
    expect(late.value(A, ROW_LATE)).toBe(0);
  });

  it('makes a bar where there was none, between those that are there', () => {
    const late = played();
    late.trade(A, END_US + MINUTE + 1_000, 51 * DOLLAR);
    late.trade(A, END_US + SECOND, 53 * DOLLAR, 700);
    const inTime = played();
    inTime.trade(A, END_US + SECOND, 53 * DOLLAR, 700);
    inTime.trade(A, END_US + MINUTE + 1_000, 51 * DOLLAR);

    expect(learnedBits(late)).toEqual(learnedBits(inTime));
  });

  it('takes nothing back of what was said of the bar: its score passes', () => {
    const scene = played();
    scene.trade(A, END_US + 1_000, 51 * DOLLAR);
    const rows = scene.featureRows.length;
    scene.trade(A, END_US - SECOND, 54 * DOLLAR, 700);
    expect(scene.featureRows).toHaveLength(rows);
    scene.score(A, 0.9, scene.value(A, ROW_BAR_US));
    expect(scene.scored).toHaveLength(1);
  });

  it.each([
    ['its grace is over', true, GRACE_US],
    ['nobody remembers its bar', false, 1_000],
  ])('is counted where %s, and changes nothing', (_, isIn, waitUs) => {
    const late = closed(played(isIn), (scene) => {
      scene.to(END_US + waitUs);
      scene.trade(A, END_US - SECOND, 54 * DOLLAR, 700);
    });

    expect(learnedBits(late)).toEqual(learnedBits(closed(played(isIn))));
    expect(late.value(A, ROW_LATE)).toBe(1);
  });
});

describe('an open bar', () => {
  it('closes with the first trade after the session, which is in no bar', () => {
    const scene = new RowScene();
    scene.trade(A, CLOSE_US - 1, 50 * DOLLAR);
    scene.trade(A, CLOSE_US, 51 * DOLLAR);
    expect(scene.measured).toMatchObject([{ price: 50 * DOLLAR, volume: 100 }]);
  });

  it('closes at its end and the grace, each, where that is longer than a bar', () => {
    const graceUs = 90 * SECOND;
    const scene = new RowScene({ barGraceUs: graceUs });
    for (const minute of [0, 5, 11]) {
      scene.trade(A, OPEN_US + minute * MINUTE, 50 * DOLLAR);
      scene.to(OPEN_US + (minute + 1) * MINUTE + graceUs - 1);
      const before = scene.measured.length;
      scene.to(OPEN_US + (minute + 1) * MINUTE + graceUs);
      expect(scene.measured).toHaveLength(before + 1);
    }
  });

  it('is closed before its row hears of anything later, before the sweep has come to it', () => {
    const [row, rows] = [1_050, 1_100];
    const scene = new RowScene({}, rows);
    scene.quote(row, OPEN_US, 49 * DOLLAR, 51 * DOLLAR);
    scene.trade(row, OPEN_US + 1, 50 * DOLLAR);
    scene.to(OPEN_US + MINUTE + GRACE_US);
    expect(scene.measured).toHaveLength(0);
    scene.quote(row, scene.nowUs, 40 * DOLLAR, 60 * DOLLAR);
    expect(scene.measured).toHaveLength(1);
    expect(scene.measured[0]?.spreadBps).toBeCloseTo(400);
  });
});
