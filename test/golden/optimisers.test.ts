import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/models/graph/builder.ts';
import type { Graph, Tensor } from '../../src/models/graph/graph.ts';
import { initialise } from '../../src/models/graph/parameters.ts';
import { interpret } from '../../src/models/interpreter/interpreter.ts';
import { Layers } from '../../src/models/nets/layers.ts';
import { crossEntropy, errorOf } from '../../src/models/nets/losses.ts';
import type { OptimiserOptions } from '../../src/models/optimiser/adam.ts';
import { trainingGraph } from '../../src/models/optimiser/training-graph.ts';

interface Golden {
  readonly adam: readonly number[];
  readonly adamw: readonly number[];
  readonly gelu: Pairs;
  readonly softplus: Pairs;
  readonly layerNorm: Pairs;
  readonly huber: Pairs;
}

type Pairs = readonly (readonly [from: number, to: number])[];

const golden: Golden = JSON.parse(
  readFileSync(new URL('optimisers.json', import.meta.url), 'utf8'),
);

const RATE = 0.1;
const OPTIONS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

describe('five steps down a parabola', () => {
  it.each([
    ['adam', 0],
    ['adamw', 0.1],
  ] as const)('of %s are those of PyTorch', (kind, weightDecay) => {
    const walked = walk(parabola(), { ...OPTIONS, kind, weightDecay }, 5);

    expect(walked.length).toBe(golden[kind].length);
    walked.forEach(({ parameter }, step) => {
      expect(parameter).toBeCloseTo(golden[kind][step] ?? Number.NaN, 12);
    });
  });

  it('are shorter where the gradient is clipped, whose length is told as it was', () => {
    const options = { ...OPTIONS, kind: 'adam', clipNorm: 1.5 } as const;
    const [first] = walk(parabola(), options, 1);

    expect(first?.gradientNorm).toBe(6);
    // The first moment is a tenth of what is left of a gradient of -6.
    expect(first?.moment).toBeCloseTo(-0.15, 6);
  });

  it('decay Adam by a part of the gradient, which AdamW does not', () => {
    const options = { ...OPTIONS, weightDecay: 0.5 };
    const from = 2;
    const [coupled] = walk(parabola(), { ...options, kind: 'adam' }, 1, from);
    const [decoupled] = walk(parabola(), { ...options, kind: 'adamw' }, 1, from);

    // The slope at 2 is -2, and with a half of 2 added -1.
    expect(coupled?.moment).toBeCloseTo(-0.1, 12);
    expect(decoupled?.moment).toBeCloseTo(-0.2, 12);
    expect(decoupled?.parameter).toBeCloseTo(from * (1 - RATE * 0.5) + RATE, 6);
  });
});

describe('a function that networks are made of', () => {
  type Make = (layers: Layers, x: Tensor) => Tensor;
  const functions: readonly (readonly [name: string, pairs: Pairs, make: Make])[] = [
    ['gelu', golden.gelu, (layers, x) => layers.gelu(x)],
    ['layer norm', golden.layerNorm, (layers, x) => layers.layerNorm('norm', x)],
    // Against a label of 0 the loss of a log-odds is its softplus.
    ['softplus', golden.softplus, ({ builder }, x) => crossEntropy(builder, x, zeros(builder, x))],
    ['huber', golden.huber, ({ builder }, x) => errorOf(builder, x, zeros(builder, x), HUBER)],
  ];

  it.each(functions)('%s is that of PyTorch', (_, pairs, make) => {
    const layers = new Layers('one', 'serving');
    const x = layers.builder.input('x', [1, pairs.length]);
    layers.builder.output('y', make(layers, x));
    const { graph } = layers.build();
    const feed = new Map([['x', Float64Array.from(pairs, ([from]) => from)]]);
    const y = interpret(graph, { precision: 'double' }).run(feed, initialise(graph, 1)).get('y');

    expect(y?.length).toBe(pairs.length);
    pairs.forEach(([, to], at) => expect(y?.[at]).toBeCloseTo(to, 12));
  });
});

const HUBER = { kind: 'huber', delta: 0.5 } as const;

function zeros(builder: GraphBuilder, { shape }: Tensor): Tensor {
  return builder.constant(shape, 0);
}

interface Walked {
  readonly parameter: number;
  readonly moment: number;
  readonly gradientNorm: number;
}

function walk(graph: Graph, options: OptimiserOptions, steps: number, from = 0): Walked[] {
  const trained = interpret(trainingGraph(graph, options), { precision: 'double' });
  const walked: Walked[] = [];
  let [p, m, v] = [from, 0, 0];
  for (let step = 1; step <= steps; step += 1) {
    const given = {
      P: p,
      M: m,
      V: v,
      rate: RATE,
      correction1: 1 - options.beta1 ** step,
      correction2: 1 - options.beta2 ** step,
    };
    const inputs = Object.entries(given).map(
      ([name, one]) => [name, Float64Array.of(one)] as const,
    );
    const outputs = trained.run(new Map(inputs));
    const at = (name: string) => outputs.get(name)?.[0] ?? Number.NaN;
    [p, m, v] = [at('P2'), at('M2'), at('V2')];
    walked.push({ parameter: p, moment: m, gradientNorm: at('gradientNorm') });
  }
  return walked;
}

/** (w - 3)^2 */
function parabola(): Graph {
  const builder = new GraphBuilder('parabola');
  const off = builder.sub(builder.parameter('w', [], { kind: 'constant', value: 0 }), 3);
  builder.output('loss', builder.mul(off, off));
  return builder.build();
}
