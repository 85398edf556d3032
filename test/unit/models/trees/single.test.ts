import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singleBound, singleOfBound, singleText } from '../../../../src/models/trees/single.ts';

const single = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('singleBound', () => {
  it('asks of every double what the comparison in single precision asks', () => {
    const near = fc.tuple(single, fc.integer({ min: -60, max: 60 })).map(([t, steps]) => {
      // Doubles as near as the last bits of the bound, where rounding decides.
      const bound = singleBound(t);
      return [t, bound + steps * Math.abs(bound) * 2 ** -53] as const;
    });
    const any = fc.tuple(single, fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.oneof(near, any), ([t, x]) => {
        expect(x <= singleBound(t)).toBe(Math.fround(x) < t);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds at zero and at the largest single', () => {
    for (const t of [0, -0, 3.4028234663852886e38, -3.4028234663852886e38, 1.401298464324817e-45]) {
      for (const x of [
        0,
        -0,
        -5e-324,
        5e-324,
        -7e-46,
        7e-46,
        -7.1e-46,
        3.4028235e38,
        1e39,
        -1e39,
        t,
      ]) {
        expect(x <= singleBound(t)).toBe(Math.fround(x) < t);
      }
    }
  });
});

describe('singleOfBound', () => {
  it('finds the single again, and none for a double that is no bound', () => {
    fc.assert(
      fc.property(single, (t) => {
        const bound = singleBound(t);
        expect(singleOfBound(bound)).toBe(t === 0 ? -0 : t);
        expect(singleOfBound(bound * (1 - 1e-12))).toBe(bound === 0 ? -0 : undefined);
      }),
    );
  });
});

describe('singleText', () => {
  it('comes back as the same single and is never taken for an integer', () => {
    fc.assert(
      fc.property(single, (value) => {
        const text = singleText(value);
        expect(Math.fround(Number(text)) + 0).toBe(value + 0);
        expect(text).toMatch(/e/);
      }),
    );
  });
});
