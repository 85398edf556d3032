import type { Tensor } from '../graph/graph.ts';
import { type Architecture, perChannel, perFeature } from './architecture.ts';
import type { Layers } from './layers.ts';

export interface DLinearOptions {
  /** Steps of the moving average: odd, so that it has a middle. */
  readonly kernel?: number;
  /** How many numbers of each feature a row's heads see; a forecast has its horizon. */
  readonly width?: number;
}

/**
 * DLinear (Zeng et al., AAAI 2023): a window less its moving average is its season, and each of the
 * two has one dense layer, shared by all channels. What every larger network has to beat.
 */
export function dlinear({ kernel = 25, width = 4 }: DLinearOptions = {}): Architecture {
  const body = (layers: Layers, rows: Tensor, outputs: number): Tensor => {
    const { builder } = layers;
    const length = rows.shape[1] ?? 0;
    const average = builder.constant([length, length], averaging(length, kernel));
    const trend = builder.matMul(rows, average);
    const season = layers.linear('season', builder.sub(rows, trend), outputs);
    return builder.add(season, layers.linear('trend', trend, outputs));
  };
  return {
    name: 'dlinear',
    represent: (layers, x) => perFeature(layers, x, (rows) => body(layers, rows, width)),
    forecast: (layers, x, horizon) => perChannel(layers, x, (rows) => body(layers, rows, horizon)),
  };
}

/** The moving average as a matrix: beyond the ends, the first and the last value are repeated. */
function averaging(length: number, kernel: number): Float64Array {
  const matrix = new Float64Array(length * length);
  const half = Math.floor(kernel / 2);
  for (let to = 0; to < length; to += 1) {
    for (let offset = -half; offset < kernel - half; offset += 1) {
      const from = Math.min(Math.max(to + offset, 0), length - 1);
      matrix[from * length + to] = (matrix[from * length + to] ?? 0) + 1 / kernel;
    }
  }
  return matrix;
}
