import { present } from '../../core/assert.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Graph } from '../graph/graph.ts';
import { transcribe } from '../graph/transcribe.ts';
import { differentiate } from './differentiate.ts';

/** What the gradient of a value is called among the outputs. */
export function gradientName(of: string): string {
  return `grad:${of}`;
}

/**
 * The graph with one more output for each of the parameters or inputs that are named: what the
 * output `loss` changes by for each. All parameters where none is named.
 */
export function gradients(graph: Graph, loss: string, wanted?: readonly string[]): Graph {
  const builder = new GraphBuilder(graph.name);
  const values = transcribe(graph, builder);
  for (const { name, id } of graph.outputs) builder.output(name, values.at(id));
  const names = wanted ?? graph.parameters.map(({ name }) => name);
  const ends = new Map([...graph.inputs, ...graph.parameters].map(({ name, id }) => [name, id]));
  const tensors = names.map((name) => {
    const id = ends.get(name);
    if (id === undefined) throw new GraphError('GRAPH_NAME', `no input or parameter ${name}`);
    return values.at(id);
  });
  const made = differentiate(builder, values.at(outputId(graph, loss)), tensors);
  names.forEach((name, at) => builder.output(gradientName(name), present(made[at], 'a gradient')));
  return builder.build();
}

export function outputId(graph: Graph, name: string): number {
  const output = graph.outputs.find((one) => one.name === name);
  if (output === undefined) throw new GraphError('GRAPH_NAME', `no output ${name}`);
  return output.id;
}
