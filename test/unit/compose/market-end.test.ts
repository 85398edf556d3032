import { expect, it } from 'vitest';
import { MarketEnd } from '../../../src/compose/live/market-end.ts';
import { SECOND } from '../../../src/core/time.ts';

it('waits for a core session, and a while after its close', () => {
  const end = new MarketEnd();

  expect(end.isOver('pre', 0)).toBe(false);
  expect(end.isOver('pre', 1_000 * SECOND)).toBe(false);
  expect(end.isOver('core', 2_000 * SECOND)).toBe(false);
  expect(end.isOver('post', 3_000 * SECOND)).toBe(false);
  expect(end.isOver('post', 3_089 * SECOND)).toBe(false);
  expect(end.isOver('post', 3_090 * SECOND)).toBe(true);
});
