import { present } from '../../core/assert.ts';
import { boundShape } from '../../models/graph/bind-batch.ts';
import type { Graph, GraphNode } from '../../models/graph/graph.ts';
import { runLstm } from './run-lstm.ts';
import type { TensorFlow, TensorFlowTensor } from './tensorflow.ts';

/** Values by the ids of their nodes. */
export type TensorValues = Map<number, TensorFlowTensor>;

/**
 * Computes the nodes for which `isWanted`, one after another, into `values`, which holds inputs,
 * parameters and all that was computed before. To be called within `tidy`.
 */
export function executeGraph(
  tf: TensorFlow,
  graph: Graph,
  values: TensorValues,
  { rows, isWanted }: { readonly rows: number; readonly isWanted: (node: GraphNode) => boolean },
): void {
  const valueOf = (id: number) => present(values.get(id), 'a value before its use');
  for (const node of graph.nodes) {
    if (values.has(node.id) || !isWanted(node)) continue;
    values.set(node.id, execute(tf, node, node.inputs.map(valueOf), rows));
  }
}

type Inputs = readonly TensorFlowTensor[];

function execute(tf: TensorFlow, node: GraphNode, inputs: Inputs, rows: number): TensorFlowTensor {
  const shape = boundShape(node.shape, rows);
  if (node.op === 'constant') return tf.tensor(Float32Array.from(node.values), shape, 'float32');
  if (node.op === 'concat') return tf.concat(inputs, node.axis);
  const x = present(inputs[0], 'an operation has an input');
  switch (node.op) {
    case 'neg':
    case 'abs':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'tanh':
    case 'sigmoid':
    case 'relu':
    case 'erf':
      return tf[node.op](x);
    case 'detach':
      return tf.reshape(x, shape);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return tf[node.op](x, second(inputs));
    case 'greater':
      return tf.cast(tf.greater(x, second(inputs)), 'float32');
    case 'select':
      return select(tf, inputs, shape);
    case 'clip':
      return tf.clipByValue(x, node.low, node.high);
    case 'matMul':
      return matMul(tf, x, second(inputs), shape);
    case 'transpose':
      return tf.transpose(x, node.order);
    case 'reshape':
      return tf.reshape(x, shape);
    case 'broadcast':
      return tf.broadcastTo(x, shape);
    case 'slice':
      return slice(tf, x, node);
    case 'softmax':
      return softmax(tf, x, node.axis);
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return reduce(tf, x, node);
    case 'lstm':
      return runLstm(tf, inputs, node);
    case 'input':
    case 'parameter':
      // They are fed before: an input without a value has been asserted above.
      return x;
  }
}

function second(inputs: Inputs): TensorFlowTensor {
  return present(inputs[1], 'an operation has two inputs');
}

function select(tf: TensorFlow, inputs: Inputs, shape: readonly number[]): TensorFlowTensor {
  const [condition, a, b] = inputs.map((input) => tf.broadcastTo(input, shape));
  const chosen = present(condition, 'a condition');
  const isSet = tf.notEqual(chosen, tf.zeros(shape));
  return tf.where(isSet, present(a, 'the one value'), present(b, 'the other'));
}

/** Its own broadcasting repeats the whole smaller stack, which is right for one axis alone. */
function matMul(
  tf: TensorFlow,
  a: TensorFlowTensor,
  b: TensorFlowTensor,
  shape: readonly number[],
): TensorFlowTensor {
  const stack = shape.slice(0, -2);
  if (stack.length === 0) return tf.matMul(a, b, false, false);
  if (b.shape.length === 2) {
    const [inner = 1, columns = 1] = b.shape;
    const tall = a.shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const flat = tf.matMul(tf.reshape(a, [tall, inner]), b, false, false);
    return tf.reshape(flat, [...a.shape.slice(0, -1), columns]);
  }
  const full = (x: TensorFlowTensor) => tf.broadcastTo(x, [...stack, ...x.shape.slice(-2)]);
  return tf.matMul(full(a), full(b), false, false);
}

function slice(
  tf: TensorFlow,
  x: TensorFlowTensor,
  { axis, start, end, step }: Extract<GraphNode, { op: 'slice' }>,
): TensorFlowTensor {
  const begin = x.shape.map((_, at) => (at === axis ? start : 0));
  if (step === 1) return tf.slice(x, begin, x.shape.with(axis, end - start));
  const strides = x.shape.map((_, at) => (at === axis ? step : 1));
  return tf.stridedSlice(x, begin, x.shape.with(axis, end), strides);
}

/** It takes the last axis alone. */
function softmax(tf: TensorFlow, x: TensorFlowTensor, axis: number): TensorFlowTensor {
  const last = x.shape.length - 1;
  if (axis === last) return tf.softmax(x);
  const swapped = x.shape.map((_, at) => (at === axis ? last : at === last ? axis : at));
  return tf.transpose(tf.softmax(tf.transpose(x, swapped)), swapped);
}

function reduce(
  tf: TensorFlow,
  x: TensorFlowTensor,
  { op, axes, keep }: Extract<GraphNode, { readonly axes: readonly number[] }>,
): TensorFlowTensor {
  if (axes.length === 0) return x; // To it, none would be all.
  switch (op) {
    case 'reduceSum':
      return tf.sum(x, axes, keep);
    case 'reduceMean':
      return tf.mean(x, axes, keep);
    case 'reduceMax':
      return tf.max(x, axes, keep);
  }
}
