import type { GraphBuilder } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** Adam (Kingma, Ba 2015) and AdamW (Loshchilov, Hutter 2019), as PyTorch computes them. */
export interface OptimiserOptions {
  readonly kind: 'adam' | 'adamw';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Of `adam` a part of the gradient; of `adamw` taken from the parameters beside the step. */
  readonly weightDecay: number;
  /** The gradient of all parameters together is never longer than this. */
  readonly clipNorm?: number;
}

export interface AdamInputs {
  readonly gradient: Tensor;
  readonly parameters: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
  readonly rate: Tensor;
  readonly correction1: Tensor;
  readonly correction2: Tensor;
}

export interface AdamStep {
  readonly parameters: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
  readonly norm: Tensor;
}

/** What PyTorch adds to a norm before it divides by it. */
const NORM_EPSILON = 1e-6;

export function adam(
  builder: GraphBuilder,
  inputs: AdamInputs,
  options: OptimiserOptions,
): AdamStep {
  const { rate, correction1, correction2 } = inputs;
  const { beta1, beta2, epsilon, weightDecay } = options;
  const { norm, clipped } = clippedByNorm(builder, inputs.gradient, options.clipNorm);
  const isDecoupled = options.kind === 'adamw';
  const decayed = weightDecay !== 0;
  const gradient =
    decayed && !isDecoupled
      ? builder.add(clipped, builder.mul(inputs.parameters, weightDecay))
      : clipped;
  const first = builder.add(builder.mul(inputs.first, beta1), builder.mul(gradient, 1 - beta1));
  const square = builder.mul(gradient, gradient);
  const second = builder.add(builder.mul(inputs.second, beta2), builder.mul(square, 1 - beta2));
  const root = builder.div(builder.sqrt(second), builder.sqrt(correction2));
  const moved = builder.div(first, builder.add(root, epsilon));
  const step = builder.mul(moved, builder.div(rate, correction1));
  const kept =
    decayed && isDecoupled
      ? builder.mul(inputs.parameters, builder.sub(1, builder.mul(rate, weightDecay)))
      : inputs.parameters;
  return { parameters: builder.sub(kept, step), first, second, norm };
}

/** Times the limit over the norm, where that is less than one. */
function clippedByNorm(
  builder: GraphBuilder,
  gradient: Tensor,
  limit: number | undefined,
): { readonly norm: Tensor; readonly clipped: Tensor } {
  const norm = builder.sqrt(builder.reduceSum(builder.mul(gradient, gradient), [0], true));
  if (limit === undefined) return { norm, clipped: gradient };
  const share = builder.div(builder.constant([1], limit), builder.add(norm, NORM_EPSILON));
  return { norm, clipped: builder.mul(gradient, builder.clip(share, 0, 1)) };
}
