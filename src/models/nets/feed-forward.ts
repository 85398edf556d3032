import type { Tensor } from '../graph/graph.ts';
import type { Layers } from './layers.ts';

export interface FeedForwardOptions {
  /** Width between the two dense layers. */
  readonly inner: number;
  readonly dropout?: number;
}

/** The dense part of an encoder's layer, for each token by itself (Vaswani 2017, section 3.3). */
export function feedForward(
  layers: Layers,
  name: string,
  x: Tensor,
  { inner, dropout = 0 }: FeedForwardOptions,
): Tensor {
  const raised = layers.gelu(layers.linear(`${name}.dense1`, x, inner));
  const middle = layers.dropout(`${name}.dense1`, raised, dropout);
  const back = layers.linear(`${name}.dense2`, middle, x.shape.at(-1) ?? 0);
  return layers.dropout(`${name}.dense2`, back, dropout);
}
