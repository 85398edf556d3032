import { GraphBuilder } from '../../models/graph/builder.ts';
import { BATCH, type Graph, ZEROS } from '../../models/graph/graph.ts';
import { parameterCount } from '../../models/graph/parameters.ts';
import { FEATURES, type ServedNetwork } from '../served-network.ts';
import type { Model } from './model.ts';

/**
 * The network of a `plain-mlp/1` file as a graph, in 32-bit floats. `undefined` if a number of the
 * model is not finite in 32 bits.
 */
export function networkOf(model: Model): ServedNetwork | undefined {
  const { mean, deviation, weights1, bias1, weights2, bias2 } = model;
  const graph = graphOf(model);
  const parameters = new Float32Array(parameterCount(graph));
  let at = 0;
  for (const values of [mean, deviation, weights1, bias1, weights2, [bias2]]) {
    parameters.set(values, at);
    at += values.length;
  }
  if (!parameters.every(Number.isFinite)) return undefined;
  // A deviation that becomes zero in 32 bits would divide by it.
  if (!deviation.every((value) => Math.fround(value) > 0)) return undefined;
  return { graph, parameters, outputs: ['probability'] };
}

function graphOf({ name, features, hidden }: Model): Graph {
  const width = features.length;
  const builder = new GraphBuilder(name);
  const x = builder.input(FEATURES, [BATCH, width]);
  const mean = builder.parameter('mean', [width], ZEROS);
  const deviation = builder.parameter('deviation', [width], ZEROS);
  // A row for each unit, so it is used transposed.
  const weights1 = builder.parameter('weights1', [hidden, width], ZEROS);
  const bias1 = builder.parameter('bias1', [hidden], ZEROS);
  const weights2 = builder.parameter('weights2', [hidden, 1], ZEROS);
  const bias2 = builder.parameter('bias2', [1], ZEROS);
  const scaled = builder.div(builder.sub(x, mean), deviation);
  const inner = builder.add(builder.matMul(scaled, builder.transpose(weights1, [1, 0])), bias1);
  const sum = builder.add(builder.matMul(builder.tanh(inner), weights2), bias2);
  builder.output('probability', builder.reshape(builder.sigmoid(sum), [BATCH]));
  return builder.build();
}
