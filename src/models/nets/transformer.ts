import { cos, sin } from '../../core/math-trig.ts';
import { pow } from '../../core/math-power.ts';
import type { Tensor } from '../graph/graph.ts';
import { type Architecture, stepwiseForecast } from './architecture.ts';
import { selfAttention } from './attention.ts';
import { feedForward } from './feed-forward.ts';
import type { Layers } from './layers.ts';

export interface TransformerOptions {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Width inside the dense part of a layer. */
  readonly inner: number;
  readonly dropout?: number;
}

/** An encoder over the steps of a window, each step a token; the mean of what they become. */
export function transformer(options: TransformerOptions): Architecture {
  const body = (layers: Layers, x: Tensor): Tensor => {
    const { builder } = layers;
    const steps = x.shape[1] ?? 0;
    const { width, dropout = 0 } = options;
    const places = builder.constant([steps, width], positionalEncoding(steps, width));
    let tokens = builder.add(layers.linear('embedding', x, width), places);
    tokens = layers.dropout('embedding', tokens, dropout);
    for (let layer = 0; layer < options.layers; layer += 1) {
      tokens = encoderLayer(layers, `layer${layer}`, tokens, options);
    }
    return builder.reduceMean(tokens, [1]);
  };
  return {
    name: 'transformer',
    represent: body,
    forecast: (layers, x, horizon) => stepwiseForecast(layers, x, horizon, body),
  };
}

/** Attention and a dense part, each added to what it read and then normalised (Vaswani 2017). */
export function encoderLayer(
  layers: Layers,
  name: string,
  x: Tensor,
  { heads, inner, dropout = 0 }: Pick<TransformerOptions, 'heads' | 'inner' | 'dropout'>,
): Tensor {
  const { builder } = layers;
  const attended = selfAttention(layers, `${name}.attention`, x, { heads }).values;
  const dropped = layers.dropout(`${name}.attention`, attended, dropout);
  const first = layers.layerNorm(`${name}.norm1`, builder.add(x, dropped));
  const said = feedForward(layers, name, first, { inner, dropout });
  return layers.layerNorm(`${name}.norm2`, builder.add(first, said));
}

/** Sines and cosines of the place, from one radian a step to a ten-thousandth. */
export function positionalEncoding(steps: number, width: number): Float64Array {
  const values = new Float64Array(steps * width);
  for (let step = 0; step < steps; step += 1) {
    for (let at = 0; at < width; at += 1) {
      const angle = step / pow(10_000, (at - (at % 2)) / width);
      values[step * width + at] = at % 2 === 0 ? sin(angle) : cos(angle);
    }
  }
  return values;
}
