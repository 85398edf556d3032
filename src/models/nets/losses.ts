import type { GraphBuilder, Operand } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';

/** The less of the two. */
function minimum(builder: GraphBuilder, a: Tensor, b: Operand): Tensor {
  return builder.select(builder.greater(a, b), b, a);
}

export type ForecastLoss =
  | { readonly kind: 'squared' }
  | { readonly kind: 'absolute' }
  /** Squared up to `delta`, and a line beyond. */
  | { readonly kind: 'huber'; readonly delta: number };

/** The error of each value. */
export function errorOf(
  builder: GraphBuilder,
  said: Tensor,
  target: Tensor,
  loss: ForecastLoss,
): Tensor {
  const error = builder.sub(said, target);
  switch (loss.kind) {
    case 'squared':
      return builder.mul(error, error);
    case 'absolute':
      return builder.abs(error);
    case 'huber': {
      const size = builder.abs(error);
      const within = minimum(builder, size, loss.delta);
      // q^2 / 2 + delta (|e| - q), with q the part of the error within delta.
      const beyond = builder.mul(builder.sub(size, within), loss.delta);
      return builder.add(builder.mul(builder.mul(within, within), 0.5), beyond);
    }
  }
}

/** Of a log-odds and a label of 0 or 1: max(z, 0) - z y + ln(1 + e^-|z|), which never overflows. */
export function crossEntropy(builder: GraphBuilder, logit: Tensor, label: Tensor): Tensor {
  const size = builder.neg(builder.abs(logit));
  const tail = builder.log(builder.add(builder.exp(size), 1));
  return builder.add(builder.sub(builder.relu(logit), builder.mul(logit, label)), tail);
}
