import { present } from '../../core/assert.ts';
import type { GraphBuilder } from './builder.ts';
import type { Graph, GraphInput, GraphParameter, Operation, Tensor } from './graph.ts';

/** What becomes of the parts of a graph that is written again into a builder. */
export interface Transcription {
  readonly input?: (input: GraphInput) => Tensor;
  readonly parameter?: (parameter: GraphParameter, index: number) => Tensor;
  readonly operation?: (operation: Operation) => Operation;
}

/** Where the values of the graph are in the builder. */
export interface Transcribed {
  at(id: number): Tensor;
}

/** Writes a graph's nodes into a builder, all but its outputs. */
export function transcribe(
  graph: Graph,
  builder: GraphBuilder,
  { input, parameter, operation = (same) => same }: Transcription = {},
): Transcribed {
  const values: Tensor[] = [];
  const at = (id: number): Tensor => present(values[id], 'a value before its use');
  const ends = new Map<number, Tensor>();
  for (const one of graph.inputs) {
    ends.set(one.id, input === undefined ? builder.input(one.name, one.shape) : input(one));
  }
  graph.parameters.forEach((one, index) => {
    const { name, shape, init } = one;
    const made = parameter?.(one, index) ?? builder.parameter(name, shape, init);
    ends.set(one.id, made);
  });
  for (const node of graph.nodes) {
    values.push(ends.get(node.id) ?? builder.emit(operation(node), node.inputs.map(at)));
  }
  return { at };
}
