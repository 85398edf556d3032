import { present } from '../../core/assert.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import { lastUses } from './last-uses.ts';
import { type Numbers, numbersOf, type Precision } from './numbers.ts';
import { stepOf } from './steps.ts';

/** A graph of known sizes, made ready: every place and every loop is there before it runs. */
export interface Plan {
  readonly inputs: ReadonlyMap<string, Numbers>;
  readonly parameters: readonly Numbers[];
  readonly outputs: ReadonlyMap<string, Numbers>;
  /** What depends on parameters alone: once for each set of them. */
  readonly prepare: readonly (() => void)[];
  readonly steps: readonly (() => void)[];
}

/** Places are used again once the last node that reads them has run. */
export function planOf(graph: Graph, precision: Precision): Plan {
  const { nodes } = graph;
  const isStatic = staticNodes(nodes);
  const { owners, lastUse } = lastUses(graph, isStatic);
  const places: Numbers[] = [];
  const free = new Map<number, Numbers[]>();
  const prepare: (() => void)[] = [];
  const steps: (() => void)[] = [];
  for (const node of nodes) {
    const owner = owners[node.id] ?? node.id;
    if (owner !== node.id) {
      places.push(present(places[owner], 'the place of what is seen anew'));
    } else {
      const length = sizeOf(node.shape);
      const reused = isStatic[node.id] === 1 || isEnd(node) ? undefined : free.get(length)?.pop();
      const out = reused ?? numbersOf(precision, length);
      places.push(out);
      if (node.op === 'constant') out.set(node.values);
      const inputs = node.inputs.map((id) => present(nodes[id], 'an input'));
      const step = stepOf(node, inputs, places);
      if (step !== undefined) (isStatic[node.id] === 1 ? prepare : steps).push(step);
    }
    for (const id of new Set(node.inputs.map((input) => owners[input] ?? input))) {
      if (lastUse[id] === node.id) release(free, present(places[id], 'a place'));
    }
  }
  const at = (id: number) => present(places[id], 'the place of a value');
  return {
    inputs: new Map(graph.inputs.map(({ name, id }) => [name, at(id)])),
    parameters: graph.parameters.map(({ id }) => at(id)),
    outputs: new Map(graph.outputs.map(({ name, id }) => [name, at(id)])),
    prepare,
    steps,
  };
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

function release(free: Map<number, Numbers[]>, place: Numbers): void {
  const alike = free.get(place.length);
  if (alike === undefined) free.set(place.length, [place]);
  else alike.push(place);
}
