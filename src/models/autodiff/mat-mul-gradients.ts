import type { GraphBuilder } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { type Backward, fullGradient, whole } from './backward.ts';
import { summedBack } from './broadcasting.ts';
import type { Part } from './parts.ts';

/** Of c = a b: that of a is (of c) b', that of b is a' (of c); summed back where broadcast. */
export function matMulGradients(backward: Backward): readonly (Part | undefined)[] {
  const { builder, inputs, asked } = backward;
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return [];
  const g = fullGradient(backward);
  return [
    asked[0] === true ? whole(ofLeft(builder, { g, a, b })) : undefined,
    asked[1] === true ? whole(ofRight(builder, { g, a, b })) : undefined,
  ];
}

interface Product {
  readonly g: Tensor;
  readonly a: Tensor;
  readonly b: Tensor;
}

function ofLeft(builder: GraphBuilder, { g, a, b }: Product): Tensor {
  const made = builder.matMul(g, transposed(builder, b));
  return summedBack(builder, made, { from: made.shape, to: a.shape });
}

/** One matrix beside many rows: all rows in one product, not a product for each and their sum. */
function ofRight(builder: GraphBuilder, { g, a, b }: Product): Tensor {
  const [inner = 1, columns = 1] = b.shape.slice(-2);
  const isShared = sizeOf(b.shape) === inner * columns && sizeOf(a.shape.slice(0, -2)) > 1;
  if (isShared && a.shape.length === g.shape.length) {
    const rows = builder.reshape(a, [sizeOf(a.shape) / inner, inner]);
    const slopes = builder.reshape(g, [sizeOf(g.shape) / columns, columns]);
    return builder.reshape(builder.matMul(transposed(builder, rows), slopes), b.shape);
  }
  const made = builder.matMul(transposed(builder, a), g);
  return summedBack(builder, made, { from: made.shape, to: b.shape });
}

function transposed(builder: GraphBuilder, x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return builder.transpose(x, [...axes.slice(0, -2), last, last - 1]);
}
