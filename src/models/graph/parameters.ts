import { Random } from '../../core/random.ts';
import { type Graph, type ParameterInit, ZEROS } from './graph.ts';
import { sizeOf } from './shapes.ts';

/** Where a parameter lies in the flat vector of all of them. */
export interface ParameterPlace {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

export function parameterPlaces(graph: Graph): readonly ParameterPlace[] {
  let at = 0;
  return graph.parameters.map(({ name, shape }) => {
    const length = sizeOf(shape);
    at += length;
    return { name, at: at - length, length };
  });
}

export function parameterCount(graph: Graph): number {
  return graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * All parameters of a graph as they begin, one after another. Each draws from a stream of its own,
 * so adding one at the end leaves the others as they were.
 */
export function initialise(graph: Graph, seed: number): Float64Array {
  const flat = new Float64Array(parameterCount(graph));
  parameterPlaces(graph).forEach(({ at, length }, index) => {
    const init = graph.parameters[index]?.init ?? ZEROS;
    fill(flat.subarray(at, at + length), init, new Random(seed, index));
  });
  return flat;
}

function fill(into: Float64Array, init: ParameterInit, random: Random): void {
  switch (init.kind) {
    case 'constant':
      into.fill(init.value);
      return;
    case 'uniform':
      for (let at = 0; at < into.length; at += 1) into[at] = (2 * random.unit() - 1) * init.bound;
      return;
    case 'normal':
      for (let at = 0; at < into.length; at += 1) into[at] = random.normal() * init.deviation;
      return;
    case 'values':
      into.set(init.values);
  }
}
