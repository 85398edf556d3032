import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rescan } from '../../../src/domain/universe/rescan.ts';
import type { RowCondition } from '../../../src/domain/universe/row-condition.ts';
import { scanTable } from '../../reference/scan-table.ts';

const WIDTH = 4;
/** Few different numbers, so that ties are the rule; and those that are none. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0.5),
);
const column = fc.integer({ min: 0, max: WIDTH - 1 });
const condition: fc.Arbitrary<RowCondition> = fc.record({
  column,
  is: fc.constantFrom('above', 'atLeast', 'below', 'atMost'),
  than: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -2, max: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, -0, 0.5, 5e-324) },
    { weight: 3, arbitrary: fc.record({ column }) },
  ),
});
const questions = fc.record({
  rows: fc.array(fc.array(value, { minLength: WIDTH, maxLength: WIDTH }), { maxLength: 1_500 }),
  conditions: fc.array(condition, { maxLength: 5 }),
  score: fc.array(fc.record({ column, weight: fc.constantFrom(1, -0.5, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
  top: fc.integer({ min: 1, max: 60 }),
});

describe('Rescan', () => {
  it('keeps what filtering, sorting and cutting an array keeps', () => {
    fc.assert(
      fc.property(questions, ({ rows, conditions, score, top }) => {
        const rescan = new Rescan({ table: scanTable(rows, WIDTH), conditions, score, top });
        rescan.run();

        const passed = rows
          .map((row, place) => ({ row, place }))
          .filter(({ row }) => conditions.every((one) => holds(row, one)))
          .map(({ row, place }) => ({
            place,
            score: score.reduce((sum, { column, weight }) => sum + at(row, column) * weight, 0),
          }))
          .filter((one) => !Number.isNaN(one.score));
        // Differences of infinities are no order.
        const best = passed
          .toSorted((one, other) =>
            one.score === other.score ? 0 : other.score > one.score ? 1 : -1,
          )
          .slice(0, top);

        expect(rescan.passed).toBe(passed.length);
        expect([...rescan.rows.subarray(0, rescan.count)]).toEqual(best.map(({ place }) => place));
        expect([...rescan.scores.subarray(0, rescan.count)]).toEqual(best.map((one) => one.score));
      }),
      { numRuns: 500 },
    );
  });
});

function holds(row: readonly number[], { column, is, than }: RowCondition): boolean {
  const left = at(row, column);
  const right = typeof than === 'number' ? than : at(row, than.column);
  switch (is) {
    case 'above':
      return left > right;
    case 'atLeast':
      return left >= right;
    case 'below':
      return left < right;
    case 'atMost':
      return left <= right;
  }
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? NaN;
}
