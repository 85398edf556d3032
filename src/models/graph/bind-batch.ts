import { GraphBuilder } from './builder.ts';
import { GraphError } from './graph-error.ts';
import type { Graph, Operation, Shape } from './graph.ts';
import { transcribe } from './transcribe.ts';

/** The same graph for batches of so many rows, with every size a number. */
export function bindBatch(graph: Graph, rows: number): Graph {
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new GraphError('GRAPH_SHAPE', `a batch of ${rows} rows`);
  }
  const builder = new GraphBuilder(graph.name);
  const values = transcribe(graph, builder, {
    input: ({ name, shape }) => builder.input(name, boundShape(shape, rows)),
    operation: (operation) => boundOperation(operation, rows),
  });
  for (const { name, id } of graph.outputs) builder.output(name, values.at(id));
  return builder.build();
}

/** A negative size is so many times the rows of the batch. */
export function boundShape(shape: Shape, rows: number): Shape {
  return shape.map((size) => (size < 0 ? -size * rows : size));
}

export function isBound(graph: Graph): boolean {
  return graph.inputs.every(({ shape }) => shape.every((size) => size > 0));
}

function boundOperation(operation: Operation, rows: number): Operation {
  if (operation.op !== 'reshape' && operation.op !== 'broadcast') return operation;
  return { op: operation.op, to: boundShape(operation.to, rows) };
}
