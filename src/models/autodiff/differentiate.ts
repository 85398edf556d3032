import type { GraphBuilder } from '../graph/builder.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { GraphNode, Tensor } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { fullOf } from './broadcasting.ts';
import { inputGradients } from './gradient-rules.ts';
import { joinParts, type Part } from './parts.ts';

/**
 * Reverse mode: what the loss changes by for each of the tensors, as nodes of the same builder and
 * of the same operations. Every batch must be bound; a tensor that the loss does not depend on has
 * a gradient of zeros.
 */
export function differentiate(
  builder: GraphBuilder,
  loss: Tensor,
  wanted: readonly Tensor[],
): Tensor[] {
  if (sizeOf(loss.shape) !== 1) {
    throw new GraphError('GRAPH_GRADIENT', `a loss is one number, not [${loss.shape.join(', ')}]`);
  }
  const depends = dependents(builder, loss, wanted);
  const parts = new Map<number, Part[]>();
  const sums = new Map<number, Tensor>();
  const one = builder.constant(loss.shape, 1);
  parts.set(loss.id, [{ kind: 'whole', gradient: one }]);
  for (let id = loss.id; id >= 0; id -= 1) {
    const own = parts.get(id);
    if (own === undefined) continue;
    parts.delete(id);
    const node = builder.nodeAt(id);
    const gradient = joinParts(builder, node.shape, own);
    sums.set(id, gradient);
    for (const { input, part } of gradientsInto(builder, node, gradient, depends)) {
      const there = parts.get(input);
      if (there === undefined) parts.set(input, [part]);
      else there.push(part);
    }
  }
  return wanted.map(({ id, shape }) =>
    fullOf(builder, sums.get(id) ?? builder.constant([], 0), shape),
  );
}

function gradientsInto(
  builder: GraphBuilder,
  node: GraphNode,
  gradient: Tensor,
  depends: Uint8Array,
): readonly { readonly input: number; readonly part: Part }[] {
  const asked = node.inputs.map((input) => depends[input] === 1);
  if (!asked.includes(true)) return [];
  const inputs = node.inputs.map((id) => builder.tensorAt(id));
  const made = inputGradients({ builder, node, inputs, gradient, asked });
  return node.inputs.flatMap((input, at) => {
    const part = made[at];
    return part === undefined || depends[input] !== 1 ? [] : [{ input, part }];
  });
}

/** Which values change when one of the wanted ones does. Nothing changes through a `detach`. */
function dependents(builder: GraphBuilder, loss: Tensor, wanted: readonly Tensor[]): Uint8Array {
  const depends = new Uint8Array(loss.id + 1);
  for (const { id } of wanted) if (id <= loss.id) depends[id] = 1;
  for (let id = 0; id <= loss.id; id += 1) {
    const { op, inputs, shape } = builder.nodeAt(id);
    if (op === 'detach' || op === 'greater') continue;
    if (!inputs.some((input) => depends[input] === 1)) continue;
    depends[id] = 1;
    if (shape.some((size) => size < 0)) {
      throw new GraphError('GRAPH_GRADIENT', `${op}: gradients need a batch whose rows are known`);
    }
  }
  return depends;
}
