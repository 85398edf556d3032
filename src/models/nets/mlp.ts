import type { Tensor } from '../graph/graph.ts';
import { type Architecture, jointForecast } from './architecture.ts';
import type { Layers } from './layers.ts';

export interface MlpOptions {
  readonly hidden: readonly number[];
  readonly dropout?: number;
}

/** Dense layers with ReLU over the whole window at once. */
export function mlp({ hidden, dropout = 0 }: MlpOptions): Architecture {
  const body = (layers: Layers, x: Tensor): Tensor => {
    const [rows = 0, first = 0, second = 0] = x.shape;
    let values = layers.builder.reshape(x, [rows, first * second]);
    for (const [place, width] of hidden.entries()) {
      const name = `hidden${place}`;
      values = layers.builder.relu(layers.linear(name, values, width));
      values = layers.dropout(name, values, dropout);
    }
    return values;
  };
  return {
    name: 'mlp',
    represent: body,
    forecast: (layers, x, horizon) =>
      jointForecast(layers, body(layers, x), x.shape[1] ?? 0, horizon),
  };
}
