import type { GraphBuilder } from '../graph/builder.ts';
import type { GraphNode, Tensor } from '../graph/graph.ts';
import { fullOf } from './broadcasting.ts';
import type { Part } from './parts.ts';

/** A node on the way back, and what is asked of it. */
export interface Backward {
  readonly builder: GraphBuilder;
  readonly node: GraphNode;
  readonly inputs: readonly Tensor[];
  /** Of the node: of its rank, and of size one where it does not change. */
  readonly gradient: Tensor;
  /** Which inputs want one. */
  readonly asked: readonly boolean[];
}

export function whole(gradient: Tensor): Part {
  return { kind: 'whole', gradient };
}

/** The gradient of a node without any axis left at one. */
export function fullGradient({ builder, node, gradient }: Backward): Tensor {
  return fullOf(builder, gradient, node.shape);
}
