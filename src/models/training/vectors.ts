import { present } from '../../core/assert.ts';
import { bindBatch } from '../graph/bind-batch.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { parameterCount, parameterPlaces } from '../graph/parameters.ts';
import { transcribe } from '../graph/transcribe.ts';
import { runningNames, type Statistic } from '../nets/network.ts';

/** What has been learned, by name: views of the flat vectors, so they follow them. */
export function namedValues(
  trained: Graph,
  parameters: Float32Array,
  statistics: readonly Statistic[],
  running: Float32Array,
): ReadonlyMap<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const { name, at, length } of parameterPlaces(trained)) {
    values.set(name, parameters.subarray(at, at + length));
  }
  let at = 0;
  for (const { name, width } of statistics) {
    const names = runningNames(name);
    values.set(names.mean, running.subarray(at, at + width));
    values.set(names.variance, running.subarray(at + width, at + 2 * width));
    at += 2 * width;
  }
  return values;
}

/** Means of nought and variances of one, as serving would normalise before any training. */
export function freshStatistics(statistics: readonly Statistic[]): Float32Array {
  return Float32Array.from(
    statistics.flatMap(({ width }) => [
      ...Array.from({ length: width }, () => 0),
      ...Array.from({ length: width }, () => 1),
    ]),
  );
}

/** The flat vector of another graph of the same network, such as the one that serves. */
export function flatFor(graph: Graph, values: ReadonlyMap<string, Float32Array>): Float32Array {
  const flat = new Float32Array(parameterCount(graph));
  for (const { name, at } of parameterPlaces(graph)) {
    flat.set(present(values.get(name), `a value of ${name}`), at);
  }
  return flat;
}

/** A graph for batches of so many rows whose parameters are fed like data: what a runner opens. */
export function runnable(graph: Graph, rows: number): Graph {
  const bound = bindBatch(graph, rows);
  const builder = new GraphBuilder(bound.name);
  const values = transcribe(bound, builder, {
    parameter: ({ name, shape }) => builder.input(name, shape),
  });
  for (const { name, id } of bound.outputs) builder.output(name, values.at(id));
  return builder.build();
}
