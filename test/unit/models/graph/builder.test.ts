import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../src/models/autodiff/gradients.ts';
import { bindBatch } from '../../../../src/models/graph/bind-batch.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import {
  BATCH,
  type Graph,
  ONES,
  type Shape,
  type Tensor,
} from '../../../../src/models/graph/graph.ts';
import { initialise, parameterPlaces } from '../../../../src/models/graph/parameters.ts';
import { transcribe } from '../../../../src/models/graph/transcribe.ts';
import { trainingGraph } from '../../../../src/models/optimiser/training-graph.ts';
import { batchedGraph, lstmGraph } from './operator-graphs.ts';

type Make = (builder: GraphBuilder, of: (shape: Shape) => Tensor) => Tensor;

describe('shapes that do not fit', () => {
  const cases: readonly (readonly [string, Make])[] = [
    ['add of [2, 3] and [2, 4]', (b, of) => b.add(of([2, 3]), of([2, 4]))],
    ['add of [-1, 3] and [5, 3]', (b, of) => b.add(of([BATCH, 3]), of([5, 3]))],
    ['matMul of [2, 3] and [4, 2]', (b, of) => b.matMul(of([2, 3]), of([4, 2]))],
    ['matMul of [3] and [3, 2]', (b, of) => b.matMul(of([3]), of([3, 2]))],
    ['matMul of [3, -1] and [-1, 2]', (b, of) => b.matMul(of([3, BATCH]), of([BATCH, 2]))],
    ['reshape of [2, 3] and [4]', (b, of) => b.reshape(of([2, 3]), [4])],
    ['reshape of [-1, 6] and [6]', (b, of) => b.reshape(of([BATCH, 6]), [6])],
    ['transpose of [2, 3]', (b, of) => b.transpose(of([2, 3]), [0, 0])],
    ['slice of [2, 3]', (b, of) => b.slice(of([2, 3]), { axis: 1, start: 1, end: 4 })],
    ['slice of [-1, 3]', (b, of) => b.slice(of([BATCH, 3]), { axis: 0, start: 0, end: 1 })],
    ['concat of [2, 3] and [3, 3]', (b, of) => b.concat([of([2, 3]), of([3, 3])], 1)],
    ['concat of [-1, 3] and [2, 3]', (b, of) => b.concat([of([BATCH, 3]), of([2, 3])], 0)],
    ['broadcast of [3] and [-1, 3]', (b, of) => b.broadcast(of([3]), [BATCH, 3])],
    ['reduceSum of [2, 3]', (b, of) => b.reduceSum(of([2, 3]), [0, -2])],
    ['softmax of [2, 3]: has no axis 2', (b, of) => b.softmax(of([2, 3]), 2)],
    ['input of [2, 0]', (_, of) => of([2, 0])],
    ['input of [-1, -2]', (_, of) => of([BATCH, 2 * BATCH])],
    ['input of [1000000, 1000000]', (_, of) => of([1e6, 1e6])],
    ['constant of [3]: holds 2', (b) => b.constant([3], [1, 2])],
  ];

  it.each(cases)('say so: %s', (message, make) => {
    const builder = new GraphBuilder('wrong');
    let count = 0;
    const of = (shape: Shape) => builder.input(`x${count++}`, shape);

    expect(() => make(builder, of)).toThrow(
      expect.objectContaining({ code: 'GRAPH_SHAPE', message: expect.stringContaining(message) }),
    );
  });
});

describe('a graph that is built', () => {
  it('computes the same thing once', () => {
    const builder = new GraphBuilder('twice');
    const x = builder.input('x', [4]);
    const left = builder.mul(builder.tanh(x), 2);
    const right = builder.mul(builder.tanh(x), 2);

    expect(left.id).toBe(right.id);
    expect(builder.mul(x, -0).id).not.toBe(builder.mul(x, 0).id);
  });

  it('makes one shape of two in a row, and none of the same', () => {
    const builder = new GraphBuilder('shapes');
    const x = builder.input('x', [BATCH, 6]);
    const flat = builder.reshape(builder.reshape(x, [2 * BATCH, 3]), [6 * BATCH]);

    expect(builder.nodeAt(flat.id).inputs).toEqual([x.id]);
    expect(builder.reshape(flat, [BATCH, 6])).toEqual(x);
  });

  it('leaves out what no output needs, and keeps inputs and parameters', () => {
    const builder = new GraphBuilder('spare');
    const x = builder.input('x', [4]);
    builder.input('unread', [4]);
    builder.parameter('unused', [2], ONES);
    builder.exp(builder.tanh(x));
    builder.output('y', builder.relu(x));
    const graph = builder.build();

    expect(graph.nodes.map(({ op }) => op)).toEqual(['input', 'input', 'parameter', 'relu']);
    expect(parameterPlaces(graph)).toEqual([{ name: 'unused', at: 0, length: 2 }]);
  });

  it('refuses a name twice, one of our own kind, and a value of another graph', () => {
    const builder = new GraphBuilder('names');
    const x = builder.input('x', [4]);
    const other = new GraphBuilder('other');
    other.input('z', [1]);
    const wrong = expect.objectContaining({ code: 'GRAPH_NAME' });

    expect(() => builder.parameter('x', [1], ONES)).toThrow(wrong);
    expect(() => builder.output('x', x)).toThrow(wrong);
    expect(() => builder.input('/3', [1])).toThrow(wrong);
    expect(() => builder.build()).toThrow(wrong);
    expect(() => other.relu(x)).toThrow(wrong);
  });

  it('has every size of a batch that is bound', () => {
    const bound = bindBatch(batchedGraph(), 3);

    expect(bound.nodes.every(({ shape }) => shape.every((size) => size > 0))).toBe(true);
    expect(bound.inputs).toMatchObject([{ shape: [3, 6] }]);
    expect(bound.outputs.map(({ id }) => bound.nodes[id]?.shape)).toEqual([[3, 8, 3], [3]]);
  });
});

describe('parameters as they begin', () => {
  it('are the same for the same seed, and each draws for itself', () => {
    const build = (names: readonly string[]) => {
      const builder = new GraphBuilder('parameters');
      const made = names.map((name) => builder.parameter(name, [3], { kind: 'uniform', bound: 2 }));
      builder.output('y', builder.concat(made, 0));
      return builder.build();
    };
    const two = initialise(build(['a', 'b']), 7);

    expect(initialise(build(['a', 'b']), 7)).toEqual(two);
    expect(initialise(build(['a', 'b', 'c']), 7).subarray(0, 6)).toEqual(two);
    expect(initialise(build(['a', 'b']), 8)).not.toEqual(two);
    expect(two.every((value) => Math.abs(value) <= 2)).toBe(true);
    expect(new Set(two).size).toBe(6);
  });
});

describe('what has no gradient', () => {
  const wrong = expect.objectContaining({ code: 'GRAPH_GRADIENT' });

  it('is a batch of unknown rows, a loss of many numbers, a fused recurrence', () => {
    const builder = new GraphBuilder('open');
    const x = builder.input('x', [BATCH, 2]);
    const scale = builder.parameter('scale', [2], ONES);
    builder.output('wide', builder.mul(scale, scale));
    builder.output('loss', builder.reduceSum(builder.mul(x, scale), [0, 1]));
    const graph = builder.build();
    const fused = bindBatch(withSum(lstmGraph(1)), 2);

    expect(() => gradients(graph, 'loss')).toThrow(wrong);
    expect(() => gradients(graph, 'wide')).toThrow(wrong);
    expect(() => gradients(fused, 'loss')).toThrow(wrong);
    expect(() => trainingGraph(withSum(constantGraph()), OPTIONS)).toThrow(wrong);
  });
});

const OPTIONS = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

function constantGraph(): Graph {
  const builder = new GraphBuilder('constant');
  builder.output('y', builder.input('x', [2]));
  return builder.build();
}

/** With the sum of its first output as a loss. */
function withSum(graph: Graph): Graph {
  const builder = new GraphBuilder(graph.name);
  const values = transcribe(graph, builder);
  const y = values.at(graph.outputs[0]?.id ?? 0);
  const axes = y.shape.map((_, axis) => axis);
  builder.output('loss', builder.reduceSum(y, axes));
  return builder.build();
}
