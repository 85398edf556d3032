import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceOf,
  directionOf,
  spreadOf,
  spreadsOf,
  verdictOf,
} from '../../../bench/harness/spread.ts';
import { spread } from './bench-reports.ts';

describe('a spread', () => {
  it('is the median, the lowest and the highest of what is a number', () => {
    expect(spreadOf([3, Number.NaN, 1, 2])).toEqual({ median: 2, min: 1, max: 3, runs: 3 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4, runs: 4 });
    expect(spreadOf([1.7e308, 1.7e308])?.median).toBe(1.7e308);
    expect(spreadOf([-1.7e308, -1.7e308])?.median).toBe(-1.7e308);
    expect(spreadOf([Number.NaN])).toBeUndefined();
  });

  it('is of every figure that some run has', () => {
    const spreads = spreadsOf([
      { cpuMs: 1, ratio: Number.NaN },
      { cpuMs: 3, wallMs: 5 },
    ]);

    expect(Object.keys(spreads)).toEqual(['cpuMs', 'wallMs']);
    expect(spreads['cpuMs']).toEqual({ median: 2, min: 1, max: 3, runs: 2 });
    expect(spreads['wallMs']?.runs).toBe(1);
  });

  it('has its median within its range', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

    fc.assert(
      fc.property(numbers, (values) => {
        const { median, min, max } = spread(...values);

        expect(median).toBeGreaterThanOrEqual(min);
        expect(median).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('which way is better', () => {
  it.each([
    ['perCpuSecond', 'more'],
    ['ownRowsPerSecond', 'more'],
    ['ratio', 'more'],
    ['cpuRatio', 'more'],
    ['nactTimes', 'more'],
    ['nsPerEvent', 'less'],
    ['decisionP99Us', 'less'],
    ['allocatedBytesPerEvent', 'less'],
    ['gcPauseMaxMs', 'less'],
    ['rssMaxMb', 'less'],
    ['orders', undefined],
    ['answerCount', undefined],
  ])('for %s is %s', (figure, direction) => {
    expect(directionOf(figure)).toBe(direction);
  });
});

describe('a verdict', () => {
  it.each([
    ['better', [10, 11, 12], [7, 8, 9], 'less'],
    ['worse', [10, 11, 12], [13, 14, 15], 'less'],
    ['better', [10, 11, 12], [13, 14, 15], 'more'],
    ['worse', [10, 11, 12], [7, 8, 9], 'more'],
    ['within noise', [10, 11, 12], [12, 20, 30], 'less'],
    ['within noise', [10, 11, 12], [1, 2, 10], 'less'],
    ['other', [10, 11, 12], [13, 14, 15], undefined],
    ['equal', [10, 11, 12], [10, 11, 12], 'less'],
    ['too few runs', [10, 11], [1, 2, 3], 'less'],
    ['too few runs', [10, 11, 12], [1], 'less'],
  ] as const)(
    'is %s of %j before and %j now, where %s is better',
    (verdict, before, after, way) => {
      expect(verdictOf(spread(...before), spread(...after), way)).toBe(verdict);
    },
  );

  it('is by chance alone what as many orders of the runs as C(2n, n) / 2 make it', () => {
    // All ways in which six different runs fall into two threes: 20, of which 2 lie apart.
    expect([3, 4, 5].map((runs) => chanceOf(runs))).toEqual([10, 35, 126]);
    expect([chanceOf(3, 5), chanceOf(5, 3)]).toEqual([28, 28]);
  });

  it('never tells two ranges apart that touch', () => {
    const runs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 5 });

    fc.assert(
      fc.property(runs, runs, (before, after) => {
        const verdict = verdictOf(spread(...before), spread(...after), 'less');
        const isApart =
          Math.min(...after) > Math.max(...before) || Math.min(...before) > Math.max(...after);

        expect(verdict === 'better' || verdict === 'worse').toBe(isApart);
      }),
    );
  });
});
