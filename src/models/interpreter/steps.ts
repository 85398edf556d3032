import { present } from '../../core/assert.ts';
import type { GraphNode } from '../graph/graph.ts';
import { concat, concatLengths, gather, walksInto } from './copies.ts';
import { BINARY, clip, select, UNARY } from './elementwise.ts';
import { planLstm } from './lstm.ts';
import { matMul, planMatMul } from './mat-mul.ts';
import type { Numbers } from './numbers.ts';
import { REDUCE, reductionOf, softmax } from './reductions.ts';
import { broadcastStrides, type Walks, walksOf } from './walks.ts';

/** The loop of a node over the places of its numbers; none for what is only given. */
export function stepOf(
  node: GraphNode,
  inputs: readonly GraphNode[],
  places: readonly Numbers[],
): (() => void) | undefined {
  const at = (id: number): Numbers => present(places[id], 'the place of a value');
  const out = at(node.id);
  const [x = out, y = out, z = out] = inputs.map(({ id }) => at(id));
  const shape = inputs[0]?.shape ?? [];
  switch (node.op) {
    case 'input':
    case 'parameter':
    case 'constant':
    case 'reshape':
    case 'detach':
      return undefined;
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'greater': {
      const loop = BINARY[node.op];
      const walks = walksOver(node, inputs);
      return () => loop(x, y, out, walks);
    }
    case 'select': {
      const walks = walksOver(node, inputs);
      return () => select([x, y, z], out, walks);
    }
    case 'clip': {
      const { low, high } = node;
      return () => clip(x, out, low, high);
    }
    case 'matMul': {
      const plan = planMatMul({ a: shape, b: inputs[1]?.shape ?? [], out: node.shape });
      const work = { ...plan, a: x, b: y, out };
      return () => matMul(work);
    }
    case 'transpose':
    case 'slice':
    case 'broadcast': {
      const walks = walksInto(node, shape);
      return () => gather(x, out, walks);
    }
    case 'concat':
      return concatStep(node, inputs, places);
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax': {
      const loop = REDUCE[node.op];
      const reduction = reductionOf(shape, node.axes);
      return () => loop(x, out, reduction);
    }
    case 'softmax': {
      const reduction = reductionOf(shape, [node.axis]);
      return () => softmax(x, out, reduction);
    }
    case 'lstm':
      return lstmStep(node, inputs, places);
    default: {
      const loop = UNARY[node.op];
      return () => loop(x, out);
    }
  }
}

function walksOver(node: GraphNode, inputs: readonly GraphNode[]): Walks {
  const strides = inputs.map(({ shape }) => broadcastStrides(shape, node.shape));
  return walksOf(node.shape, strides);
}

function concatStep(
  node: GraphNode & { readonly op: 'concat' },
  inputs: readonly GraphNode[],
  places: readonly Numbers[],
): () => void {
  const parts = inputs.map(({ id }) => present(places[id], 'the place of a part'));
  const shapes = inputs.map(({ shape }) => shape);
  const lengths = concatLengths(shapes, node.axis);
  const outer = node.shape.slice(0, node.axis).reduce((product, size) => product * size, 1);
  const out = present(places[node.id], 'the place of the whole');
  const work = { parts, lengths, outer };
  return () => concat(work, out);
}

function lstmStep(
  node: GraphNode & { readonly op: 'lstm' },
  inputs: readonly GraphNode[],
  places: readonly Numbers[],
): () => void {
  const at = (input: number): Numbers => present(places[inputs[input]?.id ?? -1], 'an input');
  const [time = 1, rows = 1, width = 1] = inputs[0]?.shape ?? [];
  const { hidden, directions } = node;
  return planLstm({
    x: at(0),
    weights: at(1),
    recurrence: at(2),
    bias: at(3),
    out: present(places[node.id], 'the place of the outputs'),
    time,
    rows,
    width,
    hidden,
    directions,
  });
}
