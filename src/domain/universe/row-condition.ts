import { assert, present } from '../../core/assert.ts';

/**
 * What a row must be, all of it, to be scored: a column against a number or against another column
 * of the same row. A NaN on either side is not known and never holds.
 */
export interface RowCondition {
  /** Of the table of scanned columns. */
  readonly column: number;
  readonly is: 'above' | 'atLeast' | 'below' | 'atMost';
  readonly than: number | { readonly column: number };
}

/**
 * Reads so many rows from one list, counted from row `base`, and writes those of them that hold to
 * another, which may be the same; answers how many. `values` are columns one after the other. The
 * list goes on to a whole SCAN_STEP, with rows of which nothing is known.
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
 * All of them must hold. Bounds are asked two at a time: most of a look is walking the list.
 *
 * @param pitch so far apart columns begin.
 */
export function compileConditions(
  conditions: readonly RowCondition[],
  pitch: number,
): readonly RowFilter[] {
  const bounds = conditions.flatMap((condition) => boundOf(condition, pitch) ?? []);
  const filters: RowFilter[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    const one = present(bounds[at], 'a bound');
    filters.push(whereBound(one, bounds[at + 1] ?? one));
  }
  return [...filters, ...conditions.flatMap((one) => columnFilter(one, pitch) ?? [])];
}

/** A column times 1 or -1 that is at least something: every bound is one, so one loop is enough. */
interface Bound {
  readonly column: number;
  readonly sign: number;
  readonly least: number;
}

function boundOf({ column, is, than }: RowCondition, pitch: number): Bound | undefined {
  if (typeof than !== 'number') return undefined;
  assert(!Number.isNaN(than), 'a bound is a number');
  const place = column * pitch;
  switch (is) {
    case 'above':
      return { column: place, sign: 1, least: doubleAbove(than) };
    case 'atLeast':
      return { column: place, sign: 1, least: than };
    case 'below':
      return { column: place, sign: -1, least: doubleAbove(-than) };
    case 'atMost':
      return { column: place, sign: -1, least: -than };
  }
}

/** The next double; none is above infinity, and nothing is at least NaN. */
function doubleAbove(value: number): number {
  if (value === Infinity) return Number.NaN;
  if (value === -Infinity) return -Number.MAX_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0);
  view.setBigInt64(0, view.getBigInt64(0) + (value < 0 ? -1n : 1n));
  return view.getFloat64(0);
}

function columnFilter({ column, is, than }: RowCondition, pitch: number): RowFilter | undefined {
  if (typeof than === 'number') return undefined;
  const at = column * pitch;
  const other = than.column * pitch;
  switch (is) {
    case 'above':
      return whereAbove(at, other);
    case 'atLeast':
      return whereAtLeast(at, other);
    case 'below':
      return whereAbove(other, at);
    case 'atMost':
      return whereAtLeast(other, at);
  }
}

/*
 * A row is written down before it is known whether it stays, and the list moves on by 0 or 1: the
 * market decides who holds, so a branch on it would be guessed wrongly every other time. SCAN_STEP
 * rows at a time.
 */

function whereBound(first: Bound, second: Bound): RowFilter {
  const { sign: signOne, least: leastOne } = first;
  const { sign: signTwo, least: leastTwo } = second;
  return (values, base, from, to, count) => {
    const one = base + first.column;
    const two = base + second.column;
    let kept = 0;
    for (let place = 0; place < count; place += 4) {
      const a = from[place] ?? 0;
      to[kept] = a;
      kept +=
        Number(signOne * at(values, one + a) >= leastOne) &
        Number(signTwo * at(values, two + a) >= leastTwo);
      const b = from[place + 1] ?? 0;
      to[kept] = b;
      kept +=
        Number(signOne * at(values, one + b) >= leastOne) &
        Number(signTwo * at(values, two + b) >= leastTwo);
      const c = from[place + 2] ?? 0;
      to[kept] = c;
      kept +=
        Number(signOne * at(values, one + c) >= leastOne) &
        Number(signTwo * at(values, two + c) >= leastTwo);
      const d = from[place + 3] ?? 0;
      to[kept] = d;
      kept +=
        Number(signOne * at(values, one + d) >= leastOne) &
        Number(signTwo * at(values, two + d) >= leastTwo);
    }
    return kept;
  };
}

function whereAbove(column: number, other: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    const two = base + other;
    let kept = 0;
    for (let place = 0; place < count; place += 4) {
      const a = from[place] ?? 0;
      to[kept] = a;
      kept += Number(at(values, one + a) > at(values, two + a));
      const b = from[place + 1] ?? 0;
      to[kept] = b;
      kept += Number(at(values, one + b) > at(values, two + b));
      const c = from[place + 2] ?? 0;
      to[kept] = c;
      kept += Number(at(values, one + c) > at(values, two + c));
      const d = from[place + 3] ?? 0;
      to[kept] = d;
      kept += Number(at(values, one + d) > at(values, two + d));
    }
    return kept;
  };
}

function whereAtLeast(column: number, other: number): RowFilter {
  return (values, base, from, to, count) => {
    const one = base + column;
    const two = base + other;
    let kept = 0;
    for (let place = 0; place < count; place += 4) {
      const a = from[place] ?? 0;
      to[kept] = a;
      kept += Number(at(values, one + a) >= at(values, two + a));
      const b = from[place + 1] ?? 0;
      to[kept] = b;
      kept += Number(at(values, one + b) >= at(values, two + b));
      const c = from[place + 2] ?? 0;
      to[kept] = c;
      kept += Number(at(values, one + c) >= at(values, two + c));
      const d = from[place + 3] ?? 0;
      to[kept] = d;
      kept += Number(at(values, one + d) >= at(values, two + d));
    }
    return kept;
  };
}

function at(values: Float64Array, place: number): number {
  return values[place] ?? Number.NaN;
}
