import type { GraphBuilder } from '../graph/builder.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { GraphNode, Tensor, UnaryOp } from '../graph/graph.ts';
import { type Backward, whole } from './backward.ts';
import { summedBack } from './broadcasting.ts';
import { matMulGradients } from './mat-mul-gradients.ts';
import type { Part } from './parts.ts';
import {
  concatGradients,
  reduceGradient,
  reshapeGradient,
  sliceGradient,
} from './shape-gradients.ts';

const TWO_BY_ROOT_PI = 1.1283791670955126;

/** What each input of a node gets of the node's gradient; `undefined` where nothing comes. */
export function inputGradients(backward: Backward): readonly (Part | undefined)[] {
  const { builder, node, inputs, gradient } = backward;
  switch (node.op) {
    case 'matMul':
      return matMulGradients(backward);
    case 'concat':
      return concatGradients(backward, node.axis);
    case 'slice':
      return [sliceGradient(backward, node)];
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return [whole(reduceGradient(backward, node))];
    case 'reshape':
      return [whole(reshapeGradient(backward))];
    case 'transpose': {
      const back = node.order.map((_, axis) => node.order.indexOf(axis));
      return [whole(builder.transpose(gradient, back))];
    }
    case 'broadcast':
      return [whole(backTo(backward, gradient, inputs[0]))];
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'select':
      return elementwiseGradients(backward);
    case 'lstm':
      throw new GraphError('GRAPH_GRADIENT', 'a fused LSTM has no gradient: train it unrolled');
    case 'input':
    case 'parameter':
    case 'constant':
    case 'detach':
    case 'greater':
      return [];
    default: {
      const [x] = inputs;
      if (x === undefined) return [];
      return [whole(unaryGradient(builder, node, x, gradient))];
    }
  }
}

type UnaryNode = Extract<
  GraphNode,
  { readonly op: Exclude<UnaryOp, 'detach'> | 'clip' | 'softmax' }
>;

function unaryGradient(builder: GraphBuilder, node: UnaryNode, x: Tensor, g: Tensor): Tensor {
  const y = builder.tensorAt(node.id);
  switch (node.op) {
    case 'neg':
      return builder.neg(g);
    case 'abs':
      return builder.mul(g, builder.sub(builder.greater(x, 0), builder.greater(0, x)));
    case 'exp':
      return builder.mul(g, y);
    case 'log':
      return builder.div(g, x);
    case 'sqrt':
      return builder.div(builder.mul(g, 0.5), y);
    case 'tanh':
      return builder.mul(g, builder.sub(1, builder.mul(y, y)));
    case 'sigmoid':
      return builder.mul(g, builder.mul(y, builder.sub(1, y)));
    case 'relu':
      return builder.mul(g, builder.greater(x, 0));
    case 'erf': {
      const slope = builder.exp(builder.neg(builder.mul(x, x)));
      return builder.mul(builder.mul(g, slope), TWO_BY_ROOT_PI);
    }
    case 'clip': {
      // At a limit itself the slope is one, as PyTorch has it.
      const above = builder.greater(x, node.high);
      const outside = builder.add(above, builder.greater(node.low, x));
      return builder.mul(g, builder.sub(1, outside));
    }
    case 'softmax': {
      const weighted = builder.mul(g, y);
      const sum = builder.reduceSum(weighted, [node.axis], true);
      return builder.sub(weighted, builder.mul(y, sum));
    }
  }
}

/** Operations that broadcast: the gradient of what was stretched is summed back. */
function elementwiseGradients(backward: Backward): readonly (Part | undefined)[] {
  const { builder, node, inputs, gradient: g, asked } = backward;
  const [a, b, c] = inputs;
  if (a === undefined || b === undefined) return [];
  const to = (place: number, make: () => Tensor): Part | undefined =>
    asked[place] === true ? whole(backTo(backward, make(), inputs[place])) : undefined;
  switch (node.op) {
    case 'add':
      return [to(0, () => g), to(1, () => g)];
    case 'sub':
      return [
        to(0, () => g),
        negated(
          builder,
          to(1, () => g),
        ),
      ];
    case 'mul':
      if (a.id === b.id) return [to(0, () => builder.mul(builder.mul(g, 2), a))];
      return [to(0, () => builder.mul(g, b)), to(1, () => builder.mul(g, a))];
    case 'div': {
      const y = builder.tensorAt(node.id);
      const share = () => builder.div(g, b);
      return [
        to(0, share),
        negated(
          builder,
          to(1, () => builder.mul(share(), y)),
        ),
      ];
    }
    case 'select': {
      // A condition has no slope. Where `c` is absent, the node is not a select.
      const chosen = () => builder.select(a, g, 0);
      const left = () => builder.select(a, 0, g);
      return c === undefined ? [] : [undefined, to(1, chosen), to(2, left)];
    }
    default:
      return [];
  }
}

/** Once it is summed back, and so perhaps small. */
function negated(builder: GraphBuilder, part: Part | undefined): Part | undefined {
  return part === undefined ? undefined : whole(builder.neg(part.gradient));
}

function backTo({ builder, node }: Backward, gradient: Tensor, input: Tensor | undefined): Tensor {
  if (input === undefined) return gradient;
  return summedBack(builder, gradient, { from: node.shape, to: input.shape });
}
