import type { ParameterInit, Tensor } from '../graph/graph.ts';
import type { Layers } from './layers.ts';

/** In ONNX's order: input, output, forget, cell. */
const GATES = ['input', 'output', 'forget', 'cell'] as const;
const DIRECTIONS = 2;

/**
 * A bidirectional LSTM over `[rows, steps, width]`, as `[steps, rows, 2 hidden]`: at each step what
 * the past says, then what the future of the window says.
 *
 * In training it is unrolled, because gradients are of plain operations; otherwise it is the fused
 * operator. The parameters are the same: for each gate a matrix for each direction, whose rows are
 * those for the input, one for the bias, and those for what was said the step before.
 */
export function bidirectionalLstm(layers: Layers, name: string, x: Tensor, hidden: number): Tensor {
  const { builder, mode } = layers;
  const width = x.shape[2] ?? 0;
  const init: ParameterInit = { kind: 'uniform', bound: 1 / Math.sqrt(hidden) };
  const gates = GATES.map((gate) =>
    builder.parameter(`${name}.${gate}`, [DIRECTIONS, width + 1 + hidden, hidden], init),
  );
  return mode === 'training' ? unrolled(layers, x, gates, hidden) : fused(layers, x, gates, hidden);
}

function fused({ builder }: Layers, x: Tensor, gates: readonly Tensor[], hidden: number): Tensor {
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const part = (start: number, end: number) =>
    builder.concat(
      gates.map((gate) => builder.transpose(builder.slice(gate, { axis: 1, start, end }), TURNED)),
      1,
    );
  const input = part(0, width);
  const bias = builder.reshape(part(width, width + 1), [DIRECTIONS, 4 * hidden]);
  const recurrent = part(width + 1, width + 1 + hidden);
  // ONNX adds two biases; one is enough.
  const biases = builder.concat([bias, builder.constant([DIRECTIONS, 4 * hidden], 0)], 1);
  const inTime = builder.transpose(x, [1, 0, 2]);
  const said = builder.emit({ op: 'lstm', hidden, directions: DIRECTIONS }, [
    inTime,
    input,
    recurrent,
    biases,
  ]);
  const side = builder.transpose(said, [0, 2, 1, 3]);
  return builder.reshape(side, [steps, rows, DIRECTIONS * hidden]);
}

const TURNED = [0, 2, 1];

/** Both directions at once: while one reads step `t`, the other reads step `t` from the end. */
function unrolled(layers: Layers, x: Tensor, gates: readonly Tensor[], hidden: number): Tensor {
  const { builder } = layers;
  const [rows = 0, steps = 0, width = 0] = x.shape;
  // A column of ones beside the input meets the row of the bias.
  const first = builder.slice(x, { axis: 2, start: 0, end: 1 });
  const withOnes = builder.concat([x, builder.add(builder.mul(builder.detach(first), 0), 1)], 2);
  const at = (step: number) =>
    builder.reshape(builder.slice(withOnes, { axis: 1, start: step, end: step + 1 }), [
      1,
      rows,
      width + 1,
    ]);
  const said: Tensor[] = [];
  let output: Tensor | undefined;
  let cell: Tensor | undefined;
  for (let step = 0; step < steps; step += 1) {
    const read = builder.concat([at(step), at(steps - 1 - step)], 0);
    const seen = output === undefined ? read : builder.concat([read, output], 2);
    const [take, show, keep, fresh] = gates.map((gate) =>
      // Nothing was said before the first step.
      builder.matMul(
        seen,
        output === undefined ? builder.slice(gate, { axis: 1, start: 0, end: width + 1 }) : gate,
      ),
    );
    if (take === undefined || show === undefined) break;
    if (keep === undefined || fresh === undefined) break;
    const taken = builder.mul(builder.sigmoid(take), builder.tanh(fresh));
    cell =
      cell === undefined ? taken : builder.add(builder.mul(builder.sigmoid(keep), cell), taken);
    output = builder.mul(builder.sigmoid(show), builder.tanh(cell));
    said.push(builder.reshape(output, [1, DIRECTIONS, rows, hidden]));
  }
  return inOrder(layers, builder.concat(said, 0));
}

/** `[steps, 2, rows, hidden]`, the second direction from the end, side by side in order of time. */
function inOrder({ builder }: Layers, said: Tensor): Tensor {
  const [steps = 0, , rows = 0, hidden = 0] = said.shape;
  const direction = (start: number) => builder.slice(said, { axis: 1, start, end: start + 1 });
  const turned = builder.matMul(
    builder.constant([steps, steps], reversal(steps)),
    builder.reshape(direction(1), [steps, rows * hidden]),
  );
  return builder.concat(
    [direction(0), turned].map((one) => builder.reshape(one, [steps, rows, hidden])),
    2,
  );
}

/** A matrix that turns rows round. */
function reversal(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) matrix[row * size + (size - 1 - row)] = 1;
  return matrix;
}
