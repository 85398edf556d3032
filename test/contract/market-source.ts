import { describe, expect, it } from 'vitest';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../src/ports/market-source.ts';

/** A frame as text, so that equal frames are equal whatever batch they came in. */
function framesOf(source: MarketSource, batch: EventBatch): readonly string[] {
  const frames: string[] = [];
  while (source.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const [begin, end] = [batch.frameBegin(frame), batch.frameEnd[frame] ?? 0];
      const { kind, exchange, flags, symbol, venueUs, a, b, c, d, e, f } = batch;
      const columns = [kind, exchange, flags, symbol, venueUs, a, b, c, d, e, f];
      const events = columns.map((column) => [...column.subarray(begin, end)].join(' '));
      frames.push(`${batch.frameUs[frame]}: ${events.join(' | ')}`);
    }
  }
  return frames;
}

/**
 * What every market source keeps. `open` gives a fresh one, the same each time, with at least three
 * frames and two symbols; `eventsMin` is the smallest batch it may be asked with.
 */
export function describeMarketSource(
  name: string,
  open: () => MarketSource,
  eventsMin: number,
): void {
  describe(`${name} as a market source`, () => {
    it('gives the same frames each time, whatever the size of the batches', () => {
      const whole = framesOf(open(), new EventBatch());

      expect(whole.length).toBeGreaterThan(2);
      for (const [more, frames] of [
        [0, 1],
        [0, 64],
        [3, 2],
      ] as const) {
        const events = eventsMin + more;
        expect(framesOf(open(), new EventBatch(events, frames))).toEqual(whole);
      }
    });

    it('gives whole frames that are never empty, in receive order, of symbols it named', () => {
      const source = open();
      const batch = new EventBatch();
      let lastUs = Number.NEGATIVE_INFINITY;
      while (source.next(batch)) {
        expect(batch.frames).toBeGreaterThan(0);
        expect(batch.frameEnd[batch.frames - 1]).toBe(batch.count);
        for (let frame = 0; frame < batch.frames; frame += 1) {
          expect(batch.frameEnd[frame]).toBeGreaterThan(batch.frameBegin(frame));
          expect(batch.frameUs[frame]).toBeGreaterThanOrEqual(lastUs);
          lastUs = batch.frameUs[frame] ?? lastUs;
        }
        for (const symbol of batch.symbol.subarray(0, batch.count)) {
          expect(source.symbols[symbol]).toBeDefined();
        }
      }
    });

    it('answers false with an empty batch at the end and after it was closed', () => {
      const source = open();
      const batch = new EventBatch();
      framesOf(source, batch);

      expect([source.next(batch), batch.count, batch.frames]).toEqual([false, 0, 0]);
      source.close();
      source.close();
      expect(source.next(batch)).toBe(false);
      const closed = open();
      closed.next(new EventBatch(eventsMin, 1));
      closed.close();
      expect([closed.next(batch), batch.count, batch.frames]).toEqual([false, 0, 0]);
    });

    it('knows its symbols, each once, and its calendar, in time order, before the start', () => {
      const { symbols, calendar, faults } = open();
      const names = symbols.map((symbol) => symbol.name);
      const times = calendar.map(({ atUs }) => atUs);

      expect(new Set(names).size).toBe(names.length);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      expect(faults.first.length).toBe(Math.min(faults.count, 10));
    });
  });
}
