import type { Tensor } from '../graph/graph.ts';
import type { Layers } from './layers.ts';

export interface Attended {
  readonly values: Tensor;
  /** Before the softmax: what the next layer's may rest on. */
  readonly scores: Tensor;
}

export interface AttentionOptions {
  readonly heads: number;
  /** Added to the scores before the softmax (RealFormer). */
  readonly earlier?: Tensor | undefined;
}

/** Self-attention over the middle axis of `[rows, steps, width]`, in heads of equal width. */
export function selfAttention(
  layers: Layers,
  name: string,
  x: Tensor,
  { heads, earlier }: AttentionOptions,
): Attended {
  const { builder } = layers;
  const [rows = 0, steps = 0, width = 0] = x.shape;
  const each = width / heads;
  const split = (part: string, order: readonly number[]) =>
    builder.transpose(
      builder.reshape(layers.linear(`${name}.${part}`, x, width), [rows, steps, heads, each]),
      order,
    );
  const query = builder.mul(split('query', [0, 2, 1, 3]), 1 / Math.sqrt(each));
  const own = builder.matMul(query, split('key', [0, 2, 3, 1]));
  const scores = earlier === undefined ? own : builder.add(own, earlier);
  const mixed = builder.matMul(builder.softmax(scores, -1), split('value', [0, 2, 1, 3]));
  const joined = builder.reshape(builder.transpose(mixed, [0, 2, 1, 3]), [rows, steps, width]);
  return { values: layers.linear(`${name}.joined`, joined, width), scores };
}
