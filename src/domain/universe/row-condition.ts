import { assert } from '../../core/assert.ts';

/**
 * What a row must be, all of it, to be scored: a column against a number or against another column
 * of the same row. A NaN on either side is not known and never holds.
 */
export interface RowCondition {
  /** Slot in the row's stride. */
  readonly column: number;
  readonly is: 'above' | 'atLeast' | 'below' | 'atMost';
  readonly than: number | { readonly column: number };
}

/**
 * Reads so many rows' places from one list, counted from `base`, and writes those of them that hold
 * to another, which may be the same; answers how many.
 */
export type RowFilter = (
  values: Float64Array,
  base: number,
  from: Int32Array,
  to: Int32Array,
  count: number,
) => number;

/** The columns that a condition reads. */
export function columnsOf({ column, than }: RowCondition): readonly number[] {
  return typeof than === 'number' ? [column] : [column, than.column];
}

/**
 * A row is written down before it is known whether it stays, and the place moves on by 0 or 1: the
 * market decides who holds, so a branch on it would be guessed wrongly every other time.
 */
export function compileCondition({ column, is, than }: RowCondition): RowFilter {
  if (typeof than !== 'number') {
    switch (is) {
      case 'above':
        return whereColumnAbove(column, than.column);
      case 'atLeast':
        return whereColumnAtLeast(column, than.column);
      case 'below':
        return whereColumnAbove(than.column, column);
      case 'atMost':
        return whereColumnAtLeast(than.column, column);
    }
  }
  assert(!Number.isNaN(than), 'a bound is a number');
  switch (is) {
    case 'above':
      return whereAbove(column, than);
    case 'atLeast':
      return whereAtLeast(column, than);
    case 'below':
      return whereBelow(column, than);
    case 'atMost':
      return whereAtMost(column, than);
  }
}

function whereColumnAbove(column: number, other: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    const two = base + other;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) > (values[two + at] ?? NaN));
    }
    return kept;
  };
}

function whereColumnAtLeast(column: number, other: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    const two = base + other;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) >= (values[two + at] ?? NaN));
    }
    return kept;
  };
}

function whereAbove(column: number, bound: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) > bound);
    }
    return kept;
  };
}

function whereAtLeast(column: number, bound: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) >= bound);
    }
    return kept;
  };
}

function whereBelow(column: number, bound: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) < bound);
    }
    return kept;
  };
}

function whereAtMost(column: number, bound: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const at = from[place] ?? 0;
      to[kept] = at;
      kept += Number((values[one + at] ?? NaN) <= bound);
    }
    return kept;
  };
}
