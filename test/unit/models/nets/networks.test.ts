import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { createOnnxRunner } from '../../../../src/gpu/training/onnx-runner.ts';
import { gradientName, gradients } from '../../../../src/models/autodiff/gradients.ts';
import { bindBatch } from '../../../../src/models/graph/bind-batch.ts';
import type { Graph } from '../../../../src/models/graph/graph.ts';
import { parameterPlaces } from '../../../../src/models/graph/parameters.ts';
import { interpret } from '../../../../src/models/interpreter/interpreter.ts';
import type { Network } from '../../../../src/models/nets/network.ts';
import { runnable } from '../../../../src/models/training/vectors.ts';
import {
  architectures,
  FEATURES,
  flatOf,
  forecasterOf,
  HORIZON,
  inputsOf,
  RETURNS,
  ROWS,
  scorerOf,
  WINDOW,
} from './architectures.ts';

const HUBER = { kind: 'huber', delta: 0.5 } as const;

/** Each architecture in each of its uses. */
function networksOf(
  dropout: number,
): readonly { readonly use: string; readonly network: Network }[] {
  return architectures(dropout).flatMap((architecture) => [
    { use: `${architecture.name} scoring`, network: scorerOf(architecture) },
    { use: `${architecture.name} forecasting`, network: forecasterOf(architecture, HUBER) },
  ]);
}

describe('networks', () => {
  const networks = networksOf(0);
  const withoutStatistics = networks.filter(({ network }) => network.name !== 'patchtst');

  it.each(withoutStatistics)('$use has the same loss unrolled and fused', ({ network }) => {
    const losses = (['training', 'evaluation'] as const).map((mode) => {
      const { graph } = network.build(mode);
      return run(network, graph, inputsOf(graph, 5)).get('loss')?.[0] ?? Number.NaN;
    });

    expect(losses[0]).toBeCloseTo(losses[1] ?? Number.NaN, 12);
    expect(losses[0]).toBeGreaterThan(0);
  });

  it.each(networksOf(0.5))('$use has the slope that its gradient says', ({ network }) => {
    const { graph } = network.build('training');
    const bound = bindBatch(graph, ROWS);
    const inputs = inputsOf(graph, 3);
    const flat = flatOf(network, graph, 1);
    const made = interpret(gradients(bound, 'loss'), { precision: 'double' }).run(inputs, flat);
    const loss = interpret(bound, { precision: 'double' });
    const at = (share: number) => {
      const moved = flat.map((value, place) => value + share * Math.cos(place));
      return loss.run(inputs, moved).get('loss')?.[0] ?? Number.NaN;
    };
    let slope = 0;
    for (const { name, at: from, length } of parameterPlaces(bound)) {
      const gradient = present(made.get(gradientName(name)), name);
      for (let place = 0; place < length; place += 1) {
        slope += (gradient[place] ?? Number.NaN) * Math.cos(from + place);
      }
    }

    const step = 1e-6;
    expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 5);
  });

  it.each(networks)('$use says in onnxruntime what it says in plain', async ({ network }) => {
    const { graph } = network.build('serving');
    const inputs = inputsOf(graph, 7);
    const plain = run(network, graph, inputs);
    const native = await runNative(network, graph, inputs);

    for (const { name } of graph.outputs) {
      for (const [at, value] of present(plain.get(name), name).entries()) {
        expect(native.get(name)?.[at]).toBeCloseTo(value, 5);
      }
    }
  });

  it.each(networks)('$use answers each row as if it were alone', ({ network }) => {
    const { graph } = network.build('serving');
    const inputs = inputsOf(graph, 9);
    const all = new Map(
      [...run(network, graph, inputs)].map(([name, values]) => [name, values.slice()]),
    );
    const alone = new Map(
      [...inputs].map(([name, values]) => [name, values.subarray((values.length / ROWS) * 2)]),
    );

    for (const [name, values] of run(network, graph, alone)) {
      expect(values).toEqual(all.get(name)?.subarray(values.length * 2));
    }
  });
});

describe('scores', () => {
  const scorers = architectures(0.3).map((architecture) => scorerOf(architecture));

  it.each(scorers)('of $name have the loss that their definition says', (network) => {
    const { graph } = network.build('evaluation');
    const inputs = inputsOf(graph, 11);
    const answers = run(network, network.build('serving').graph, only(inputs, ['features']));
    const value = (name: string, row: number) =>
      present((inputs.get(name) ?? answers.get(name))?.[row], name);
    let wanted = 0;
    for (let row = 0; row < ROWS; row += 1) {
      const probability = present(answers.get('probability')?.[row], 'a probability');
      const isUp = value('label', row) === 1;
      const error = present(answers.get('return')?.[row], 'a return') - value('return', row);
      const size = Math.abs(error / RETURNS.deviation);
      const huber = size <= 1 ? (size * size) / 2 : size - 0.5;
      const surprise = -Math.log(isUp ? probability : 1 - probability);
      wanted += value('weight', row) * (surprise + huber / 2);
    }

    expect(run(network, graph, inputs).get('loss')?.[0]).toBeCloseTo(wanted, 9);
  });

  it('are a probability, a return, and how far the first is from a coin', () => {
    for (const network of scorers) {
      const { graph } = network.build('serving');
      const answers = run(network, graph, inputsOf(graph, 13));
      const probabilities = [...present(answers.get('probability'), 'probabilities')];

      expect(graph.outputs.map(({ name }) => name)).toEqual([
        'probability',
        'return',
        'confidence',
      ]);
      expect(probabilities.every((one) => one > 0 && one < 1)).toBe(true);
      expect([...present(answers.get('confidence'), 'confidences')]).toEqual(
        probabilities.map((one) => Math.abs(2 * one - 1)),
      );
    }
  });

  it('take a value beyond the clip for one at it, and stand a feature that never moved', () => {
    for (const network of scorers) {
      const { graph } = network.build('serving');
      // The first feature has mean 0, deviation 1 and is clipped at 4; the last has deviation 0.
      const inputs = (first: number) =>
        new Map([
          [
            'features',
            Float64Array.from({ length: WINDOW * FEATURES }, (_, at) =>
              at % FEATURES === 0 ? first : at % FEATURES === 3 ? 7 : 0,
            ),
          ],
        ]);
      const said = [4, 1e9].map((first) => [...scoresOf(network, graph, inputs(first))]);

      expect(said[0]).toEqual(said[1]);
      expect(said[0]?.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('forecasts', () => {
  it('have the horizon of every channel', () => {
    for (const architecture of architectures(0)) {
      const { graph } = forecasterOf(architecture, { kind: 'squared' }).build('serving');

      expect(graph.nodes[present(graph.outputs[0], 'an output').id]?.shape).toEqual([
        -1,
        FEATURES,
        HORIZON,
      ]);
    }
  });

  it('are as far off as each loss says', () => {
    const [architecture] = architectures(0);
    for (const [loss, cost] of [
      [{ kind: 'squared' }, (error: number) => error * error],
      [{ kind: 'absolute' }, Math.abs],
      [HUBER, huberHalf],
    ] as const) {
      const network = forecasterOf(present(architecture, 'an architecture'), loss);
      const { graph } = network.build('evaluation');
      const inputs = inputsOf(graph, 17);
      const said = present(
        run(network, network.build('serving').graph, only(inputs, ['window'])).get('forecast'),
        'a forecast',
      );
      const each = FEATURES * HORIZON;
      const wanted = [...said].reduce((sum, value, at) => {
        const weight = inputs.get('weight')?.[Math.floor(at / each)] ?? Number.NaN;
        return sum + (weight * cost(value - (inputs.get('target')?.[at] ?? Number.NaN))) / each;
      }, 0);

      expect(run(network, graph, inputs).get('loss')?.[0]).toBeCloseTo(wanted, 10);
    }
  });
});

function huberHalf(error: number): number {
  const size = Math.abs(error);
  return size <= 0.5 ? (size * size) / 2 : 0.5 * (size - 0.25);
}

function run(network: Network, graph: Graph, inputs: ReadonlyMap<string, Float64Array>) {
  const flat = flatOf(network, graph, 1);
  return interpret(graph, { precision: 'double' }).run(inputs, flat);
}

function scoresOf(network: Network, graph: Graph, inputs: ReadonlyMap<string, Float64Array>) {
  return [...run(network, graph, inputs).values()].flatMap((values) => [...values]);
}

async function runNative(
  network: Network,
  graph: Graph,
  inputs: ReadonlyMap<string, Float64Array>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const flat = Float32Array.from(flatOf(network, graph, 1));
  const runner = await createOnnxRunner()(runnable(graph, ROWS));
  const fed = new Map([...inputs].map(([name, values]) => [name, Float32Array.from(values)]));
  for (const { name, at, length } of parameterPlaces(graph)) {
    fed.set(name, flat.subarray(at, at + length));
  }
  const outputs = await runner.run(fed);
  await runner.release();
  return outputs;
}

function only(inputs: ReadonlyMap<string, Float64Array>, names: readonly string[]) {
  return new Map([...inputs].filter(([name]) => names.includes(name)));
}
