import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logRatio } from '../../../../src/domain/indicators/log-ratio.ts';
import {
  aboveWindowMean,
  resetWindowVariance,
  slideWindowVariance,
  windowMean,
  windowVarianceWidth,
} from '../../../../src/domain/indicators/window-variance.ts';

function slidesOf(values: readonly number[], period: number) {
  const state = new Float64Array(windowVarianceWidth(period));
  resetWindowVariance(state, 0, period);
  return values.map((value) => ({
    squares: slideWindowVariance(state, 0, period, value),
    mean: windowMean(state, 0),
    above: aboveWindowMean(state, 0, value),
  }));
}

describe('the variance of a window', () => {
  it('is unknown until the window is full', () => {
    const squares = slidesOf([1, 2, 3, 4], 3).map((slide) => slide.squares);
    expect(squares).toEqual([Number.NaN, Number.NaN, 2, 2]);
  });

  it('F1 keeps the digits of a small spread about a high mean', () => {
    const cents = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 30, maxLength: 80 });
    const property = fc.property(cents, fc.integer({ min: 2, max: 9 }), (steps, period) => {
      const high = 2 ** 40;
      // Sixteenths are exact, so that the spread is the same at any height.
      const slides = slidesOf(
        steps.map((step) => high + step / 16),
        period,
      );
      const near = steps.map((step) => step / 16);
      slides.forEach(({ squares, mean, above }, at) => {
        if (at + 1 < period) return;
        const window = near.slice(at + 1 - period, at + 1);
        const centre = window.reduce((total, value) => total + value, 0) / period;
        const wanted = window.reduce((total, value) => total + (value - centre) ** 2, 0);
        expect(Math.abs(squares - wanted)).toBeLessThanOrEqual(1e-11 * wanted + 1e-20);
        expect(mean).toBeCloseTo(high + centre, 3);
        expect(above).toBeCloseTo((near[at] ?? 0) - centre, 10);
      });
    });
    fc.assert(property);
  });

  it('F1 keeps nothing of a jump that has left, wherever in the lap it came', () => {
    for (let at = 0; at < 20; at += 1) {
      const values = Array.from({ length: 60 }, (_, index) => 100 + (index % 2) / 100);
      values[20 + at] = 1e11;
      const last = slidesOf(values, 10).at(-1)?.squares ?? Number.NaN;
      expect(Math.abs(last / (10 * 0.005 ** 2) - 1)).toBeLessThan(1e-10);
    }
  });

  it('F1 is nothing at all of equal values, whatever came before', () => {
    const values = [...Array.from({ length: 17 }, (_, index) => 3 ** index), ...Array(9).fill(0.1)];
    expect(slidesOf(values, 9).at(-1)).toEqual({ squares: 0, mean: 0.1, above: 0 });
  });
});

describe('the logarithm of a ratio', () => {
  it('F1 has all its digits where the prices are almost equal', () => {
    // ln(1 + x) = x - x^2 / 2 + x^3 / 3 with x = 2^-30; the next term is beyond a double.
    const x = 2 ** -30;
    expect(logRatio(1 + x, 1)).toBe(x - (x * x) / 2 + (x * x * x) / 3);
    expect(logRatio(7, 7)).toBe(0);
  });

  it('F1 is the same from both sides, far and near', () => {
    const price = fc.double({ min: 1e-4, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(price, price, (one, other) => {
        const value = logRatio(one, other);
        expect(logRatio(other, one)).toBeCloseTo(-value, 12);
        expect(Math.abs(value - (Math.log(one) - Math.log(other)))).toBeLessThan(1e-12);
      }),
    );
  });
});
