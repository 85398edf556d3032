import { present } from '../../core/assert.ts';
import { GraphBuilder } from '../../models/graph/builder.ts';
import type { Graph, GraphNode, Tensor } from '../../models/graph/graph.ts';

/**
 * The same graph with sums over the steps of a window written as products with a row of ones.
 *
 * onnxruntime adds such sums in another order where the batch has one row, as it leaves its axis
 * out: a row alone would have other bits than in a batch. A product is computed for each row by
 * itself.
 */
export function sumsByProduct(graph: Graph): Graph {
  const builder = new GraphBuilder(graph.name);
  const values: Tensor[] = [];
  const at = (id: number): Tensor => present(values[id], 'a value before its use');
  const ends = new Map<number, Tensor>();
  for (const { id, name, shape } of graph.inputs) ends.set(id, builder.input(name, shape));
  // In their order, since their values are one vector.
  for (const { id, name, shape, init } of graph.parameters) {
    ends.set(id, builder.parameter(name, shape, init));
  }
  for (const node of graph.nodes) {
    values.push(ends.get(node.id) ?? written(builder, node, node.inputs.map(at)));
  }
  for (const { name, id } of graph.outputs) builder.output(name, at(id));
  return builder.build();
}

function written(builder: GraphBuilder, node: GraphNode, inputs: readonly Tensor[]): Tensor {
  if (node.op !== 'reduceMean' && node.op !== 'reduceSum') return builder.emit(node, inputs);
  const x = present(inputs[0], 'a sum is of something');
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const isOfSteps = x.shape.length === 3 && rows < 0 && node.axes.length === 1;
  if (!isOfSteps || node.axes[0] !== 1) return builder.emit(node, inputs);
  const share = node.op === 'reduceMean' ? 1 / steps : 1;
  const product = builder.matMul(builder.constant([1, steps], share), x);
  return node.keep ? product : builder.reshape(product, [rows, width]);
}
