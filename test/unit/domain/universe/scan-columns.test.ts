import { describe, expect, it } from 'vitest';
import { ScanColumns } from '../../../../src/domain/universe/scan-columns.ts';

describe('ScanColumns', () => {
  it('copies its slots out of a row, to columns that lie one after the other', () => {
    const table = new ScanColumns([2, 0], 3);
    const strides = Float64Array.of(1, 2, 3, 4, 5, 6);

    table.set(0, strides, 0);
    table.set(1, strides, 3);

    expect(rowsOf(table)).toEqual([
      [3, 1],
      [6, 4],
      [NaN, NaN],
    ]);
    expect([table.width, table.rows]).toEqual([2, 2]);
  });

  it('knows nothing of a row that was not set, of one that was cleared, and of nobody’s', () => {
    const table = new ScanColumns([0, 1], 3);
    table.set(2, Float64Array.of(1, 2), 0);
    table.set(1, Float64Array.of(3, 4), 0);

    table.clear(2);

    expect(rowsOf(table)).toEqual([
      [NaN, NaN],
      [3, 4],
      [NaN, NaN],
    ]);
    expect(table.rows).toBe(3);
    expect([...table.values].filter((value) => value === value)).toEqual([3, 4]);
    expect(table.values.length).toBe(table.width * table.pitch);
  });

  it('refuses a row outside of it, and a slot that is none', () => {
    const table = new ScanColumns([0], 2);

    for (const row of [-1, 2, 0.5]) {
      expect(() => table.set(row, Float64Array.of(1), 0)).toThrow('lies in the table');
      expect(() => table.clear(row)).toThrow('lies in the table');
    }
    expect(() => new ScanColumns([-1], 2)).toThrow('slot in its row');
    expect(() => new ScanColumns([0], 0)).toThrow('a row at least');
  });
});

function rowsOf({ values, width, pitch, rowsMax }: ScanColumns) {
  return Array.from({ length: rowsMax }, (_, row) =>
    Array.from({ length: width }, (_column, column) => values[column * pitch + row]),
  );
}
