import { describe, expect, it } from 'vitest';
import { Rescan } from '../../../../src/domain/universe/rescan.ts';
import type { RowCondition } from '../../../../src/domain/universe/row-condition.ts';
import { scanTable } from '../../../reference/scan-table.ts';

const WIDTH = 3;
const BY_FIRST = [{ column: 0, weight: 1 }];

describe('Rescan', () => {
  it('keeps the best of the rows that hold every condition, best first', () => {
    const rows = [
      [1, 11, 9],
      [5, 10, 9],
      [7, 11, 6],
      [3, 12, 9],
      [2, 12, 9],
    ];
    const rescan = new Rescan({
      table: scanTable(rows, WIDTH),
      conditions: [
        { column: 1, is: 'above', than: 10 },
        { column: 0, is: 'below', than: { column: 2 } },
      ],
      score: BY_FIRST,
      top: 2,
    });

    rescan.run();

    expect([rescan.passed, rescan.count]).toEqual([3, 2]);
    expect([...rescan.rows]).toEqual([3, 4]);
    expect([...rescan.scores]).toEqual([3, 2]);
  });

  it.each<readonly [RowCondition['is'], readonly number[]]>([
    ['above', [3]],
    ['atLeast', [2, 3]],
    ['below', [1]],
    ['atMost', [1, 2]],
  ])('holds a column %s a bound or another column, and never a NaN', (is, rows) => {
    const columns = [
      [NaN, 5, 5],
      [4, 5, 5],
      [5, 5, 5],
      [6, 5, 5],
      [NaN, NaN, NaN],
    ];
    for (const than of [5, { column: 1 }]) {
      const conditions = [{ column: 0, is, than }];
      const score = [{ column: 2, weight: 1 }];
      const rescan = new Rescan({ table: scanTable(columns, WIDTH), conditions, score, top: 5 });

      rescan.run();

      expect([...rescan.rows.subarray(0, rescan.count)]).toEqual(rows);
    }
  });

  it('gives equal scores to the lower row, across blocks too', () => {
    const rows = Array.from({ length: 3_000 }, () => [7, 7, 7]);
    const table = scanTable(rows, WIDTH);
    const rescan = new Rescan({ table, conditions: [], score: BY_FIRST, top: 3 });

    rescan.run();

    expect([...rescan.rows]).toEqual([0, 1, 2]);
    expect(rescan.passed).toBe(rows.length);
  });

  it('sees a table as it is, and forgets the run before', () => {
    const table = scanTable(
      [
        [9, 0, 0],
        [8, 0, 0],
      ],
      WIDTH,
    );
    const rescan = new Rescan({ table, conditions: [], score: BY_FIRST, top: 2 });
    rescan.run();

    table.set(0, Float64Array.of(1, 0, 0), 0);
    table.clear(1);
    rescan.run();

    expect([rescan.count, rescan.rows[0], rescan.scores[0]]).toEqual([1, 0, 1]);
  });

  it('leaves out a row whose score is not known', () => {
    const score = [...BY_FIRST, { column: 1, weight: -2 }];
    const table = scanTable(
      [
        [9, NaN, 0],
        [8, 1, 0],
      ],
      WIDTH,
    );
    const rescan = new Rescan({ table, conditions: [], score, top: 2 });

    rescan.run();

    expect([rescan.passed, rescan.rows[0], rescan.scores[0]]).toEqual([1, 1, 6]);
  });

  it('refuses rules that read past the table, and that make no score', () => {
    const rules = { table: scanTable([], WIDTH), conditions: [], score: BY_FIRST, top: 2 };
    const past: RowCondition = { column: 0, is: 'above', than: { column: WIDTH } };

    expect(() => new Rescan({ ...rules, conditions: [past] })).toThrow('columns of the table');
    expect(() => new Rescan({ ...rules, score: [] })).toThrow('made of something');
    expect(() => new Rescan({ ...rules, top: 0 })).toThrow('at least one row');
  });
});
