import { BATCH, type Tensor } from '../graph/graph.ts';
import type { Architecture } from './architecture.ts';
import { Layers } from './layers.ts';
import { crossEntropy, errorOf } from './losses.ts';
import type { Network } from './network.ts';

/** `confidence` is |2 p - 1| of the probability: how far from a coin. Calibration comes after. */
export type ScorerOutput = 'probability' | 'return' | 'confidence';

export interface ScorerOptions {
  /** Rows of features in a window, oldest first; one for the row of now alone. */
  readonly window: number;
  readonly features: number;
  readonly scaling: Scaling;
  readonly outputs: readonly ScorerOutput[];
  /** Of the returns of the training data: the head learns them in these units. */
  readonly returns?: { readonly mean: number; readonly deviation: number };
  /** What a return's error counts beside the label's. */
  readonly returnShare?: number;
}

/** Of each feature, as the training data have them. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Scaled values end here. */
  readonly clip: number;
}

const HUBER_DELTA = 1;

/**
 * Scores of rows. The input `features` is `[BATCH, window * features]`, raw: scaling is part of the
 * graph. To learn there are `label` (0 or 1), `return` and `weight`, each `[BATCH]`, as far as an
 * output asks for them. Rows with a NaN are for the caller to fill or to leave out.
 */
export function scorer(architecture: Architecture, options: ScorerOptions): Network {
  const { name } = architecture;
  return {
    name,
    build(mode) {
      const layers = new Layers(name, mode);
      const said = architecture.represent(layers, scaled(layers, options));
      const heads = headsOf(layers, said, options);
      if (mode === 'serving') answers(layers, heads, options);
      else lossOf(layers, heads, options);
      return layers.build();
    },
  };
}

function scaled({ builder }: Layers, { window, features, scaling }: ScorerOptions): Tensor {
  const row = builder.input('features', [BATCH, window * features]);
  const raw = builder.reshape(row, [BATCH, window, features]);
  // A feature that never moved in training says nothing: its scale is of no account.
  const deviation = scaling.deviation.map((value) => (value > 0 ? value : 1));
  const centred = builder.sub(raw, builder.constant([features], scaling.mean));
  const units = builder.div(centred, builder.constant([features], deviation));
  return builder.clip(units, -scaling.clip, scaling.clip);
}

interface Heads {
  readonly logit?: Tensor;
  /** In deviations. */
  readonly surplus?: Tensor;
}

function headsOf(layers: Layers, said: Tensor, { outputs }: ScorerOptions): Heads {
  const one = (name: string) => layers.builder.reshape(layers.linear(name, said, 1), [BATCH]);
  const isClassifier = outputs.includes('probability') || outputs.includes('confidence');
  return {
    ...(isClassifier ? { logit: one('probability') } : {}),
    ...(outputs.includes('return') ? { surplus: one('return') } : {}),
  };
}

function answers({ builder }: Layers, { logit, surplus }: Heads, options: ScorerOptions): void {
  const { outputs, returns = UNSCALED } = options;
  for (const output of outputs) {
    if (output === 'return' && surplus !== undefined) {
      const inUnits = builder.mul(surplus, returns.deviation);
      builder.output(output, builder.add(inUnits, returns.mean));
    }
    if (output === 'return' || logit === undefined) continue;
    const probability = builder.sigmoid(logit);
    const distance = builder.abs(builder.sub(builder.mul(probability, 2), 1));
    builder.output(output, output === 'probability' ? probability : distance);
  }
}

const UNSCALED = { mean: 0, deviation: 1 };

function lossOf({ builder }: Layers, { logit, surplus }: Heads, options: ScorerOptions): void {
  const { returns = UNSCALED, returnShare = 0.5 } = options;
  const parts: Tensor[] = [];
  if (logit !== undefined) {
    parts.push(crossEntropy(builder, logit, builder.input('label', [BATCH])));
  }
  if (surplus !== undefined) {
    const target = builder.sub(builder.input('return', [BATCH]), returns.mean);
    const units = builder.div(target, returns.deviation);
    const error = errorOf(builder, surplus, units, { kind: 'huber', delta: HUBER_DELTA });
    parts.push(logit === undefined ? error : builder.mul(error, returnShare));
  }
  const errors = parts.reduce((sum, part) => builder.add(sum, part));
  const weight = builder.input('weight', [BATCH]);
  builder.output('loss', builder.reduceSum(builder.mul(errors, weight), [0]));
}
