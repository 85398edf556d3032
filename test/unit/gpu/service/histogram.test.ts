import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../../src/gpu/service/histogram.ts';

describe('a histogram', () => {
  it('knows nothing of nothing, and leaves out what was never measured', () => {
    const histogram = new Histogram();
    histogram.add(Number.NaN);
    histogram.add(-1);

    expect(histogram.summary).toEqual({ count: 0, p50: Number.NaN, p99: Number.NaN, most: 0 });
  });

  it('answers each percentile within an eighth of the value that is there', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    const property = fc.property(values, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (all, share) => {
      const histogram = new Histogram();
      for (const value of all) histogram.add(value);
      const sorted = all.toSorted((left, right) => left - right);
      const wanted = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? Number.NaN;
      const given = histogram.percentile(share);

      expect(given).toBeGreaterThanOrEqual(Math.floor(wanted) * (1 - 1e-12));
      expect(given).toBeLessThanOrEqual(wanted * 1.125 + 1);
      expect(histogram.summary).toMatchObject({ count: all.length, most: sorted.at(-1) });
    });
    fc.assert(property, { numRuns: 300 });
  });
});
