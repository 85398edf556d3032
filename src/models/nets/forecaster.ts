import { BATCH } from '../graph/graph.ts';
import type { Architecture } from './architecture.ts';
import { Layers } from './layers.ts';
import { errorOf, type ForecastLoss } from './losses.ts';
import type { Network } from './network.ts';

export interface ForecasterOptions {
  readonly channels: number;
  readonly length: number;
  readonly horizon: number;
  readonly loss: ForecastLoss;
}

/**
 * What follows a window of a series. Inputs are `window` `[BATCH, channels, length]`, and to learn
 * `target` `[BATCH, channels, horizon]` and `weight` `[BATCH]`. Serving has one output, `forecast`.
 */
export function forecaster(architecture: Architecture, options: ForecasterOptions): Network {
  const { channels, length, horizon, loss } = options;
  const { name } = architecture;
  return {
    name,
    build(mode) {
      const layers = new Layers(name, mode);
      const { builder } = layers;
      const window = builder.input('window', [BATCH, channels, length]);
      const forecast = architecture.forecast(layers, window, horizon);
      if (mode === 'serving') {
        builder.output('forecast', forecast);
        return layers.build();
      }
      const target = builder.input('target', [BATCH, channels, horizon]);
      const weight = builder.input('weight', [BATCH]);
      const errors = builder.reduceMean(errorOf(builder, forecast, target, loss), [1, 2]);
      builder.output('loss', builder.reduceSum(builder.mul(errors, weight), [0]));
      return layers.build();
    },
  };
}
