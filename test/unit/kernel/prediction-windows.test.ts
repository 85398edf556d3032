import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { Asked, BATCH_US, OPTIONS } from './asked-predictions.ts';

describe('predictions of windows', () => {
  const WINDOW = { ...OPTIONS, window: 3, inFlightMax: 9 };

  it('ask when the window is whole, the oldest bar first', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2, 3, 4]) {
      asked.ready(0, [bar, 10 * bar], bar * MINUTE, bar * MINUTE);
      asked.to(bar * MINUTE + BATCH_US);
    }
    expect(asked.batches().map(({ features }) => [...features])).toEqual([
      [1, 10, 2, 20, 3, 30],
      [2, 20, 3, 30, 4, 40],
    ]);
    expect(asked.batches()[0]?.width).toBe(6);
  });

  it('keep a bar that is told again in its place', () => {
    const asked = new Asked(WINDOW);
    for (const [bar, value] of [
      [1, 1],
      [2, 2],
      [2, 7],
      [3, 3],
    ] as const) {
      asked.ready(0, [value, 0], bar * MINUTE, bar * MINUTE);
    }
    asked.to(5 * MINUTE);
    expect(asked.batches().map(({ features }) => [...features])).toEqual([[1, 0, 7, 0, 3, 0]]);
  });

  it('begin anew where too many bars are missing', () => {
    const asked = new Asked(WINDOW);
    const bars = [1, 2, 12, 13, 24, 25, 26];
    for (const bar of bars) {
      asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
      asked.to(bar * MINUTE + BATCH_US);
    }
    // Nine bars without a trade are passed over, ten are not.
    expect(asked.batches().map(({ features }) => [features[0], features[4]])).toEqual([
      [1, 12],
      [2, 13],
      [24, 26],
    ]);
  });
});

describe('a bar that is another one now', () => {
  const WINDOW = { ...OPTIONS, window: 2, inFlightMax: 9, horizonBars: 2 };

  it('is in the window as it is now, and bars before it are not what was learned of', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2, 3]) asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
    asked.changed(0, 3 * MINUTE, [30, 0]);
    asked.ready(0, [4, 0], 4 * MINUTE, 4 * MINUTE);
    asked.to(4 * MINUTE + BATCH_US);
    asked.changed(0, 2 * MINUTE, [40, 0]);
    asked.to(5 * MINUTE);
    asked.ready(0, [5, 0], 5 * MINUTE + 1, 5 * MINUTE);
    asked.to(6 * MINUTE);
    const sent = asked.batches().map(({ features }) => [...features]);
    // Nothing is asked while the window has one bar that counts.
    expect(sent).toEqual([
      [1, 0, 2, 0],
      [2, 0, 30, 0],
      [30, 0, 4, 0],
      [40, 0, 5, 0],
    ]);
  });

  it('begins the window anew where the row must not be scored', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2]) asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
    asked.changed(0, 2 * MINUTE);
    asked.to(3 * MINUTE);
    asked.ready(0, [3, 0], 3 * MINUTE, 3 * MINUTE);
    asked.to(4 * MINUTE);
    expect(asked.batches()).toEqual([]);
  });

  it('is no ground to judge what was said of it', () => {
    const judged = (changedUs: number): number => {
      const asked = new Asked({ ...WINDOW, window: 1 });
      asked.ready(0, [1, 1], MINUTE, MINUTE, 100);
      asked.ready(0, [2, 1], 2 * MINUTE, 2 * MINUTE, 100);
      asked.to(2 * MINUTE + BATCH_US);
      const last = asked.batches().length - 1;
      asked.answer(last, { outcome: 'done', scores: Float64Array.of(0.9), modelVersion: 'v' });
      asked.changed(0, changedUs, [7, 7]);
      asked.closed(0, 4 * MINUTE, 101);
      asked.to(5 * MINUTE);
      return asked.harness.factsOf('modelsJudged').length;
    };
    expect(judged(2 * MINUTE)).toBe(0);
    expect(judged(MINUTE)).toBe(0);
    expect(judged(3 * MINUTE)).toBe(1);
  });
});
