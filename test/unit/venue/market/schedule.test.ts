import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../../src/venue/market/schedule.ts';

describe('Schedule', () => {
  it('gives items back by time, and those of one time in the order of adding', () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200 });

    fc.assert(
      fc.property(times, (dues) => {
        const schedule = new Schedule();
        for (const [at, due] of dues.entries()) schedule.add(due, 1, at, due * 2);
        const taken: number[][] = [];
        while (schedule.nextUs !== Number.POSITIVE_INFINITY) {
          const { nextUs } = schedule;
          schedule.take();
          expect(schedule.atUs).toBe(nextUs);
          expect(schedule.value).toBe(nextUs * 2);
          taken.push([schedule.atUs, schedule.symbol]);
        }
        const wanted = dues.map((due, at) => [due, at]);
        expect(taken).toEqual(wanted.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
      }),
    );
  });

  it('takes new items between old ones', () => {
    const schedule = new Schedule();
    schedule.add(10, 1);
    schedule.add(30, 3);
    schedule.take();
    schedule.add(20, 2);

    schedule.take();
    expect([schedule.task, schedule.atUs]).toEqual([2, 20]);
    schedule.clear();
    expect(schedule.nextUs).toBe(Number.POSITIVE_INFINITY);
    expect(() => schedule.take()).toThrow('an item to take');
  });
});
