import type { Tensor } from '../graph/graph.ts';
import { type Architecture, stepwiseForecast } from './architecture.ts';
import { fanIn, type Layers } from './layers.ts';
import { bidirectionalLstm } from './lstm.ts';

export interface AttentiveLstmOptions {
  /** Units of each direction. */
  readonly hidden: number;
  readonly layers?: number;
  readonly dropout?: number;
}

/** A bidirectional LSTM, and attention that says which of its steps count. */
export function attentiveLstm(options: AttentiveLstmOptions): Architecture {
  const body = (layers: Layers, x: Tensor): Tensor => {
    const { hidden, layers: count = 1, dropout = 0 } = options;
    let steps = bidirectionalLstm(layers, 'lstm0', x, hidden);
    for (let layer = 1; layer < count; layer += 1) {
      const inRows = layers.builder.transpose(steps, [1, 0, 2]);
      steps = bidirectionalLstm(layers, `lstm${layer}`, inRows, hidden);
    }
    const { context } = temporalAttention(layers, 'attention', steps);
    return layers.dropout('attention', context, dropout);
  };
  return {
    name: 'lstm',
    represent: body,
    forecast: (layers, x, horizon) => stepwiseForecast(layers, x, horizon, body),
  };
}

/** Over `[steps, rows, width]`: each step has a share, softmax of `v tanh(W h + b)`, in the sum. */
export function temporalAttention(layers: Layers, name: string, steps: Tensor) {
  const { builder } = layers;
  const [count = 0, rows = 0, width = 0] = steps.shape;
  const raised = builder.tanh(layers.linear(name, steps, width));
  const vector = builder.parameter(`${name}.vector`, [width, 1], fanIn(width));
  const flat = builder.reshape(raised, [count * rows, width]);
  const scores = builder.reshape(builder.matMul(flat, vector), [count, rows]);
  const shares = builder.softmax(scores, 0);
  const weighed = builder.mul(steps, builder.reshape(shares, [count, rows, 1]));
  return { shares, context: builder.reduceSum(weighed, [0]) };
}
