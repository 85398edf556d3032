import type { GraphBuilder } from '../graph/builder.ts';
import type { ReduceOp, Shape, SliceRange, Tensor } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { type Backward, fullGradient, whole } from './backward.ts';
import { type Part, zeros } from './parts.ts';

export function reshapeGradient(backward: Backward): Tensor {
  const { builder, inputs, gradient } = backward;
  const shape = inputs[0]?.shape ?? [];
  const isOne = sizeOf(gradient.shape) === 1;
  if (isOne) return builder.reshape(gradient, ones(shape));
  return builder.reshape(fullGradient(backward), shape);
}

export function concatGradients(backward: Backward, axis: number): readonly (Part | undefined)[] {
  const { builder, inputs, gradient, asked } = backward;
  let at = 0;
  return inputs.map(({ shape }, place) => {
    const start = at;
    at += shape[axis] ?? 1;
    if (asked[place] !== true) return undefined;
    if (gradient.shape[axis] === 1) return whole(gradient);
    return whole(builder.slice(gradient, { axis, start, end: at }));
  });
}

export function sliceGradient(backward: Backward, { axis, start, step }: SliceRange): Part {
  const gradient = fullGradient(backward);
  const spread = step === 1 ? gradient : apart(backward.builder, gradient, { axis, step });
  return { kind: 'range', gradient: spread, axis, start };
}

/** Its places `step` from each other along an axis, with nothing between them. */
function apart(
  builder: GraphBuilder,
  x: Tensor,
  { axis, step }: { readonly axis: number; readonly step: number },
): Tensor {
  const { shape } = x;
  const count = shape[axis] ?? 1;
  const split = shape.toSpliced(axis + 1, 0, 1);
  const gap = zeros(builder, split.with(axis + 1, step - 1));
  const pairs = builder.concat([builder.reshape(x, split), gap], axis + 1);
  const all = builder.reshape(pairs, shape.with(axis, count * step));
  return builder.slice(all, { axis, start: 0, end: (count - 1) * step + 1 });
}

interface ReduceNode {
  readonly op: ReduceOp;
  readonly axes: readonly number[];
  readonly keep: boolean;
}

export function reduceGradient(backward: Backward, { op, axes, keep }: ReduceNode): Tensor {
  const { builder, inputs, gradient, node } = backward;
  const [x] = inputs;
  if (x === undefined) return gradient;
  const isReduced = (axis: number) => axes.includes(axis);
  const kept = (shape: Shape): Shape => {
    let at = 0;
    return x.shape.map((_, axis) => (isReduced(axis) ? 1 : (shape[at++] ?? 1)));
  };
  const g = keep ? gradient : builder.reshape(gradient, kept(gradient.shape));
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  if (op === 'reduceSum') return g;
  if (op === 'reduceMean') return builder.mul(g, 1 / count);
  const y = builder.tensorAt(node.id);
  const max = keep ? y : builder.reshape(y, kept(y.shape));
  // Where several are the largest they share: any other choice would be one of many as well.
  const isMax = builder.sub(1, builder.greater(max, x));
  return builder.mul(isMax, builder.div(g, builder.reduceSum(isMax, axes, true)));
}

function ones(shape: Shape): Shape {
  return shape.map(() => 1);
}
