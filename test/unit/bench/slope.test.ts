import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slopeOf } from '../../../bench/engine/slope.ts';
import { Random } from '../../../src/core/random.ts';

describe('a slope', () => {
  it('is that of a straight line, without an error', () => {
    const x = [0, 1, 2, 3, 4];
    const { perUnit, error } = slopeOf(
      x,
      x.map((at) => 7 - 2 * at),
    );

    expect(perUnit).toBeCloseTo(-2, 12);
    expect(error).toBeCloseTo(0, 12);
  });

  it('is within three of its errors of the truth, 97 times of 100 at the least', () => {
    let within = 0;
    for (let seed = 0; seed < 300; seed += 1) {
      const random = new Random(seed, 3);
      const x = Array.from({ length: 200 }, (_, at) => at / 200);
      let noise = 0;
      const y = x.map((at) => {
        // Of a kind whose neighbours are alike, as the memory of a process is.
        noise = 0.7 * noise + random.unit() - 0.5;
        return 5 * at + noise;
      });
      const { perUnit, error } = slopeOf(x, y);
      if (Math.abs(perUnit - 5) <= 3 * error) within += 1;
    }

    expect(within).toBeGreaterThanOrEqual(291);
  });

  it('moves with the unit of what is measured', () => {
    const points = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3 });
    fc.assert(
      fc.property(points, fc.double({ min: 0.1, max: 100, noNaN: true }), (y, unit) => {
        const x = y.map((_, at) => at);
        const one = slopeOf(x, y);
        const other = slopeOf(
          x,
          y.map((value) => value * unit),
        );
        expect(other.perUnit).toBeCloseTo(one.perUnit * unit, 6);
      }),
    );
  });

  it('is none of two points', () => {
    expect(slopeOf([0, 1], [0, 1]).perUnit).toBeNaN();
  });
});
