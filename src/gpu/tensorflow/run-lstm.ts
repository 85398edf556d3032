import { present } from '../../core/assert.ts';
import type { TensorFlow, TensorFlowTensor } from './tensorflow.ts';

/**
 * ONNX's LSTM (https://onnx.ai/onnx/operators/onnx__LSTM.html) of plain operations, a step after
 * another: TensorFlow.js has no such operator. Gates are in the order i, o, f, c.
 */
export function runLstm(
  tf: TensorFlow,
  [x, weights, recurrent, bias]: readonly TensorFlowTensor[],
  { hidden, directions }: { readonly hidden: number; readonly directions: number },
): TensorFlowTensor {
  const input = present(x, 'what an LSTM reads');
  const runs = Array.from({ length: directions }, (_, direction) => {
    const of = (all: TensorFlowTensor | undefined) => one(tf, present(all, 'weights'), direction);
    const both = of(bias);
    const sum = tf.add(
      tf.slice(both, [0], [4 * hidden]),
      tf.slice(both, [4 * hidden], [4 * hidden]),
    );
    const part = { weights: of(weights), recurrent: of(recurrent), bias: sum, hidden };
    return runDirection(tf, input, { ...part, isBackward: direction === 1 });
  });
  return tf.concat(runs, 1);
}

interface Part {
  readonly weights: TensorFlowTensor;
  readonly recurrent: TensorFlowTensor;
  readonly bias: TensorFlowTensor;
  readonly hidden: number;
  readonly isBackward: boolean;
}

function runDirection(tf: TensorFlow, x: TensorFlowTensor, part: Part): TensorFlowTensor {
  const { weights, recurrent, bias, hidden, isBackward } = part;
  const [steps = 0, rows = 0, width = 0] = x.shape;
  // What does not wait for the step before, for all steps at once.
  const flat = tf.matMul(tf.reshape(x, [steps * rows, width]), weights, false, true);
  const fed = tf.reshape(tf.add(flat, bias), [steps, rows, 4 * hidden]);
  const outputs: TensorFlowTensor[] = [];
  let state = tf.zeros([rows, hidden]);
  let cell = tf.zeros([rows, hidden]);
  for (let count = 0; count < steps; count += 1) {
    const step = isBackward ? steps - 1 - count : count;
    const now = tf.reshape(tf.slice(fed, [step, 0, 0], [1, rows, 4 * hidden]), [rows, 4 * hidden]);
    const sums = tf.add(now, tf.matMul(state, recurrent, false, true));
    const gate = (at: number) => tf.slice(sums, [0, at * hidden], [rows, hidden]);
    const kept = tf.mul(tf.sigmoid(gate(2)), cell);
    cell = tf.add(kept, tf.mul(tf.sigmoid(gate(0)), tf.tanh(gate(3))));
    state = tf.mul(tf.sigmoid(gate(1)), tf.tanh(cell));
    outputs[step] = tf.reshape(state, [1, 1, rows, hidden]);
  }
  return tf.concat(outputs, 0);
}

/** The matrix or vector of one direction. */
function one(tf: TensorFlow, all: TensorFlowTensor, direction: number): TensorFlowTensor {
  const begin = all.shape.map((_, axis) => (axis === 0 ? direction : 0));
  return tf.reshape(tf.slice(all, begin, all.shape.with(0, 1)), all.shape.slice(1));
}
