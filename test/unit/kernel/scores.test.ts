import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { CHANNEL_QUOTES, CHANNEL_TRADES } from '../../../src/domain/market/event-batch.ts';
import { ROW_BAR_US } from '../../../src/domain/market/symbol-row.ts';
import { DOLLAR, RowScene } from './row-scene.ts';

const A = 0;
/** MACD with its signal is the last that a row waits for. */
const READY_BARS = 34;

describe('features', () => {
  it('are ready when the last indicator is, and with the bar that they describe', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.bars(A, wave(READY_BARS - 1));
    expect(scene.featureRows).toEqual([]);
    scene.bars(A, [50 * DOLLAR]);
    expect(scene.featureRows).toMatchObject([
      { kind: 'featuresReady', barUs: Math.floor(scene.nowUs / MINUTE) * MINUTE },
    ]);
  });

  it('are nothing where nothing moves', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.bars(
      A,
      Array.from({ length: 60 }, () => 50 * DOLLAR),
    );
    expect(scene.featureRows).toEqual([]);
  });
});

describe('a score', () => {
  it('reaches the ensemble with the market as it is now', () => {
    const scene = warm();
    scene.quote(A, scene.nowUs, 60 * DOLLAR, 61 * DOLLAR);
    scene.score(A, 0.9, barUs(scene));
    expect(scene.scored).toMatchObject([
      {
        kind: 'membersScored',
        symbol: A,
        scores: { 0: 0.9 },
        versions: ['v'],
        layer: 2,
        view: { bid: 600_000 },
      },
    ]);
  });

  it('of an earlier bar is none (M1)', () => {
    const scene = warm();
    scene.score(A, 0.9, barUs(scene) - MINUTE);
    expect(scene.scored).toEqual([]);
  });

  it('does not come across a gap (I7)', () => {
    const scene = warm();
    scene.gap(A, scene.nowUs, CHANNEL_QUOTES);
    scene.score(A, 0.9, barUs(scene));
    expect(scene.scored).toHaveLength(1);
    scene.gap(A, scene.nowUs, CHANNEL_TRADES);
    scene.score(A, 0.9, barUs(scene));
    expect(scene.scored).toHaveLength(1);
  });
});

function wave(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => 50 * DOLLAR + ((at * 7) % 11) * 100);
}

/** A row that has been scored a moment ago. */
function warm(): RowScene {
  const scene = new RowScene();
  scene.activate(A);
  scene.bars(A, wave(READY_BARS));
  return scene;
}

function barUs(scene: RowScene): number {
  return scene.value(A, ROW_BAR_US);
}
