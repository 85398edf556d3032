import { exp } from '../../core/math.ts';
import type { ReduceOp, Shape } from '../graph/graph.ts';
import type { Numbers } from './numbers.ts';
import { placesOf, stridesOf } from './walks.ts';

/** Where what is reduced lies: each of `places` from each of `starts`. */
export interface Reduction {
  readonly starts: Int32Array;
  readonly places: Int32Array;
}

export function reductionOf(shape: Shape, axes: readonly number[]): Reduction {
  const strides = stridesOf(shape);
  const part = (isIn: boolean) => {
    const chosen = shape.flatMap((_, axis) => (axes.includes(axis) === isIn ? [axis] : []));
    return placesOf(
      chosen.map((axis) => shape[axis] ?? 1),
      chosen.map((axis) => strides[axis] ?? 0),
    );
  };
  return { starts: part(false), places: part(true) };
}

export const REDUCE: Readonly<
  Record<ReduceOp, (x: Numbers, out: Numbers, reduction: Reduction) => void>
> = {
  reduceSum(x, out, { starts, places }) {
    for (let at = 0; at < starts.length; at += 1) out[at] = sum(x, starts[at] ?? 0, places);
  },
  reduceMean(x, out, { starts, places }) {
    const count = places.length;
    for (let at = 0; at < starts.length; at += 1) out[at] = sum(x, starts[at] ?? 0, places) / count;
  },
  reduceMax(x, out, { starts, places }) {
    for (let at = 0; at < starts.length; at += 1) {
      const start = starts[at] ?? 0;
      let max = Number.NEGATIVE_INFINITY;
      for (let one = 0; one < places.length; one += 1) {
        const value = x[start + (places[one] ?? 0)] ?? 0;
        if (value > max || value !== value) max = value;
      }
      out[at] = max;
    }
  },
};

function sum(x: Numbers, start: number, places: Int32Array): number {
  let total = 0;
  for (let one = 0; one < places.length; one += 1) total += x[start + (places[one] ?? 0)] ?? 0;
  return total;
}

/** Shares by e^x, less the largest, so that nothing overflows. */
export function softmax(x: Numbers, out: Numbers, { starts, places }: Reduction): void {
  for (let at = 0; at < starts.length; at += 1) {
    const start = starts[at] ?? 0;
    let max = Number.NEGATIVE_INFINITY;
    for (let one = 0; one < places.length; one += 1) {
      const value = x[start + (places[one] ?? 0)] ?? 0;
      if (value > max) max = value;
    }
    let total = 0;
    for (let one = 0; one < places.length; one += 1) {
      const place = start + (places[one] ?? 0);
      const share = exp((x[place] ?? 0) - max);
      out[place] = share;
      total += share;
    }
    for (let one = 0; one < places.length; one += 1) {
      const place = start + (places[one] ?? 0);
      out[place] = (out[place] ?? 0) / total;
    }
  }
}
