import type { Shape } from '../graph/graph.ts';
import type { Numbers } from './numbers.ts';
import { broadcastStrides, placesOf } from './walks.ts';

/** Many products of matrices, which lie at given places of what they are taken from. */
export interface MatMul {
  readonly a: Numbers;
  readonly b: Numbers;
  readonly out: Numbers;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly aPlaces: Int32Array;
  readonly bPlaces: Int32Array;
  /** Two rows of sums, in doubles whatever is stored. */
  readonly sums: Float64Array;
}

export interface MatMulShapes {
  readonly a: Shape;
  readonly b: Shape;
  readonly out: Shape;
}

const ZERO = Int32Array.of(0);

/** A matrix on the right that all products share makes them one product of more rows. */
export function planMatMul({ a, b, out }: MatMulShapes): Omit<MatMul, 'a' | 'b' | 'out'> {
  const [rows = 1, inner = 1] = a.slice(-2);
  const columns = b.at(-1) ?? 1;
  const sums = new Float64Array(2 * columns);
  const outer = out.slice(0, -2);
  if (b.slice(0, -2).every((size) => size === 1) && a.length >= b.length) {
    const all = outer.reduce((product, size) => product * size, rows);
    return { rows: all, inner, columns, aPlaces: ZERO, bPlaces: ZERO, sums };
  }
  const places = (shape: Shape, size: number) =>
    placesOf(outer, broadcastStrides(shape.slice(0, -2), outer)).map((place) => place * size);
  return {
    rows,
    inner,
    columns,
    aPlaces: places(a, rows * inner),
    bPlaces: places(b, inner * columns),
    sums,
  };
}

/**
 * Two rows and four of the inner numbers at a time. Each sum is taken in the same order whatever
 * the rows beside it, so a row in a batch is bit for bit the row alone.
 */
export function matMul(work: MatMul): void {
  const { out, rows, inner, columns, aPlaces, bPlaces, sums } = work;
  let outAt = 0;
  for (let product = 0; product < aPlaces.length; product += 1) {
    const bAt = bPlaces[product] ?? 0;
    let aAt = aPlaces[product] ?? 0;
    for (let row = 0; row < rows; row += 2) {
      const isPair = row + 1 < rows;
      const count = isPair ? 2 * columns : columns;
      if (columns === 1) {
        sums[0] = dot(work, aAt, bAt);
        if (isPair) sums[1] = dot(work, aAt + inner, bAt);
      } else if (isPair) twoRows(work, aAt, bAt);
      else oneRow(work, aAt, bAt);
      for (let at = 0; at < count; at += 1) out[outAt + at] = sums[at] ?? 0;
      aAt += 2 * inner;
      outAt += count;
    }
  }
}

/** What is read of `b` serves both rows; a row alone reads twice as much of it at a time. */
function twoRows({ a, b, inner, columns, sums }: MatMul, aAt: number, bAt: number): void {
  sums.fill(0);
  const next = aAt + inner;
  let k = 0;
  for (; k + 3 < inner; k += 4) {
    const a0 = a[aAt + k] ?? 0;
    const a1 = a[aAt + k + 1] ?? 0;
    const a2 = a[aAt + k + 2] ?? 0;
    const a3 = a[aAt + k + 3] ?? 0;
    const c0 = a[next + k] ?? 0;
    const c1 = a[next + k + 1] ?? 0;
    const c2 = a[next + k + 2] ?? 0;
    const c3 = a[next + k + 3] ?? 0;
    const first = bAt + k * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    for (let at = 0; at < columns; at += 1) {
      const b0 = b[first + at] ?? 0;
      const b1 = b[second + at] ?? 0;
      const b2 = b[third + at] ?? 0;
      const b3 = b[fourth + at] ?? 0;
      sums[at] = (sums[at] ?? 0) + (a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3);
      const under = columns + at;
      sums[under] = (sums[under] ?? 0) + (c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3);
    }
  }
  for (; k < inner; k += 1) {
    const a0 = a[aAt + k] ?? 0;
    const c0 = a[next + k] ?? 0;
    const first = bAt + k * columns;
    for (let at = 0; at < columns; at += 1) {
      const b0 = b[first + at] ?? 0;
      sums[at] = (sums[at] ?? 0) + a0 * b0;
      sums[columns + at] = (sums[columns + at] ?? 0) + c0 * b0;
    }
  }
}

/** Eight at a time, added as two fours: the order of the sums is that of two rows. */
function oneRow(work: MatMul, aAt: number, bAt: number): void {
  const { a, b, inner, columns, sums } = work;
  sums.fill(0);
  let k = 0;
  for (; k + 7 < inner; k += 8) {
    const at = aAt + k;
    const a0 = a[at] ?? 0;
    const a1 = a[at + 1] ?? 0;
    const a2 = a[at + 2] ?? 0;
    const a3 = a[at + 3] ?? 0;
    const a4 = a[at + 4] ?? 0;
    const a5 = a[at + 5] ?? 0;
    const a6 = a[at + 6] ?? 0;
    const a7 = a[at + 7] ?? 0;
    const first = bAt + k * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    const fifth = fourth + columns;
    const sixth = fifth + columns;
    const seventh = sixth + columns;
    const eighth = seventh + columns;
    for (let column = 0; column < columns; column += 1) {
      const b0 = b[first + column] ?? 0;
      const b1 = b[second + column] ?? 0;
      const b2 = b[third + column] ?? 0;
      const b3 = b[fourth + column] ?? 0;
      const b4 = b[fifth + column] ?? 0;
      const b5 = b[sixth + column] ?? 0;
      const b6 = b[seventh + column] ?? 0;
      const b7 = b[eighth + column] ?? 0;
      const upper = (sums[column] ?? 0) + (a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3);
      sums[column] = upper + (a4 * b4 + a5 * b5 + a6 * b6 + a7 * b7);
    }
  }
  restOfRow(work, { aAt, bAt, from: k });
}

function restOfRow(
  { a, b, inner, columns, sums }: MatMul,
  { aAt, bAt, from }: { readonly aAt: number; readonly bAt: number; readonly from: number },
): void {
  let k = from;
  if (k + 3 < inner) {
    const a0 = a[aAt + k] ?? 0;
    const a1 = a[aAt + k + 1] ?? 0;
    const a2 = a[aAt + k + 2] ?? 0;
    const a3 = a[aAt + k + 3] ?? 0;
    const first = bAt + k * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    for (let at = 0; at < columns; at += 1) {
      const upper = a0 * (b[first + at] ?? 0) + a1 * (b[second + at] ?? 0);
      const sum = upper + a2 * (b[third + at] ?? 0) + a3 * (b[fourth + at] ?? 0);
      sums[at] = (sums[at] ?? 0) + sum;
    }
    k += 4;
  }
  for (; k < inner; k += 1) {
    const a0 = a[aAt + k] ?? 0;
    const first = bAt + k * columns;
    for (let at = 0; at < columns; at += 1) {
      sums[at] = (sums[at] ?? 0) + a0 * (b[first + at] ?? 0);
    }
  }
}

function dot({ a, b, inner }: MatMul, aAt: number, bAt: number): number {
  let sum = 0;
  let k = 0;
  for (; k + 3 < inner; k += 4) {
    const i = aAt + k;
    const j = bAt + k;
    const upper = (a[i] ?? 0) * (b[j] ?? 0) + (a[i + 1] ?? 0) * (b[j + 1] ?? 0);
    sum += upper + (a[i + 2] ?? 0) * (b[j + 2] ?? 0) + (a[i + 3] ?? 0) * (b[j + 3] ?? 0);
  }
  for (; k < inner; k += 1) sum += (a[aAt + k] ?? 0) * (b[bAt + k] ?? 0);
  return sum;
}
