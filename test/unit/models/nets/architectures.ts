import { Random } from '../../../../src/core/random.ts';
import { bindBatch } from '../../../../src/models/graph/bind-batch.ts';
import type { Graph } from '../../../../src/models/graph/graph.ts';
import { initialise, parameterPlaces } from '../../../../src/models/graph/parameters.ts';
import { sizeOf } from '../../../../src/models/graph/shapes.ts';
import type { Architecture } from '../../../../src/models/nets/architecture.ts';
import { attentiveLstm } from '../../../../src/models/nets/attentive-lstm.ts';
import { dlinear } from '../../../../src/models/nets/dlinear.ts';
import { forecaster } from '../../../../src/models/nets/forecaster.ts';
import type { ForecastLoss } from '../../../../src/models/nets/losses.ts';
import { mlp } from '../../../../src/models/nets/mlp.ts';
import type { Network } from '../../../../src/models/nets/network.ts';
import { nhits } from '../../../../src/models/nets/nhits.ts';
import { patchTst } from '../../../../src/models/nets/patchtst.ts';
import { scorer } from '../../../../src/models/nets/scorer.ts';
import { transformer } from '../../../../src/models/nets/transformer.ts';

export const ROWS = 3;
export const WINDOW = 9;
export const FEATURES = 4;
export const HORIZON = 6;

/** One of each, as small as shows all of it. */
export function architectures(dropout: number): readonly Architecture[] {
  return [
    mlp({ hidden: [6, 5], dropout }),
    dlinear({ kernel: 5 }),
    nhits({ pools: [4, 2, 1], frequencies: [4, 2, 1], hidden: [6, 6], dropout }),
    patchTst({ patch: 4, stride: 2, width: 4, heads: 2, layers: 2, inner: 6, dropout }),
    transformer({ width: 8, heads: 2, layers: 2, inner: 6, dropout }),
    attentiveLstm({ hidden: 3, layers: 2, dropout }),
  ];
}

export const RETURNS = { mean: 0.001, deviation: 0.02 };

export function scorerOf(architecture: Architecture): Network {
  return scorer(architecture, {
    window: WINDOW,
    features: FEATURES,
    scaling: { mean: [0, 1, -1, 7], deviation: [1, 2, 3, 0], clip: 4 },
    outputs: ['probability', 'return', 'confidence'],
    returns: RETURNS,
  });
}

export function forecasterOf(architecture: Architecture, loss: ForecastLoss): Network {
  return forecaster(architecture, { channels: FEATURES, length: WINDOW, horizon: HORIZON, loss });
}

/** Numbers for every input of a graph, for so many rows. */
export function inputsOf(graph: Graph, seed: number, rows = ROWS): Map<string, Float64Array> {
  const random = new Random(seed);
  const inputs = new Map<string, Float64Array>();
  for (const { name, shape } of bindBatch(graph, rows).inputs) {
    inputs.set(
      name,
      Float64Array.from({ length: sizeOf(shape) }, () => valueOf(name, random)),
    );
  }
  return inputs;
}

function valueOf(name: string, random: Random): number {
  if (name === 'label') return random.below(2);
  if (name === 'weight') return random.unit();
  if (name === 'return') return random.normal() * RETURNS.deviation;
  if (name.startsWith('dropout:')) return random.below(2) * 2;
  return 2 * random.normal();
}

/** Parameters by name, drawn alike for every graph of a network. */
export function flatOf(network: Network, graph: Graph, seed: number): Float64Array {
  const { graph: trained } = network.build('training');
  const drawn = initialise(trained, seed);
  const places = new Map(parameterPlaces(trained).map((place) => [place.name, place]));
  return Float64Array.from(
    parameterPlaces(graph).flatMap(({ name, length }) => {
      const place = places.get(name);
      if (place !== undefined) return [...drawn.subarray(place.at, place.at + place.length)];
      const value = name.endsWith('.runningVariance') ? 1.7 : 0.3;
      return Array.from({ length }, () => value);
    }),
  );
}
