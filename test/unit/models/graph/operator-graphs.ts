import type { Random } from '../../../../src/core/random.ts';
import { BATCH, type Graph, type Shape, type Tensor } from '../../../../src/models/graph/graph.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';

/** What the numbers that an operation is tried on look like: away from where it is not smooth. */
export type Range = 'any' | 'positive' | 'distinct';

export interface OperatorCase {
  readonly name: string;
  readonly range?: Range;
  /** Shapes of what goes in, from sizes that a property chooses. */
  readonly shapes: (sizes: readonly [number, number, number]) => readonly Shape[];
  readonly make: (builder: GraphBuilder, inputs: readonly Tensor[]) => Tensor;
}

const first = ([tensor]: readonly Tensor[]): Tensor => {
  if (tensor === undefined) throw new Error('a case has an input');
  return tensor;
};

const pair = ([a, b]: readonly Tensor[]): [Tensor, Tensor] => {
  if (a === undefined || b === undefined) throw new Error('a case has two inputs');
  return [a, b];
};

const unary = (
  name: 'neg' | 'abs' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid' | 'relu' | 'erf',
): OperatorCase => ({
  name,
  range: name === 'log' || name === 'sqrt' ? 'positive' : 'distinct',
  shapes: ([a, b]) => [[a, b]],
  make: (builder, inputs) => builder[name](first(inputs)),
});

const binary = (name: 'add' | 'sub' | 'mul' | 'div'): readonly OperatorCase[] => {
  const make = (builder: GraphBuilder, inputs: readonly Tensor[]) => builder[name](...pair(inputs));
  const range = name === 'div' ? 'positive' : 'any';
  return [
    {
      name: `${name} alike`,
      range,
      make,
      shapes: ([a, b]) => [
        [a, b],
        [a, b],
      ],
    },
    { name: `${name} of a row`, range, make, shapes: ([a, b, c]) => [[a, b, c], [c]] },
    {
      name: `${name} of a column`,
      range,
      make,
      shapes: ([a, b, c]) => [
        [a, b, 1],
        [b, c],
      ],
    },
    { name: `${name} of a number`, range, make, shapes: ([a, b]) => [[], [a, b]] },
    {
      name: `${name} crossed`,
      range,
      make,
      shapes: ([a, b, c]) => [
        [a, 1, c],
        [1, b, 1],
      ],
    },
  ];
};

/** Every operation, and of each the ways of broadcasting and the axes it treats differently. */
export const OPERATOR_CASES: readonly OperatorCase[] = [
  unary('neg'),
  unary('abs'),
  unary('exp'),
  unary('log'),
  unary('sqrt'),
  unary('tanh'),
  unary('sigmoid'),
  unary('relu'),
  unary('erf'),
  ...binary('add'),
  ...binary('sub'),
  ...binary('mul'),
  ...binary('div'),
  {
    name: 'greater',
    range: 'distinct',
    shapes: ([a, b]) => [[a, b], [b]],
    make: (builder, inputs) => builder.greater(...pair(inputs)),
  },
  {
    name: 'select by greater',
    range: 'distinct',
    shapes: ([a, b]) => [[a, b], [b]],
    make: (builder, inputs) => {
      const [x, y] = pair(inputs);
      return builder.select(builder.greater(x, 0.1), builder.mul(x, y), y);
    },
  },
  {
    name: 'select by a number',
    range: 'distinct',
    shapes: ([a, b]) => [
      [a, b],
      [a, 1],
    ],
    make: (builder, inputs) => {
      const [x, y] = pair(inputs);
      return builder.select(builder.relu(y), x, -2);
    },
  },
  {
    name: 'clip',
    range: 'distinct',
    shapes: ([a, b]) => [[a, b]],
    make: (builder, inputs) => builder.clip(first(inputs), -0.5, 0.75),
  },
  {
    name: 'matMul',
    shapes: ([a, b, c]) => [
      [a, b],
      [b, c],
    ],
    make: (builder, inputs) => builder.matMul(...pair(inputs)),
  },
  {
    name: 'matMul by one matrix',
    shapes: ([a, b, c]) => [
      [2, a, b],
      [b, c],
    ],
    make: (builder, inputs) => builder.matMul(...pair(inputs)),
  },
  {
    name: 'matMul of one matrix',
    shapes: ([a, b, c]) => [
      [a, b],
      [2, b, c],
    ],
    make: (builder, inputs) => builder.matMul(...pair(inputs)),
  },
  {
    name: 'matMul crossed',
    shapes: ([a, b, c]) => [
      [2, 1, a, b],
      [3, b, c],
    ],
    make: (builder, inputs) => builder.matMul(...pair(inputs)),
  },
  {
    name: 'transpose',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => builder.transpose(first(inputs), [1, 2, 0]),
  },
  {
    name: 'transpose of the last axes',
    shapes: ([a, b, c]) => [[a, b, c, 2]],
    make: (builder, inputs) => builder.transpose(first(inputs), [0, 2, 1, 3]),
  },
  {
    name: 'reshape',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => {
      const x = first(inputs);
      const [a = 1, b = 1, c = 1] = x.shape;
      return builder.mul(builder.reshape(x, [c * b, a]), builder.reshape(x, [b * c, a]));
    },
  },
  {
    name: 'broadcast',
    shapes: ([a, b]) => [[a, 1, b]],
    make: (builder, inputs) => {
      const x = first(inputs);
      const [a = 1, , b = 1] = x.shape;
      return builder.broadcast(x, [2, a, 3, b]);
    },
  },
  {
    name: 'slice',
    shapes: ([a, b, c]) => [[a, b + 3, c]],
    make: (builder, inputs) => builder.slice(first(inputs), { axis: 1, start: 1, end: 3 }),
  },
  {
    name: 'slice by steps',
    shapes: ([a, b]) => [[a, b + 4]],
    make: (builder, inputs) => {
      const x = first(inputs);
      return builder.slice(x, { axis: -1, start: 1, end: x.shape[1] ?? 0, step: 2 });
    },
  },
  {
    name: 'slices that overlap',
    shapes: ([a]) => [[a, 6]],
    make: (builder, inputs) => {
      const x = first(inputs);
      const left = builder.slice(x, { axis: 1, start: 0, end: 4 });
      return builder.mul(left, builder.slice(x, { axis: 1, start: 2, end: 6 }));
    },
  },
  {
    name: 'slices of all',
    shapes: ([a, b]) => [[a, 4, b]],
    make: (builder, inputs) => {
      const parts = [0, 1, 2, 3].map((start) =>
        builder.slice(first(inputs), { axis: 1, start, end: start + 1 }),
      );
      const [p = first(inputs), q = p, , s = p] = parts;
      return builder.mul(builder.mul(p, q), s);
    },
  },
  {
    name: 'concat',
    shapes: ([a, b, c]) => [
      [a, b, c],
      [a, 2, c],
    ],
    make: (builder, inputs) => {
      const [x, y] = pair(inputs);
      return builder.concat([x, y, builder.mul(x, x)], 1);
    },
  },
  {
    name: 'concat of many',
    shapes: ([a, b]) => [[a, b]],
    make: (builder, inputs) => {
      const parts = Array.from({ length: 15 }, (_, at) => builder.mul(first(inputs), at + 1));
      return builder.concat(parts, -1);
    },
  },
  {
    name: 'reduceSum',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => builder.reduceSum(first(inputs), [0, 2]),
  },
  {
    name: 'reduceMean that keeps',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => {
      const x = first(inputs);
      return builder.mul(builder.sub(x, builder.reduceMean(x, [1], true)), x);
    },
  },
  {
    name: 'reduceMean of all',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => builder.reduceMean(first(inputs), [0, 1, 2]),
  },
  {
    name: 'reduceMax',
    range: 'distinct',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => builder.reduceMax(first(inputs), [1]),
  },
  {
    name: 'softmax',
    shapes: ([a, b, c]) => [[a, b, c]],
    make: (builder, inputs) => builder.softmax(first(inputs), 1),
  },
  {
    name: 'softmax of the last axis',
    shapes: ([a, b]) => [[a, b]],
    make: (builder, inputs) => builder.softmax(first(inputs), -1),
  },
];

/** A case as a graph whose inputs are named x0, x1... and whose output is y. */
export function graphOf(one: OperatorCase, sizes: readonly [number, number, number]): Graph {
  const builder = new GraphBuilder(one.name);
  const inputs = one.shapes(sizes).map((shape, at) => builder.input(`x${at}`, shape));
  builder.output('y', one.make(builder, inputs));
  return builder.build();
}

/** All of them side by side: each with inputs of its own, and an output of its name. */
export function everyOperation(
  sizes: readonly [number, number, number],
  isWanted: (one: OperatorCase) => boolean = () => true,
): Graph {
  const builder = new GraphBuilder('every operation');
  for (const one of OPERATOR_CASES.filter(isWanted)) {
    const inputs = one.shapes(sizes).map((shape, at) => builder.input(`${one.name} x${at}`, shape));
    builder.output(one.name, one.make(builder, inputs));
  }
  return builder.build();
}

/** A little of everything over a batch of any size. */
export function batchedGraph(): Graph {
  const builder = new GraphBuilder('batched');
  const x = builder.input('x', [BATCH, 6]);
  const weights = builder.parameter('weights', [3, 4], { kind: 'uniform', bound: 0.8 });
  const rows = builder.reshape(x, [-2, 3]);
  const bent = builder.tanh(builder.matMul(rows, weights));
  const back = builder.reshape(bent, [BATCH, 8]);
  const wide = builder.broadcast(builder.reduceMean(back, [1], true), [BATCH, 8]);
  const all = builder.concat([back, builder.detach(wide), builder.softmax(back, -1)], 1);
  builder.output('y', builder.transpose(builder.reshape(all, [BATCH, 3, 8]), [0, 2, 1]));
  builder.output('mean', builder.reduceMean(all, [1]));
  return builder.build();
}

/**
 * Numbers for every input of a graph whose batch has so many rows. Distinct ones are apart from
 * each other and from where operations bend, so that a small step crosses nothing.
 */
export function feedOf(
  graph: Graph,
  range: Range,
  random: Random,
  rows = 1,
): Map<string, Float64Array> {
  const feed = new Map<string, Float64Array>();
  for (const { name, shape } of graph.inputs) {
    const length = Math.abs(shape.reduce((product, size) => product * size, 1));
    const count = shape.some((size) => size < 0) ? length * rows : length;
    feed.set(name, numbers(range, count, random));
  }
  return feed;
}

function numbers(range: Range, count: number, random: Random): Float64Array {
  const values = Float64Array.from({ length: count }, () => random.unit() * 2 - 1);
  if (range === 'any') return values;
  if (range === 'positive') return values.map((value) => value * 0.4 + 0.7);
  // A grid of its own for each input, all of it off the places where something bends.
  const offset = (0.1 + 0.8 * random.unit()) / (4 * count + 4);
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return values.map((_, at) => (((order[at] ?? 0) + 0.5) / count) * 2 - 1 + offset);
}

/** The fused recurrence over a window of five steps of three numbers. */
export function lstmGraph(directions: 1 | 2): Graph {
  const hidden = 4;
  const builder = new GraphBuilder('lstm');
  const x = builder.transpose(builder.input('x', [BATCH, 5, 3]), [1, 0, 2]);
  const init = { kind: 'uniform', bound: 0.5 } as const;
  const weights = builder.parameter('weights', [directions, 4 * hidden, 3], init);
  const recurrence = builder.parameter('recurrence', [directions, 4 * hidden, hidden], init);
  const bias = builder.parameter('bias', [directions, 8 * hidden], init);
  const said = builder.emit({ op: 'lstm', hidden, directions }, [x, weights, recurrence, bias]);
  builder.output('said', said);
  return builder.build();
}
