import { describe, expect, it } from 'vitest';
import { loadSnapshot } from '../../../src/actors/runtime/snapshot.ts';
import { ByteReader } from '../../../src/core/bytes.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { REWARM_BARS } from '../../../src/domain/indicators/rewarm.ts';
import { BAR_FINAL, BAR_UPDATED, CHANNEL_TRADES } from '../../../src/domain/market/event-batch.ts';
import {
  isWatched,
  moveLayer,
  ROW_DOUBTED,
  ROW_LATE,
} from '../../../src/domain/market/symbol-row.ts';
import { learnedBits, remembers, rowBits } from './learned-slots.ts';
import { DOLLAR, OPEN_US, RowScene } from './row-scene.ts';

const A = 0;
const MINUTES = 45;
const TOLD_ANEW = BAR_FINAL | BAR_UPDATED;

/** Price and shares. */
type Trade = readonly [price: number, size: number];

/** Three trades a minute, a second apart: the second is the high, the third the close. */
function tradesOf(minute: number): readonly Trade[] {
  const price = 50 * DOLLAR + ((minute * 7) % 11) * 100;
  return [
    [price, 100],
    [price + 300, 200 + minute],
    [price + 100, 50],
  ];
}

function timeOf(minute: number, trade: number): number {
  return OPEN_US + minute * MINUTE + (trade + 1) * SECOND;
}

/** A symbol of layer 2 and its bars; `edit` says what was told of a minute instead. */
function played(
  edit: (minute: number) => readonly Trade[] | undefined = () => undefined,
  minutes = MINUTES,
  scene = activeScene(),
): RowScene {
  const from = Math.floor((scene.nowUs - OPEN_US) / MINUTE);
  for (let minute = from; minute < minutes; minute += 1) {
    for (const [place, [price, size]] of (edit(minute) ?? tradesOf(minute)).entries()) {
      scene.trade(A, timeOf(minute, place), price, size);
    }
    scene.to(OPEN_US + (minute + 1) * MINUTE + SECOND);
  }
  return scene;
}

function activeScene(options = {}): RowScene {
  const scene = new RowScene(options);
  scene.activate(A);
  return scene;
}

/** One trade of a minute is told anew; with no shares it is busted. */
function correct(scene: RowScene, minute: number, place: number, [price, size]: Trade): void {
  const [oldPrice, oldSize] = tradesOf(minute)[place] ?? [0, 0];
  scene.correction(A, scene.nowUs, [oldPrice, oldSize, price, size], timeOf(minute, place));
}

function counts(scene: RowScene): readonly number[] {
  return [scene.value(A, ROW_LATE), scene.value(A, ROW_DOUBTED)];
}

describe('a correction of a trade in a closed bar', () => {
  it.each([
    ['the last bar', MINUTES - 1],
    ['the bar before the last', MINUTES - 2],
    ['the oldest that is surely remembered', MINUTES - REWARM_BARS],
  ])('of %s leaves the row as if the right trade had come', (_, minute) => {
    const scene = played();
    const wrong = learnedBits(scene);
    const [price] = tradesOf(minute)[2] ?? [0];
    correct(scene, minute, 2, [price, 5_000]);

    const right = played((at) => (at === minute ? edited(at, 2, [price, 5_000]) : undefined));
    expect(counts(scene)).toEqual([0, 0]);
    expect(learnedBits(scene)).toEqual(learnedBits(right));
    expect(learnedBits(scene)).not.toEqual(wrong);
    for (const each of [scene, right]) played(undefined, MINUTES + 3, each);
    expect(scene.observed.at(-1)).toEqual(right.observed.at(-1));
    expect(scene.featureRows.at(-1)).toEqual(right.featureRows.at(-1));
    expect(scene.measured.at(-1)).toEqual(right.measured.at(-1));
  });

  it('that was too high raises the high where it is corrected to more', () => {
    const scene = played();
    correct(scene, MINUTES - 3, 1, [60 * DOLLAR, 200]);
    const right = played((at) =>
      at === MINUTES - 3 ? edited(at, 1, [60 * DOLLAR, 200]) : undefined,
    );
    expect(counts(scene)).toEqual([0, 0]);
    expect(learnedBits(scene)).toEqual(learnedBits(right));
  });

  it('that busts what set the high takes its shares back, and counts a bar in doubt', () => {
    const scene = played();
    correct(scene, MINUTES - 2, 1, [0, 0]);
    // What was next to the high nobody knows: it stays.
    const right = played((at) => (at === MINUTES - 2 ? withoutShares(at) : undefined));
    expect(counts(scene)).toEqual([0, 1]);
    expect(learnedBits(scene)).toEqual(learnedBits(right));
  });

  it('that busts every trade leaves no bar', () => {
    const scene = played((at) => (at === MINUTES - 4 ? tradesOf(at).slice(0, 1) : undefined));
    correct(scene, MINUTES - 4, 0, [0, 0]);
    const right = played((at) => (at === MINUTES - 4 ? [] : undefined));
    expect(counts(scene)).toEqual([0, 0]);
    expect(learnedBits(scene)).toEqual(learnedBits(right));
  });

  it.each([
    ['that is too old', 2, [50 * DOLLAR, 100, 50 * DOLLAR, 90]],
    ['of a trade that never was', MINUTES - 2, [50 * DOLLAR, 1_000_000, 50 * DOLLAR, 90]],
    ['that is no trade', MINUTES - 2, [Number.NaN, 100, 50 * DOLLAR, 90]],
  ] as const)('%s is counted and changes nothing', (_, minute, values) => {
    const scene = played();
    const before = learnedBits(scene);
    scene.correction(A, scene.nowUs, values, timeOf(minute, 0));
    expect(counts(scene)).toEqual([1, 0]);
    expect(learnedBits(scene)).toEqual(before);
  });

  it('is forgotten by no score: what was scored is another bar (M1)', () => {
    const scene = played();
    const barUs = OPEN_US + MINUTES * MINUTE;
    correct(scene, MINUTES - 1, 2, [50 * DOLLAR, 5]);
    scene.score(A, 0.9, barUs);
    expect(scene.scored).toEqual([]);
    played(undefined, MINUTES + 1, scene);
    scene.score(A, 0.9, barUs + MINUTE);
    expect(scene.scored).toHaveLength(1);
  });
});

describe('a bar that the venue tells anew', () => {
  const told = [51 * DOLLAR, 53 * DOLLAR, 49 * DOLLAR, 50 * DOLLAR, 777];

  it('takes the place of one made of trades, and of none', () => {
    const hole = MINUTES - 3;
    const scene = played((at) => (at === hole ? [] : undefined));
    scene.bar(A, OPEN_US + (MINUTES - 1) * MINUTE, told, MINUTE, TOLD_ANEW);
    scene.bar(A, OPEN_US + hole * MINUTE, told, MINUTE, TOLD_ANEW);

    const right = played(undefined, hole);
    right.bar(A, OPEN_US + hole * MINUTE, told);
    played(undefined, MINUTES - 1, right);
    right.bar(A, OPEN_US + (MINUTES - 1) * MINUTE, told);
    expect(counts(scene)).toEqual([0, 0]);
    expect(learnedBits(scene)).toEqual(learnedBits(right));
  });

  it('is not corrected by a trade, which it may hold already', () => {
    const scene = played();
    scene.bar(A, OPEN_US + (MINUTES - 1) * MINUTE, told, MINUTE, TOLD_ANEW);
    const before = learnedBits(scene);
    correct(scene, MINUTES - 1, 2, [50 * DOLLAR, 5]);
    expect(counts(scene)).toEqual([1, 0]);
    expect(learnedBits(scene)).toEqual(before);
  });

  it.each([
    ['too old', OPEN_US, told, MINUTE],
    ['not closed', OPEN_US + MINUTES * MINUTE, told, MINUTE],
    ['of a shorter span', OPEN_US + (MINUTES - 1) * MINUTE, told, 30 * SECOND],
    ['off the grid', OPEN_US + (MINUTES - 1) * MINUTE + SECOND, told, MINUTE],
    ['of no session', OPEN_US - MINUTE, told, MINUTE],
    ['impossible', OPEN_US + (MINUTES - 1) * MINUTE, [1, 2, 3, 4, 5], MINUTE],
  ])('that is %s is counted and changes nothing', (_, startUs, values, spanUs) => {
    const scene = played();
    const before = learnedBits(scene);
    scene.bar(A, startUs, values, spanUs, TOLD_ANEW);
    expect(counts(scene)).toEqual([1, 0]);
    expect(learnedBits(scene)).toEqual(before);
  });
});

describe('the bars that a row remembers', () => {
  it('are those since it came into layer 1, or was held', () => {
    for (const enter of [
      (scene: RowScene) => [0, 1].forEach((layer) => scene.moveLayer(A, layer)),
      (scene: RowScene) => scene.hold(A, 10),
    ]) {
      const scene = played(undefined, 30, new RowScene());
      expect(remembers(scene)).toBe(false);
      enter(scene);
      played(undefined, MINUTES, scene);
      expect(remembers(scene)).toBe(true);
      correct(scene, 29, 2, [50 * DOLLAR, 5]);
      expect(counts(scene)).toEqual([1, 0]);
      correct(scene, 30, 1, [tradesOf(30)[1]?.[0] ?? 0, 5]);
      expect(counts(scene)).toEqual([1, 0]);
      const right = played((at) =>
        at === 30 ? edited(at, 1, [tradesOf(30)[1]?.[0] ?? 0, 5]) : undefined,
      );
      expect(learnedBits(scene)).toEqual(learnedBits(right));
    }
  });

  it('are forgotten with the first bar after it has left, and after a loss', () => {
    const scene = played();
    scene.moveLayer(A, 1, false);
    played(undefined, MINUTES + 1, scene);
    expect(remembers(scene)).toBe(false);

    const lossy = played();
    lossy.gap(A, lossy.nowUs, CHANNEL_TRADES);
    expect(remembers(lossy)).toBe(false);
    correct(lossy, MINUTES - 1, 2, [50 * DOLLAR, 5]);
    expect(counts(lossy)).toEqual([1, 0]);
    played(undefined, MINUTES + 3, lossy);
    lossy.bar(A, OPEN_US + MINUTES * MINUTE, [1, 1, 1, 1, 1], MINUTE, TOLD_ANEW);
    expect(counts(lossy)).toEqual([5, 0]); // Three trades of the bar in which it happened.
  });

  it('I10: are there after a snapshot between a bar and its correction, and after a replay', () => {
    const scene = played();
    const bytes = scene.harness.snapshot();
    const second = new RowScene();
    loadSnapshot(second.harness.kernel, new ByteReader(bytes));
    expect(rowBits(scene.harness.restarted())).toEqual(rowBits(scene.harness));
    for (const each of [scene, second]) {
      correct(each, MINUTES - 2, 1, [52 * DOLLAR, 5]);
      played(undefined, MINUTES + 2, each);
    }
    expect(counts(second)).toEqual([0, 0]);
    expect(learnedBits(second)).toEqual(learnedBits(scene));
    expect(rowBits(scene.harness.restarted())).toEqual(rowBits(scene.harness));
  });

  it('follow a decision from the moment after it: so they are the same learned again', () => {
    const row = new Float64Array(200);
    moveLayer(row, 0, 0, true, 1_000);
    moveLayer(row, 0, 1, true, 2_000);
    expect([isWatched(row, 0, 2_000), isWatched(row, 0, 2_001)]).toEqual([false, true]);
    moveLayer(row, 0, 1, false, 3_000);
    moveLayer(row, 0, 1, true, 3_000);
    moveLayer(row, 0, 1, false, 3_000);
    expect([isWatched(row, 0, 3_000), isWatched(row, 0, 3_001)]).toEqual([true, false]);
  });
});

function edited(minute: number, place: number, trade: Trade): readonly Trade[] {
  return tradesOf(minute).with(place, trade);
}

/** The high is there, and nobody traded at it. */
function withoutShares(minute: number): readonly Trade[] {
  const [first, high, last] = tradesOf(minute);
  if (first === undefined || high === undefined || last === undefined) throw new Error('trades');
  return [first, [high[0], 0], last];
}
