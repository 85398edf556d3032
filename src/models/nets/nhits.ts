import type { Tensor } from '../graph/graph.ts';
import { type Architecture, perChannel, perFeature } from './architecture.ts';
import type { Layers } from './layers.ts';

export interface NhitsOptions {
  /** One for each stack: how many steps are pooled into one before the dense layers. */
  readonly pools: readonly number[];
  /** One for each stack: steps of the horizon to a knot of its forecast. */
  readonly frequencies: readonly number[];
  /** Width of each of a block's dense layers. */
  readonly hidden: readonly number[];
  /** Nought is the paper's; Nixtla's long-horizon runs drop half. */
  readonly dropout?: number;
  /** How many steps a row's heads see of the forecast of each feature. */
  readonly width?: number;
}

/**
 * N-HiTS (Challu et al., AAAI 2023): stacks of one block. Each reads what the ones before have not
 * explained at its own resolution, explains a part of it, and adds a forecast: a line through a few
 * knots. Without them the forecast is the last value.
 *
 * The original turns the window round first and its explanation back. Here time runs forward: the
 * same network with the rows of its first matrix, and the columns of the explanation, turned round.
 */
export function nhits(options: NhitsOptions): Architecture {
  const { width = 8 } = options;
  return {
    name: 'nhits',
    represent: (layers, x) => perFeature(layers, x, (rows) => body(layers, rows, width, options)),
    forecast: (layers, x, horizon) =>
      perChannel(layers, x, (rows) => body(layers, rows, horizon, options)),
  };
}

function body(layers: Layers, rows: Tensor, horizon: number, options: NhitsOptions): Tensor {
  const { builder } = layers;
  const length = rows.shape[1] ?? 0;
  const stacks = options.pools.length;
  let rest = rows;
  let forecast = builder.slice(rows, { axis: 1, start: length - 1, end: length });
  for (let stack = 0; stack < stacks; stack += 1) {
    const hidden = block(layers, `stack${stack}`, rest, stack, options);
    const knots = Math.max(Math.floor(horizon / (options.frequencies[stack] ?? 1)), 1);
    if (stack < stacks - 1) {
      // Nobody reads what the last block leaves.
      const explained = layers.linear(`stack${stack}.explained`, hidden, length);
      rest = builder.sub(rest, explained);
    }
    const theta = layers.linear(`stack${stack}.knots`, hidden, knots);
    const line = builder.constant([knots, horizon], interpolation(knots, horizon));
    forecast = builder.add(forecast, builder.matMul(theta, line));
  }
  return forecast;
}

function block(
  layers: Layers,
  name: string,
  rest: Tensor,
  stack: number,
  { pools, hidden, dropout = 0 }: NhitsOptions,
): Tensor {
  let values = maxPool(layers, rest, pools[stack] ?? 1);
  for (const [place, width] of hidden.entries()) {
    const dense = `${name}.hidden${place}`;
    values = layers.builder.relu(layers.linear(dense, values, width));
    values = layers.dropout(dense, values, dropout);
  }
  return values;
}

/** The largest of each `kernel` steps. The oldest group is smaller where they do not fit. */
export function maxPool({ builder }: Layers, rows: Tensor, kernel: number): Tensor {
  if (kernel === 1) return rows;
  const [batch = 0, length = 0] = rows.shape;
  const groups = Math.ceil(length / kernel);
  const missing = groups * kernel - length;
  // Repeating the oldest value changes no maximum of the group that it is in.
  const oldest = builder.slice(rows, { axis: 1, start: 0, end: 1 });
  const whole = builder.concat([...Array.from({ length: missing }, () => oldest), rows], 1);
  return builder.reduceMax(builder.reshape(whole, [batch, groups, kernel]), [2]);
}

/** Knots to steps in a line, each at the middle of its share of the horizon, level at the ends. */
export function interpolation(knots: number, horizon: number): Float64Array {
  const matrix = new Float64Array(knots * horizon);
  for (let step = 0; step < horizon; step += 1) {
    const place = ((step + 0.5) * knots) / horizon - 0.5;
    const at = Math.min(Math.max(place, 0), knots - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, knots - 1);
    matrix[below * horizon + step] = (matrix[below * horizon + step] ?? 0) + 1 - (at - below);
    matrix[above * horizon + step] = (matrix[above * horizon + step] ?? 0) + (at - below);
  }
  return matrix;
}
