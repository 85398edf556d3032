import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { createOnnxRunner } from '../../src/gpu/training/onnx-runner.ts';
import { gradientName, gradients } from '../../src/models/autodiff/gradients.ts';
import { bindBatch } from '../../src/models/graph/bind-batch.ts';
import type { Graph } from '../../src/models/graph/graph.ts';
import { parameterPlaces } from '../../src/models/graph/parameters.ts';
import { interpret } from '../../src/models/interpreter/interpreter.ts';
import { interpolation, maxPool } from '../../src/models/nets/nhits.ts';
import { Layers } from '../../src/models/nets/layers.ts';
import { positionalEncoding } from '../../src/models/nets/transformer.ts';
import { runnable } from '../../src/models/training/vectors.ts';
import {
  attention,
  bilstm,
  encoder,
  type Fixture,
  nhitsTiny,
  patchTstTiny,
} from './network-fixtures.ts';

/**
 * Networks against PyTorch, from the same parameters: what they say, and the gradient of every
 * parameter. In double to 1e-9; in single, by the interpreter and by onnxruntime, to 1e-4.
 */
const FIXTURES = [bilstm(), attention(), encoder(), nhitsTiny(), patchTstTiny()];

type Numbers = Float64Array | Float32Array;
type Compute = (graph: Graph, fixture: Fixture) => Promise<ReadonlyMap<string, Numbers>>;

const WAYS: readonly {
  readonly name: string;
  readonly within: number;
  readonly compute: Compute;
}[] = [
  { name: 'double', within: 1e-9, compute: (...of) => interpreted('double', ...of) },
  { name: 'single', within: 1e-4, compute: (...of) => interpreted('single', ...of) },
  { name: 'onnxruntime', within: 1e-4, compute: native },
];

for (const { name, within, compute } of WAYS) {
  describe(`networks in ${name}`, () => {
    it.each(FIXTURES)('$name says in training what PyTorch says', async (fixture) => {
      const outputs = await compute(fixture.build('training'), fixture);

      expectNear(outputs.get('y'), trainingOf(fixture), within);
      expectNear(outputs.get('loss'), lossOf(fixture), within);
    });

    it.each(FIXTURES)('$name says in serving what PyTorch says', async (fixture) => {
      const outputs = await compute(fixture.build('serving'), fixture);

      expectNear(outputs.get('y'), servingOf(fixture), within);
    });

    it.each(FIXTURES.filter(hasGradients))(
      '$name has the gradients of PyTorch',
      async (fixture) => {
        const { rows, golden, torch, place } = fixture;
        const known = present(golden.grad ?? golden.grad_sum_sq_loss, 'gradients');
        const bound = bindBatch(fixture.build('training'), rows);
        const outputs = await compute(gradients(bound, 'loss'), fixture);
        const sums = new Map([...torch.keys()].map((torchName) => [torchName, [0, 0]]));
        for (const { name: own, length } of parameterPlaces(bound)) {
          const gradient = present(outputs.get(gradientName(own)), own);
          for (let at = 0; at < length; at += 1) {
            const sum = present(sums.get(place(own, at)[0]), own);
            sum[0] = (sum[0] ?? 0) + (gradient[at] ?? Number.NaN);
            sum[1] = (sum[1] ?? 0) + (gradient[at] ?? Number.NaN) ** 2;
          }
        }

        const names = [...sums.keys()].filter((torchName) => !torchName.startsWith('bias_hh'));
        for (const torchName of names) {
          expectNear(sums.get(torchName), [...(known[torchName] ?? [])], within);
        }
      },
    );
  });
}

describe('parts of networks', () => {
  it('weigh the steps of the LSTM as PyTorch does', async () => {
    const fixture = attention();
    const outputs = await interpreted('double', fixture.build('serving'), fixture);

    expectNear(outputs.get('a'), fixture.golden.a ?? [], 1e-12);
  });

  it('encode places by sines and cosines', () => {
    const encoded = positionalEncoding(2, 4).subarray(4);

    expectNear(
      encoded,
      [0.8414709848078965, 0.5403023058681398, 0.009999833334166664, 0.9999500004166653],
      1e-9,
    );
  });

  it('draw a line through knots, level at the ends', () => {
    const steps = (knots: readonly number[], horizon: number) => {
      const matrix = interpolation(knots.length, horizon);
      return Array.from({ length: horizon }, (_, step) =>
        knots.reduce((sum, knot, at) => sum + knot * (matrix[at * horizon + step] ?? 0), 0),
      );
    };

    expectNear(steps([1, 3, 2], 8), [1, 1.125, 1.875, 2.625, 2.8125, 2.4375, 2.0625, 2], 1e-12);
    expectNear(steps([1, 3], 6), [1, 1, 5 / 3, 7 / 3, 3, 3], 1e-12);
  });

  it('pool from the newest step, the oldest group being smaller', () => {
    const layers = new Layers('pool', 'serving');
    layers.builder.output('y', maxPool(layers, layers.builder.input('x', [1, 5]), 2));
    const { graph } = layers.build();
    const x = Float64Array.of(3, 7, 2, 5, 1);

    const y = interpret(graph, { precision: 'double' })
      .run(new Map([['x', x]]))
      .get('y');
    expect([...(y ?? [])]).toEqual([3, 7, 5]);
  });
});

function interpreted(precision: 'double' | 'single', graph: Graph, fixture: Fixture) {
  const parameters = flatOf(graph, fixture);
  const inputs = new Map([['x', fixture.x]]);
  return Promise.resolve(interpret(graph, { precision }).run(inputs, parameters));
}

async function native(graph: Graph, fixture: Fixture): Promise<ReadonlyMap<string, Numbers>> {
  const flat = Float32Array.from(flatOf(graph, fixture));
  const runner = await createOnnxRunner()(runnable(graph, fixture.rows));
  const inputs = new Map([['x', Float32Array.from(fixture.x)]]);
  for (const { name, at, length } of parameterPlaces(graph)) {
    inputs.set(name, flat.subarray(at, at + length));
  }
  const outputs = await runner.run(inputs);
  await runner.release();
  return outputs;
}

function flatOf(graph: Graph, { place, torch }: Fixture): Float64Array {
  const flat = parameterPlaces(graph).flatMap(({ name, length }) =>
    Array.from({ length }, (_, at) => {
      if (name.endsWith('.runningMean')) return 0;
      if (name.endsWith('.runningVariance')) return 1;
      const [torchName, torchAt] = place(name, at);
      return present(torch.get(torchName)?.[torchAt], `${torchName} at ${torchAt}`);
    }),
  );
  return Float64Array.from(flat);
}

function hasGradients({ golden }: Fixture): boolean {
  return golden.grad !== undefined || golden.grad_sum_sq_loss !== undefined;
}

function trainingOf({ golden }: Fixture): readonly number[] {
  return (golden.y ?? golden.y_train_mode)?.flat() ?? golden.ctx ?? [];
}

function servingOf({ golden }: Fixture): readonly number[] {
  const scaled = golden['y_eval_running_stats_init(mean0,var1)'];
  return (golden.y ?? scaled)?.flat() ?? golden.ctx ?? [];
}

function lossOf({ golden }: Fixture): readonly number[] {
  const { loss, loss_sum_y3: cubes, l1_to_zero: sizes, mse_to_zero_train: squares } = golden;
  const sum = golden.ctx?.reduce((total, value) => total + value * value, 0);
  return [present(loss ?? cubes ?? sizes ?? squares ?? sum, 'a loss')];
}

/** Relative to one or to what is wanted, whichever is larger. */
function expectNear(
  given: ArrayLike<number> | undefined,
  wanted: readonly number[],
  within: number,
): void {
  expect(given?.length).toBe(wanted.length);
  for (const [at, value] of wanted.entries()) {
    const off = Math.abs((given?.[at] ?? Number.NaN) - value);
    expect(off).toBeLessThanOrEqual(within * Math.max(1, Math.abs(value)));
  }
}
