import type { GraphBuilder } from '../graph/builder.ts';
import { isSameShape } from '../graph/shapes.ts';
import type { Shape, Tensor } from '../graph/graph.ts';

/**
 * A gradient may be smaller than what it is of: an axis along which it does not change stays of
 * size one, because most operations stretch it for nothing. Here it is made whole.
 */
export function fullOf(builder: GraphBuilder, gradient: Tensor, shape: Shape): Tensor {
  return isSameShape(gradient.shape, shape) ? gradient : builder.broadcast(gradient, shape);
}

/** Sums a gradient of `from` over the axes along which `to` was stretched to it. */
export function summedBack(
  builder: GraphBuilder,
  gradient: Tensor,
  { from, to }: { readonly from: Shape; readonly to: Shape },
): Tensor {
  const ahead = from.length - to.length;
  const isStretched = (axis: number) => (to[axis - ahead] ?? 1) === 1 && (from[axis] ?? 1) > 1;
  const axes: number[] = [];
  let copies = 1;
  from.forEach((size, axis) => {
    if (!isStretched(axis)) return;
    if (gradient.shape[axis] === 1) copies *= size;
    else axes.push(axis);
  });
  const counted = copies === 1 ? gradient : builder.mul(gradient, copies);
  const summed = builder.reduceSum(counted, axes, true);
  return ahead === 0 ? summed : builder.reshape(summed, summed.shape.slice(ahead));
}
