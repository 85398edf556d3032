import type { ParameterInit, Tensor } from '../graph/graph.ts';
import { type Architecture, perChannel, perFeature } from './architecture.ts';
import { selfAttention } from './attention.ts';
import { feedForward } from './feed-forward.ts';
import type { Layers } from './layers.ts';

export interface PatchTstOptions {
  /** Steps of a patch, and from one patch to the next. */
  readonly patch: number;
  readonly stride: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly inner: number;
  readonly dropout?: number;
}

/**
 * PatchTST (Nie et al., ICLR 2023): every channel alone, by the same weights. A window is scaled by
 * its own mean and deviation, cut into patches that overlap, and read by an encoder that normalises
 * over the batch and whose attention scores rest on those of the layer before.
 */
export function patchTst(options: PatchTstOptions): Architecture {
  return {
    name: 'patchtst',
    // Features come scaled, and their level says something: no window is scaled by itself here.
    represent: (layers, x) =>
      perFeature(layers, x, (rows) =>
        layers.builder.reduceMean(encoded(layers, rows, options), [1]),
      ),
    forecast: (layers, x, horizon) =>
      perChannel(layers, x, (rows) => {
        const { builder } = layers;
        const { values, mean, deviation } = reversible(layers, rows);
        const tokens = encoded(layers, values, options);
        const [batch = 0, patches = 0, width = 0] = tokens.shape;
        // Flattened with the patches innermost, as the original does.
        const turned = builder.transpose(tokens, [0, 2, 1]);
        const flat = builder.reshape(turned, [batch, width * patches]);
        const said = layers.linear('head', flat, horizon);
        return builder.add(builder.mul(said, deviation), mean);
      }),
  };
}

/** Reversible instance normalisation, without weights of its own. */
function reversible({ builder }: Layers, rows: Tensor) {
  const mean = builder.detach(builder.reduceMean(rows, [1], true));
  const centred = builder.sub(rows, mean);
  const variance = builder.reduceMean(builder.mul(centred, centred), [1], true);
  const deviation = builder.detach(builder.sqrt(builder.add(variance, 1e-5)));
  return { values: builder.div(centred, deviation), mean, deviation };
}

function encoded(layers: Layers, rows: Tensor, options: PatchTstOptions): Tensor {
  const { builder } = layers;
  const { width, dropout = 0 } = options;
  const patches = cut(layers, rows, options);
  const count = patches.shape[1] ?? 0;
  const places = builder.parameter('places', [count, width], WITHIN_2_PERCENT);
  let tokens = builder.add(layers.linear('embedding', patches, width), places);
  tokens = layers.dropout('embedding', tokens, dropout);
  let scores: Tensor | undefined;
  for (let layer = 0; layer < options.layers; layer += 1) {
    const made = encoderLayer(layers, `layer${layer}`, tokens, scores, options);
    tokens = made.tokens;
    scores = made.scores;
  }
  return tokens;
}

const WITHIN_2_PERCENT: ParameterInit = { kind: 'uniform', bound: 0.02 };

/** `[rows, length]` to `[rows, patches, patch]`; the last value is repeated for a last patch. */
function cut({ builder }: Layers, rows: Tensor, { patch, stride }: PatchTstOptions): Tensor {
  const [batch = 0, length = 0] = rows.shape;
  const count = Math.floor((length - patch) / stride) + 2;
  const last = builder.slice(rows, { axis: 1, start: length - 1, end: length });
  const padded = builder.concat([rows, ...Array.from({ length: stride }, () => last)], 1);
  const patches = Array.from({ length: count }, (_, at) => {
    const range = { axis: 1, start: at * stride, end: at * stride + patch };
    return builder.reshape(builder.slice(padded, range), [batch, 1, patch]);
  });
  return builder.concat(patches, 1);
}

function encoderLayer(
  layers: Layers,
  name: string,
  x: Tensor,
  earlier: Tensor | undefined,
  { heads, inner, dropout = 0 }: PatchTstOptions,
): { readonly tokens: Tensor; readonly scores: Tensor } {
  const { builder } = layers;
  const { values, scores } = selfAttention(layers, `${name}.attention`, x, { heads, earlier });
  // The original drops twice here, after the projection and before the sum: one mask does both.
  const twice = 1 - (1 - dropout) * (1 - dropout);
  const attended = layers.dropout(`${name}.attention`, values, twice);
  const first = layers.batchNorm(`${name}.norm1`, builder.add(x, attended));
  const back = feedForward(layers, name, first, { inner, dropout });
  return { tokens: layers.batchNorm(`${name}.norm2`, builder.add(first, back)), scores };
}
