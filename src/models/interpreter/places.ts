import { bindBatch } from '../graph/bind-batch.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { lastUses } from './last-uses.ts';

/** Where the values of a graph of known sizes lie while it runs. */
export interface Places {
  /** By node; what is seen anew lies where it was. */
  readonly placeOf: Int32Array;
  /** By place. */
  readonly lengths: readonly number[];
  /** Nodes that depend on parameters alone. */
  readonly isStatic: Uint8Array;
  /** Nodes whose numbers are another's in a new shape. */
  readonly isView: Uint8Array;
}

/** Places are used again once the last node that reads them has run. */
export function placesOf(graph: Graph): Places {
  const { nodes } = graph;
  const isStatic = staticNodes(nodes);
  const { owners, lastUse } = lastUses(graph, isStatic);
  const placeOf = new Int32Array(nodes.length);
  const isView = Uint8Array.from(nodes, ({ id }) => (owners[id] === id ? 0 : 1));
  const lengths: number[] = [];
  const free = new Map<number, number[]>();
  for (const node of nodes) {
    if (isView[node.id] === 1) {
      placeOf[node.id] = placeOf[owners[node.id] ?? 0] ?? 0;
    } else {
      const length = sizeOf(node.shape);
      const stays = isStatic[node.id] === 1 || isEnd(node);
      const reused = stays ? undefined : free.get(length)?.pop();
      placeOf[node.id] = reused ?? lengths.push(length) - 1;
    }
    for (const id of new Set(node.inputs.map((input) => owners[input] ?? input))) {
      if (lastUse[id] === node.id) release(free, lengths, placeOf[id] ?? 0);
    }
  }
  return { placeOf, lengths, isStatic, isView };
}

/** Numbers that are kept to run a graph for batches of so many rows. */
export function numbersKept(graph: Graph, rows: number): number {
  return placesOf(bindBatch(graph, rows)).lengths.reduce((sum, length) => sum + length, 0);
}

function isEnd({ op }: GraphNode): boolean {
  return op === 'input' || op === 'parameter' || op === 'constant';
}

function staticNodes(nodes: readonly GraphNode[]): Uint8Array {
  const isStatic = new Uint8Array(nodes.length);
  for (const { id, op, inputs } of nodes) {
    const isMade = op !== 'input' && inputs.every((input) => isStatic[input] === 1);
    isStatic[id] = isMade ? 1 : 0;
  }
  return isStatic;
}

function release(free: Map<number, number[]>, lengths: readonly number[], place: number): void {
  const length = lengths[place] ?? 0;
  const alike = free.get(length);
  if (alike === undefined) free.set(length, [place]);
  else alike.push(place);
}
