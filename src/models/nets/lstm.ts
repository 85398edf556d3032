import type { ParameterInit, Tensor } from '../graph/graph.ts';
import type { Layers } from './layers.ts';

const DIRECTIONS = 2;
const GATES = 4;

/** For both directions; gates stand side by side in ONNX's order: input, output, forget, cell. */
interface Weights {
  readonly input: Tensor;
  readonly recurrent: Tensor;
  readonly bias: Tensor;
}

/**
 * A bidirectional LSTM over `[rows, steps, width]`, as `[steps, rows, 2 hidden]`: at each step what
 * the past says, then what the rest of the window says.
 *
 * In training it is unrolled, because gradients are of plain operations; otherwise it is the fused
 * operator. The parameters are the same.
 */
export function bidirectionalLstm(layers: Layers, name: string, x: Tensor, hidden: number): Tensor {
  const { builder, mode } = layers;
  const width = x.shape[2] ?? 0;
  const init: ParameterInit = { kind: 'uniform', bound: 1 / Math.sqrt(hidden) };
  const parameter = (part: string, rows: number) =>
    builder.parameter(`${name}.${part}`, [DIRECTIONS, rows, GATES * hidden], init);
  const weights = {
    input: parameter('input', width),
    recurrent: parameter('recurrent', hidden),
    bias: parameter('bias', 1),
  };
  return mode === 'training'
    ? unrolled(layers, x, weights, hidden)
    : fused(layers, x, weights, hidden);
}

function fused({ builder }: Layers, x: Tensor, weights: Weights, hidden: number): Tensor {
  const [rows = 0, steps = 0] = x.shape;
  const bias = builder.reshape(weights.bias, [DIRECTIONS, GATES * hidden]);
  const said = builder.emit({ op: 'lstm', hidden, directions: DIRECTIONS }, [
    builder.transpose(x, [1, 0, 2]),
    builder.transpose(weights.input, [0, 2, 1]),
    builder.transpose(weights.recurrent, [0, 2, 1]),
    // ONNX adds two biases; one is enough.
    builder.concat([bias, builder.constant([DIRECTIONS, GATES * hidden], 0)], 1),
  ]);
  const side = builder.transpose(said, [0, 2, 1, 3]);
  return builder.reshape(side, [steps, rows, DIRECTIONS * hidden]);
}

/** Both directions at once: while one reads step `t`, the other reads step `t` from the end. */
function unrolled(layers: Layers, x: Tensor, weights: Weights, hidden: number): Tensor {
  const { builder } = layers;
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const inTime = builder.reshape(builder.transpose(x, [1, 0, 2]), [steps, rows * width]);
  const both = builder.reshape(
    builder.concat([inTime, builder.matMul(reversal(layers, steps), inTime)], 0),
    [DIRECTIONS, steps * rows, width],
  );
  // What the inputs say to the gates needs no step before it: one product for all of them.
  const product = builder.add(builder.matMul(both, weights.input), weights.bias);
  const given = builder.reshape(product, [DIRECTIONS, steps, rows, GATES * hidden]);
  const said: Tensor[] = [];
  let state: State | undefined;
  for (let step = 0; step < steps; step += 1) {
    const own = builder.reshape(builder.slice(given, { axis: 1, start: step, end: step + 1 }), [
      DIRECTIONS,
      rows,
      GATES * hidden,
    ]);
    state = nextState(layers, own, state, weights.recurrent);
    said.push(builder.reshape(state.output, [1, DIRECTIONS, rows, hidden]));
  }
  return inOrder(layers, builder.concat(said, 0));
}

interface State {
  readonly output: Tensor;
  readonly cell: Tensor;
}

function nextState(
  { builder }: Layers,
  own: Tensor,
  before: State | undefined,
  recurrent: Tensor,
): State {
  const hidden = (own.shape[2] ?? 0) / GATES;
  const gates =
    before === undefined ? own : builder.add(own, builder.matMul(before.output, recurrent));
  const gate = (place: number) =>
    builder.slice(gates, { axis: 2, start: place * hidden, end: (place + 1) * hidden });
  const fresh = builder.mul(builder.sigmoid(gate(0)), builder.tanh(gate(3)));
  const cell =
    before === undefined
      ? fresh
      : builder.add(builder.mul(builder.sigmoid(gate(2)), before.cell), fresh);
  return { output: builder.mul(builder.sigmoid(gate(1)), builder.tanh(cell)), cell };
}

/** `[steps, 2, rows, hidden]`, the second direction from the end, side by side in order of time. */
function inOrder(layers: Layers, said: Tensor): Tensor {
  const { builder } = layers;
  const [steps = 0, , rows = 0, hidden = 0] = said.shape;
  const direction = (start: number) =>
    builder.reshape(builder.slice(said, { axis: 1, start, end: start + 1 }), [
      steps,
      rows * hidden,
    ]);
  const turned = builder.matMul(reversal(layers, steps), direction(1));
  return builder.concat(
    [direction(0), turned].map((one) => builder.reshape(one, [steps, rows, hidden])),
    2,
  );
}

/** A matrix that turns rows round: a product with it has a gradient like any other. */
function reversal({ builder }: Layers, size: number): Tensor {
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) matrix[row * size + (size - 1 - row)] = 1;
  return builder.constant([size, size], matrix);
}
