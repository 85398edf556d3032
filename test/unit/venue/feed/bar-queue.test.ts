import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BarQueue } from '../../../../src/venue/feed/bar-queue.ts';

describe('BarQueue', () => {
  it('tells every wanted bar once, in order, however it is asked', () => {
    const lists = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }), {
      maxLength: 8,
    });
    const takes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });

    fc.assert(
      fc.property(lists, takes, (batches, counts) => {
        const queue = new BarQueue();
        const wanted: string[] = [];
        for (const [number, symbols] of batches.entries()) {
          const starts = Float64Array.from(symbols, () => number);
          queue.add('bars', Int32Array.from(symbols), starts, (symbol) => symbol < 7);
          for (const symbol of symbols) if (symbol < 7) wanted.push(`${number}:${symbol}`);
        }
        const told: string[] = [];
        const tell = (_channel: string, symbol: number, startUs: number) => {
          told.push(`${startUs}:${symbol}`);
        };
        for (const count of counts) {
          const before = told.length;
          queue.take(count, tell);
          expect(told.length - before).toBeLessThanOrEqual(count);
          expect(queue.waiting).toBe(wanted.length - told.length);
        }
        queue.take(1_000, tell);
        expect(told).toEqual(wanted);
      }),
    );
  });

  it('I9 keeps no more than its limit, and counts what it could not keep', () => {
    const queue = new BarQueue(3);
    const symbols = Int32Array.of(1, 2, 3, 4, 5);
    queue.add('bars', symbols, new Float64Array(5), () => true);
    queue.add('bars', symbols, new Float64Array(5), () => true);
    const told: number[] = [];
    queue.take(10, (_channel, symbol) => told.push(symbol));

    expect([told, queue.dropped, queue.waiting]).toEqual([[1, 2, 3], 7, 0]);
  });
});
