import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { matMul, planMatMul } from '../../../../src/models/interpreter/mat-mul.ts';

const size = fc.integer({ min: 1, max: 23 });

describe('a product of matrices', () => {
  it('has the same bits for a row alone and among others, and is right', () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(1e9), (rows, inner, columns, seed) => {
        const random = new Random(seed);
        const draw = (length: number) => Float64Array.from({ length }, () => random.normal());
        const a = draw(rows * inner);
        const b = draw(inner * columns);
        const all = product(a, b, [rows, inner, columns]);
        for (let row = 0; row < rows; row += 1) {
          const own = a.subarray(row * inner, (row + 1) * inner);
          const alone = product(own, b, [1, inner, columns]);
          expect(all.subarray(row * columns, (row + 1) * columns)).toEqual(alone);
          const off = alone.map((value, column) => {
            let sum = 0;
            for (let k = 0; k < inner; k += 1)
              sum += (own[k] ?? 0) * (b[k * columns + column] ?? 0);
            return Math.abs(value - sum);
          });
          expect(Math.max(...off)).toBeLessThan(1e-12 * inner);
        }
      }),
      { numRuns: 20 },
    );
  });
});

function product(
  a: Float64Array,
  b: Float64Array,
  [rows, inner, columns]: readonly [number, number, number],
): Float64Array {
  const out = new Float64Array(rows * columns);
  const plan = planMatMul({ a: [rows, inner], b: [inner, columns], out: [rows, columns] });
  matMul({ ...plan, a, b, out });
  return out;
}
