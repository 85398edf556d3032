import { present } from '../../core/assert.ts';
import type { Graph } from '../graph/graph.ts';
import { type Numbers, numbersOf, type Precision } from './numbers.ts';
import { placesOf } from './places.ts';
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

export function planOf(graph: Graph, precision: Precision): Plan {
  const { nodes } = graph;
  const { placeOf, lengths, isStatic, isView } = placesOf(graph);
  const kept = lengths.map((length) => numbersOf(precision, length));
  const places = Array.from(placeOf, (place) => present(kept[place], 'a place of a value'));
  const prepare: (() => void)[] = [];
  const steps: (() => void)[] = [];
  for (const node of nodes) {
    if (isView[node.id] === 1) continue;
    if (node.op === 'constant') places[node.id]?.set(node.values);
    const inputs = node.inputs.map((id) => present(nodes[id], 'an input'));
    const step = stepOf(node, inputs, places);
    if (step !== undefined) (isStatic[node.id] === 1 ? prepare : steps).push(step);
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
