import { expect, it } from 'vitest';
import { doubled } from '../../../src/core/doubling.ts';

it('doubles from the least to the most, and stays there however often it is asked', () => {
  const waits = [0, 1, 2, 3, 4, 30, 31, 1_000].map((times) => doubled(100, times, 1_000));

  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000]);
});

it('is never more than the most, not even at first', () => {
  expect(doubled(500, 0, 200)).toBe(200);
});
