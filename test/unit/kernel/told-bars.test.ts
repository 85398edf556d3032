import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { BAR, BAR_FINAL, BAR_UPDATED } from '../../../src/domain/market/event-batch.ts';
import { TOLD_BAR_WIDTH } from '../../../src/domain/market/bars/told-bar.ts';
import { CLOSE_US, DOLLAR, GRACE_US, OPEN_US, RowScene } from './row-scene.ts';

const A = 0;
const FIRST_END_US = OPEN_US + MINUTE;
const UNIT = [50 * DOLLAR, 50 * DOLLAR, 50 * DOLLAR, 50 * DOLLAR];
const UPDATED = BAR_FINAL | BAR_UPDATED;

/** Table, end of the bar, and the bar: start, open, high, low, close, volume, vwap, trades. */
type Told = readonly [table: string, endUs: number, ...bar: readonly number[]];

function toldBy({ harness }: RowScene): readonly Told[] {
  return harness.takeEffects().flatMap(({ effect }): readonly Told[] => {
    if (effect.kind !== 'writeRows') return [];
    const { table, rows, width, values, barUs, bars } = effect;
    expect(rows).toEqual([symbolId(A)]);
    expect(barUs).toHaveLength(1);
    expect(bars).toHaveLength(TOLD_BAR_WIDTH);
    expect(values).toHaveLength(width);
    expect(width > 0).toBe(table === 'indicators');
    return [[table, barUs[0] ?? Number.NaN, ...bars]];
  });
}

/** Three trades of the first minute, and one of the third; the first bar has closed. */
function traded(isWatched: boolean): RowScene {
  const scene = new RowScene();
  if (isWatched) scene.activate(A);
  scene.trade(A, OPEN_US + SECOND, 50 * DOLLAR, 100);
  scene.trade(A, OPEN_US + 2 * SECOND, 52 * DOLLAR, 200);
  scene.trade(A, OPEN_US + 3 * SECOND, 51 * DOLLAR, 100);
  scene.trade(A, FIRST_END_US + MINUTE + 1, 50 * DOLLAR, 100);
  return scene;
}

const FIRST = ['indicators', FIRST_END_US, OPEN_US, 50, 52, 50, 51, 400, 51.25, 3] as const;

describe('bars that the kernel tells', () => {
  it('are of trades what a person would count, each with its own end', () => {
    const scene = traded(false);
    scene.to(FIRST_END_US + 3 * MINUTE);

    const startUs = OPEN_US + 2 * MINUTE;
    const third = ['indicators', startUs + MINUTE, startUs, 50, 50, 50, 50, 100, 50, 1];
    expect(toldBy(scene)).toEqual([FIRST, third]);
  });

  it('are two of one turn where one event closes the open bar and is the next one', () => {
    const scene = new RowScene({ bars: 'venue' });
    scene.event(BAR, A, OPEN_US, BAR_FINAL, [...UNIT, 10, 30 * SECOND], 0, FIRST_END_US);
    toldBy(scene);
    const { nowUs } = scene;
    scene.event(BAR, A, FIRST_END_US, BAR_FINAL, [...UNIT, 20, MINUTE], 0, nowUs + MINUTE);

    const cells = [50, 50, 50, 50];
    expect(toldBy(scene)).toEqual([
      ['indicators', FIRST_END_US, OPEN_US, ...cells, 10, Number.NaN, Number.NaN],
      ['indicators', FIRST_END_US + MINUTE, FIRST_END_US, ...cells, 20, Number.NaN, Number.NaN],
    ]);
  });

  it('are told again where a trade of the grace is in them after all', () => {
    const late = new RowScene();
    late.activate(A);
    late.trade(A, FIRST_END_US - SECOND, 50 * DOLLAR, 100);
    late.trade(A, FIRST_END_US + 1_000, 50 * DOLLAR, 100);
    toldBy(late);
    late.trade(A, FIRST_END_US - 1, 54 * DOLLAR, 100);

    expect(toldBy(late)).toEqual([['bars', FIRST_END_US, OPEN_US, 50, 54, 50, 54, 200, 52, 2]]);
  });

  it('are told again where a trade of theirs is corrected', () => {
    const scene = traded(true);
    toldBy(scene);
    scene.correction(A, scene.nowUs, [52 * DOLLAR, 200, 52 * DOLLAR, 100], OPEN_US + 2 * SECOND);

    expect(toldBy(scene)).toEqual([['bars', FIRST_END_US, OPEN_US, 50, 52, 50, 51, 300, 51, 3]]);
  });

  it('have no volume where every trade of theirs was busted', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.trade(A, OPEN_US + SECOND, 50 * DOLLAR, 100);
    scene.to(FIRST_END_US + SECOND);
    toldBy(scene);
    scene.correction(A, scene.nowUs, [50 * DOLLAR, 100, 0, 0], OPEN_US + SECOND);

    const [told] = toldBy(scene);
    expect(told?.slice(0, 3)).toEqual(['bars', FIRST_END_US, OPEN_US]);
    expect(told?.at(7)).toBe(0);
  });

  it('are not told of a bar that is still open, however it is corrected', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.trade(A, OPEN_US + SECOND, 50 * DOLLAR, 100);
    scene.correction(A, scene.nowUs, [50 * DOLLAR, 100, 50 * DOLLAR, 90], OPEN_US + SECOND);
    expect(toldBy(scene)).toEqual([]);
    scene.to(FIRST_END_US + GRACE_US);

    expect(toldBy(scene)).toEqual([
      ['indicators', FIRST_END_US, OPEN_US, 50, 50, 50, 50, 90, 50, 1],
    ]);
  });

  it.each([
    ['remembered', true],
    ['forgotten', false],
  ])('are what the venue tells anew, also of a bar that is %s', (_, isWatched) => {
    const scene = traded(isWatched);
    toldBy(scene);
    const values = [50 * DOLLAR, 53 * DOLLAR, 49 * DOLLAR, 51 * DOLLAR, 410];
    scene.bar(A, OPEN_US, values, MINUTE, UPDATED);

    // What it counted stays; of the venue's own turnover nothing is known.
    const told = ['bars', FIRST_END_US, OPEN_US, 50, 53, 49, 51, 410, Number.NaN, Number.NaN];
    expect(toldBy(scene)).toEqual([told]);
  });

  it('are not those of the venue that the row cannot take for its own', () => {
    const scene = traded(false);
    toldBy(scene);
    const values = [50 * DOLLAR, 53 * DOLLAR, 49 * DOLLAR, 51 * DOLLAR, 410];
    scene.bar(A, OPEN_US - MINUTE, values, MINUTE, UPDATED);
    scene.bar(A, OPEN_US, [0, 53 * DOLLAR, 49 * DOLLAR, 51 * DOLLAR, 410], MINUTE, UPDATED);
    scene.bar(A, CLOSE_US, values, MINUTE, UPDATED);

    expect(toldBy(scene).filter(([table]) => table === 'bars')).toEqual([]);
  });
});
