import { expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { firstEvent } from '../../../src/compose/live/first-event.ts';
import { BAR, EventBatch, GAP, STATUS, TRADE } from '../../../src/domain/market/event-batch.ts';

it('the first trade, quote or bar of a session is logged, once', () => {
  const told: (readonly [string, unknown])[] = [];
  const observer = firstEvent({ event: (name, fields) => void told.push([name, fields]) });
  const hear = (...kinds: readonly number[]): void => {
    const batch = new EventBatch(8, 8);
    for (const kind of kinds) {
      batch.add(kind, symbolId(0), 1_000, 0, 0);
      batch.endFrame(1_000);
    }
    observer.market?.(1, batch, 0, batch.frames);
  };

  hear(GAP, STATUS);
  expect(told).toEqual([]);
  hear(STATUS, BAR);
  hear(TRADE);
  expect(told).toEqual([['marketHeard', { startMs: expect.any(Number) }]]);
});

it('a frame outside of what was taken is not heard', () => {
  const told: string[] = [];
  const observer = firstEvent({ event: (name) => void told.push(name) });
  const batch = new EventBatch(8, 8);
  for (const kind of [TRADE, GAP, TRADE]) {
    batch.add(kind, symbolId(0), 1_000, 0, 0);
    batch.endFrame(1_000);
  }

  observer.market?.(1, batch, 1, 2);
  expect(told).toEqual([]);
  observer.market?.(2, batch, 2, 3);
  expect(told).toEqual(['marketHeard']);
});
