import { GraphBuilder } from '../graph/builder.ts';
import { ONES, type ParameterInit, type Shape, type Tensor, ZEROS } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import type { Dropout } from '../training/dropout-masks.ts';
import { type Mode, type NetworkGraph, runningNames, type Statistic } from './network.ts';

/**
 * A graph while it is built for one use: what training has and serving has not, dropout and the
 * statistics of a batch, is decided here and nowhere else.
 */
export class Layers {
  readonly builder: GraphBuilder;
  readonly mode: Mode;
  readonly #dropouts: Dropout[] = [];
  readonly #statistics: Statistic[] = [];

  constructor(name: string, mode: Mode) {
    this.builder = new GraphBuilder(name);
    this.mode = mode;
  }

  build(): NetworkGraph {
    const graph = this.builder.build();
    return { graph, dropouts: this.#dropouts, statistics: this.#statistics };
  }

  /** A dense layer over the last axis. As one product of two matrices, whatever the rank. */
  linear(name: string, x: Tensor, width: number): Tensor {
    const { builder } = this;
    const inner = x.shape.at(-1) ?? 0;
    const weight = builder.parameter(`${name}.weight`, [inner, width], fanIn(inner));
    const bias = builder.parameter(`${name}.bias`, [width], fanIn(inner));
    const rows = builder.reshape(x, [sizeOf(x.shape) / inner, inner]);
    const product = builder.add(builder.matMul(rows, weight), bias);
    return builder.reshape(product, [...x.shape.slice(0, -1), width]);
  }

  /** Training alone drops; the mask is an input, and its values have the mean 1. */
  dropout(name: string, x: Tensor, rate: number): Tensor {
    if (this.mode !== 'training' || rate === 0) return x;
    const input = `dropout:${name}`;
    this.#dropouts.push({ name: input, rate });
    return this.builder.mul(x, this.builder.input(input, x.shape));
  }

  /** Over the last axis. */
  layerNorm(name: string, x: Tensor): Tensor {
    const { builder } = this;
    const last = [x.shape.length - 1];
    const centred = builder.sub(x, builder.reduceMean(x, last, true));
    const variance = builder.reduceMean(builder.mul(centred, centred), last, true);
    return this.#scaled(name, builder.div(centred, builder.sqrt(builder.add(variance, EPSILON))));
  }

  /**
   * Over every axis but the last: by the batch's own mean and variance in training, and otherwise
   * by those that training has seen.
   */
  batchNorm(name: string, x: Tensor): Tensor {
    const { builder } = this;
    const width = x.shape.at(-1) ?? 0;
    if (this.mode !== 'training') {
      const names = runningNames(name);
      const mean = builder.parameter(names.mean, [width], ZEROS);
      const variance = builder.parameter(names.variance, [width], ONES);
      const deviation = builder.sqrt(builder.add(variance, EPSILON));
      return this.#scaled(name, builder.div(builder.sub(x, mean), deviation));
    }
    const others = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = builder.reduceMean(x, others, true);
    const centred = builder.sub(x, mean);
    const variance = builder.reduceMean(builder.mul(centred, centred), others, true);
    builder.output(`mean:${name}`, builder.reshape(mean, [width]));
    builder.output(`variance:${name}`, builder.reshape(variance, [width]));
    const valuesPerSample = Math.abs(sizeOf(x.shape.slice(0, -1)));
    this.#statistics.push({ name, width, valuesPerSample });
    return this.#scaled(name, builder.div(centred, builder.sqrt(builder.add(variance, EPSILON))));
  }

  /** With the error function itself, not its approximation by tanh. */
  gelu(x: Tensor): Tensor {
    const { builder } = this;
    const share = builder.add(builder.erf(builder.div(x, Math.SQRT2)), 1);
    return builder.mul(builder.mul(x, 0.5), share);
  }

  #scaled(name: string, x: Tensor): Tensor {
    const { builder } = this;
    const width: Shape = [x.shape.at(-1) ?? 0];
    const weight = builder.parameter(`${name}.weight`, width, ONES);
    return builder.add(builder.mul(x, weight), builder.parameter(`${name}.bias`, width, ZEROS));
  }
}

const EPSILON = 1e-5;

/** As PyTorch begins its dense layers. */
export function fanIn(inputs: number): ParameterInit {
  return { kind: 'uniform', bound: 1 / Math.sqrt(inputs) };
}
