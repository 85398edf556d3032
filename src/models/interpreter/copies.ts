import type { GraphNode, Shape } from '../graph/graph.ts';
import type { Numbers } from './numbers.ts';
import { broadcastStrides, stridesOf, type Walks, walksOf } from './walks.ts';

/** Fills `out`, in order, with what a walk through `x` finds. */
export function gather(x: Numbers, out: Numbers, { walks: [walk], length }: Walks): void {
  if (walk === undefined) return;
  const { starts, stride } = walk;
  for (let one = 0, at = 0; one < starts.length; one += 1) {
    let from = starts[one] ?? 0;
    for (const end = at + length; at < end; at += 1) {
      out[at] = x[from] ?? 0;
      from += stride;
    }
  }
}

/** How the numbers of a transposed, stretched or cut tensor lie in what it was made of. */
export function walksInto(node: GraphNode, shape: Shape): Walks {
  const strides = stridesOf(shape);
  if (node.op === 'transpose') {
    return walksOf(node.shape, [node.order.map((axis) => strides[axis] ?? 0)]);
  }
  if (node.op === 'slice') {
    const { axis, start, step } = node;
    const stride = strides[axis] ?? 0;
    return walksOf(node.shape, [strides.with(axis, stride * step)], [start * stride]);
  }
  return walksOf(node.shape, [broadcastStrides(shape, node.shape)]);
}

export interface Concat {
  readonly parts: readonly Numbers[];
  /** Numbers of each part between one place of the outer axes and the next. */
  readonly lengths: readonly number[];
  readonly outer: number;
}

export function concat({ parts, lengths, outer }: Concat, out: Numbers): void {
  for (let place = 0, at = 0; place < outer; place += 1) {
    for (let part = 0; part < parts.length; part += 1) {
      const x = parts[part];
      const length = lengths[part] ?? 0;
      if (x === undefined) continue;
      for (let from = place * length, end = from + length; from < end; from += 1) {
        out[at] = x[from] ?? 0;
        at += 1;
      }
    }
  }
}

export function concatLengths(shapes: readonly Shape[], axis: number): number[] {
  return shapes.map((shape) => shape.slice(axis).reduce((product, size) => product * size, 1));
}
