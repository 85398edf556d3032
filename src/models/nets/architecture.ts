import type { Tensor } from '../graph/graph.ts';
import type { Layers } from './layers.ts';

/** What a network is made of, for its two uses. */
export interface Architecture {
  readonly name: string;
  /** What a window says of a row: `[BATCH, window, features]` to `[BATCH, any width]`. */
  represent(layers: Layers, x: Tensor): Tensor;
  /** What follows a window: `[BATCH, channels, length]` to `[BATCH, channels, horizon]`. */
  forecast(layers: Layers, x: Tensor, horizon: number): Tensor;
}

/** Every channel as a row of its own, for networks that know one channel at a time. */
export function perChannel({ builder }: Layers, x: Tensor, each: (rows: Tensor) => Tensor): Tensor {
  const [rows = 0, channels = 0, length = 0] = x.shape;
  const made = each(builder.reshape(x, [rows * channels, length]));
  return builder.reshape(made, [rows, channels, made.shape[1] ?? 0]);
}

/** The same of a window of features: each is a channel, and what they give stands side by side. */
export function perFeature(layers: Layers, x: Tensor, each: (rows: Tensor) => Tensor): Tensor {
  const { builder } = layers;
  const made = perChannel(layers, builder.transpose(x, [0, 2, 1]), each);
  const [rows = 0, channels = 0, width = 0] = made.shape;
  return builder.reshape(made, [rows, channels * width]);
}

/** A forecast of all channels from one representation of them all. */
export function jointForecast(layers: Layers, said: Tensor, channels: number, horizon: number) {
  const rows = said.shape[0] ?? 0;
  const flat = layers.linear('horizon', said, channels * horizon);
  return layers.builder.reshape(flat, [rows, channels, horizon]);
}

/** The same, from what reads a window of steps: each channel is a feature of them. */
export function stepwiseForecast(
  layers: Layers,
  x: Tensor,
  horizon: number,
  represent: Architecture['represent'],
): Tensor {
  const said = represent(layers, layers.builder.transpose(x, [0, 2, 1]));
  return jointForecast(layers, said, x.shape[1] ?? 0, horizon);
}
