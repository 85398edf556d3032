import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  datedExtremeWidth,
  EXTREME,
  EXTREME_AGE,
  type ExtremeRule,
  resetDatedExtreme,
  slideDatedExtreme,
} from '../../../../src/domain/indicators/dated-extremes.ts';
import {
  extremeWidth,
  resetExtreme,
  slideHighest,
  slideLowest,
} from '../../../../src/domain/indicators/window-extremes.ts';
import {
  resetWindowSum,
  slideWindowSum,
  windowSumWidth,
} from '../../../../src/domain/indicators/window-sum.ts';

const AT = 3; // Anywhere in a larger buffer.
const period = fc.integer({ min: 1, max: 12 });
// Few values, so that many are equal.
const series = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 80 });

const RULES: readonly ExtremeRule[] = [
  { side: 1, isNewest: true },
  { side: 1, isNewest: false },
  { side: -1, isNewest: true },
  { side: -1, isNewest: false },
];

function windowAt(values: readonly number[], at: number, length: number): readonly number[] {
  return values.slice(at - length + 1, at + 1);
}

describe('windows', () => {
  it('F1 knows the highest and the lowest of the last values, NaN until there are so many', () => {
    const property = fc.property(series, period, (values, length) => {
      const width = extremeWidth(length);
      const state = new Float64Array(AT + 2 * width + 1).fill(77);
      resetExtreme(state, AT, length);
      resetExtreme(state, AT + width, length);
      values.forEach((value, at) => {
        const highest = slideHighest(state, AT, length, value);
        const lowest = slideLowest(state, AT + width, length, value);
        const isFull = at + 1 >= length;
        const window = windowAt(values, at, length);
        expect(highest).toBe(isFull ? Math.max(...window) : Number.NaN);
        expect(lowest).toBe(isFull ? Math.min(...window) : Number.NaN);
      });
      expect([...state.subarray(0, AT), state.at(-1)]).toEqual([77, 77, 77, 77]);
    });
    fc.assert(property);
  });

  it.each(RULES)('F1 knows how long ago an extreme was: %o', (rule) => {
    const property = fc.property(series, period, (values, length) => {
      const state = new Float64Array(AT + datedExtremeWidth(length) + 1).fill(77);
      resetDatedExtreme(state, AT, length);
      values.forEach((value, at) => {
        slideDatedExtreme(state, AT, length, rule, value);
        const [extreme, age] = [state[AT + EXTREME], state[AT + EXTREME_AGE]];
        if (at + 1 < length) {
          expect([extreme, age]).toEqual([Number.NaN, Number.NaN]);
          return;
        }
        const window = windowAt(values, at, length);
        const wanted = rule.side === 1 ? Math.max(...window) : Math.min(...window);
        const place = rule.isNewest ? window.lastIndexOf(wanted) : window.indexOf(wanted);
        expect([extreme, age]).toEqual([wanted + 0, length - 1 - place]);
      });
      expect([...state.subarray(0, AT), state.at(-1)]).toEqual([77, 77, 77, 77]);
    });
    fc.assert(property);
  });

  it('F1 sums the last values, and nothing of what has left', () => {
    const wide = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0.1, 1e17, 3e-9)),
      { minLength: 1, maxLength: 80 },
    );
    const property = fc.property(wide, period, (values, length) => {
      const state = new Float64Array(AT + windowSumWidth(length) + 1).fill(77);
      resetWindowSum(state, AT, length);
      values.forEach((value, at) => {
        const sum = slideWindowSum(state, AT, length, value);
        if (at + 1 < length) {
          expect(sum).toBeNaN();
          return;
        }
        const wanted = windowAt(values, at, length).reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - wanted)).toBeLessThanOrEqual(1e-14 * wanted);
      });
      expect([...state.subarray(0, AT), state.at(-1)]).toEqual([77, 77, 77, 77]);
    });
    fc.assert(property);
  });
});
