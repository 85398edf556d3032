import { assert } from '../../core/assert.ts';
import { exp } from '../../core/math.ts';
import type { Samples } from './samples.ts';
import { sampleUniqueness } from './uniqueness.ts';

/** What a symbol counts for by the layer that it is in. */
export interface LayerWeights {
  /** By layer, from 0 on. */
  readonly layers: readonly number[];
  /** Of a symbol whose layer nobody knows. */
  readonly unknown: number;
}

const LAYER_WEIGHTS: LayerWeights = { layers: [0.5, 1, 2, 4], unknown: 0.1 };

export interface WeightOptions {
  /** The layer of each of the samples' symbols; undefined where it is not known. */
  readonly layers: readonly (number | undefined)[];
  readonly layerWeights?: LayerWeights;
  /** A sample of so long before the last one counts half. Without it age does not count. */
  readonly halfLifeUs?: number;
  /** Whether outcomes that overlap share what one counts. */
  readonly isByUniqueness?: boolean;
}

export interface SampleWeights {
  /** Mean 1. */
  readonly weight: Float64Array;
  /** How many samples of equal weight would say as much (Kish). */
  readonly effective: number;
  /** Share of all weight by layer; the last is that of symbols whose layer is not known. */
  readonly layerShares: readonly number[];
}

/** Weight of the layer x uniqueness x recency, with a mean of 1. */
export function sampleWeights(samples: Samples, options: WeightOptions): SampleWeights {
  const { layers, layerWeights = LAYER_WEIGHTS, halfLifeUs, isByUniqueness = true } = options;
  assert(layers.length === samples.symbols.length, 'there is a layer for each symbol');
  assert(halfLifeUs === undefined || halfLifeUs > 0, 'a half-life is a positive time');
  const unique = isByUniqueness ? sampleUniqueness(samples) : undefined;
  const lastUs = samples.atUs.reduce((most, us) => Math.max(most, us), Number.NEGATIVE_INFINITY);
  const raw = samples.atUs.map((atUs, at) => {
    const layer = layers[samples.symbol[at] ?? -1];
    const age = halfLifeUs === undefined ? 0 : (lastUs - atUs) / halfLifeUs;
    return weightOf(layerWeights, layer) * (unique?.[at] ?? 1) * exp(-age * Math.LN2);
  });
  const sum = raw.reduce((total, value) => total + value, 0);
  const weight = raw.map((value) => (value * samples.count) / sum);
  const places = layerWeights.layers.length;
  const byLayer = new Float64Array(places + 1);
  weight.forEach((value, at) => {
    const layer = layers[samples.symbol[at] ?? -1] ?? places;
    byLayer[layer] = (byLayer[layer] ?? 0) + value / samples.count;
  });
  return { weight, effective: effectiveCount(weight), layerShares: [...byLayer] };
}

/** Kish's effective size: (sum w)^2 / sum w^2. */
export function effectiveCount(weight: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of weight) {
    sum += value;
    squares += value * value;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function weightOf({ layers, unknown }: LayerWeights, layer: number | undefined): number {
  if (layer === undefined) return unknown;
  const weight = layers[layer];
  assert(weight !== undefined && weight >= 0, 'each layer has a weight');
  return weight;
}
