import { describe, expect, it } from 'vitest';
import { createOnnxRunner } from '../../../../src/gpu/training/onnx-runner.ts';
import { attentiveLstm } from '../../../../src/models/nets/attentive-lstm.ts';
import { mlp } from '../../../../src/models/nets/mlp.ts';
import { patchTst } from '../../../../src/models/nets/patchtst.ts';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../../src/models/training/checkpoint.ts';
import { tableExamples } from '../../../../src/models/training/examples.ts';
import type { Progress, TrainingTask } from '../../../../src/models/training/task.ts';
import { trainNetwork } from '../../../../src/models/training/train-network.ts';
import { examplesOf, FEATURES, networkOf, tinyTask, WINDOW } from './tiny-task.ts';

const patches = { patch: 2, stride: 1, width: 4, heads: 2, layers: 1, inner: 4, dropout: 0.1 };

describe('training', () => {
  it('gives the same bits for the same seed, and others for another', async () => {
    const [one, again, other] = [
      await trainNetwork(tinyTask()),
      await trainNetwork(tinyTask()),
      await trainNetwork(tinyTask({ seed: 8 })),
    ];

    expect(again).toEqual(one);
    expect(other.parameters).not.toEqual(one.parameters);
  });

  it('goes on from a checkpoint in mid-epoch as if it had not stopped', async () => {
    for (const network of [
      networkOf(mlp({ hidden: [8], dropout: 0.3 })),
      networkOf(patchTst(patches)),
    ]) {
      const task = tinyTask({ network });
      await expectSameAfterBreak(task, 9);
    }
  });

  it('does both in onnxruntime as well', async () => {
    const network = networkOf(attentiveLstm({ hidden: 4, dropout: 0.2 }));
    const task = tinyTask({ network, openRunner: createOnnxRunner() });
    const one = await trainNetwork(task);

    expect(await trainNetwork(task)).toEqual(one);
    await expectSameAfterBreak(task, 9);
  });

  it('learns what there is to learn', async () => {
    const { history } = await trainNetwork(
      tinyTask({
        network: networkOf(mlp({ hidden: [24] })),
        training: examplesOf(600, 1),
        epochs: 40,
        rate: 0.02,
      }),
    );
    const losses = history.map(({ validationLoss = Number.NaN }) => validationLoss);

    // A coin's loss is ln 2 for the label, and about 0.25 for the return.
    expect(losses[0]).toBeGreaterThan(0.7);
    expect(Math.min(...losses)).toBeLessThan(0.45);
  });

  it('stops when nothing gets better, with the parameters of the best evaluation', async () => {
    const checkpoints: Checkpoint[] = [];
    const task = tinyTask({
      epochs: 60,
      patience: 3,
      rate: 0.05,
      checkpointEverySteps: 6,
      onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    });
    const result = await trainNetwork(task);
    const losses = result.history.map(({ validationLoss = Number.NaN }) => validationLoss);
    const best = result.history[losses.indexOf(Math.min(...losses))];

    expect(result.stopped).toBe('patience');
    expect(result.bestStep).toBe(best?.step);
    expect(result.steps - (best?.step ?? 0)).toBe(3 * 6);
    const then = checkpoints.find(({ step }) => step === best?.step);
    expect(result.parameters).toEqual(then?.vectors.parameters);
  });

  it('keeps the last parameters where nothing is validated', async () => {
    const { validation: _, ...task } = tinyTask();
    const result = await trainNetwork(task);

    expect(result.bestStep).toBeUndefined();
    expect(result.parameters).toEqual(result.checkpoint.vectors.parameters);
  });

  it('counts an example of a short batch as one of a batch of that size', async () => {
    const training = examplesOf(5, 3);
    const network = networkOf(mlp({ hidden: [6] }));
    const padded = await trainNetwork(tinyTask({ network, training, rows: 16, epochs: 3 }));
    const fit = await trainNetwork(tinyTask({ network, training, rows: 5, epochs: 3 }));

    for (const [at, value] of padded.parameters.entries()) {
      expect(value).toBeCloseTo(fit.parameters[at] ?? Number.NaN, 5);
    }
  });

  it('learns nothing from an example without weight', async () => {
    const count = 32;
    const network = networkOf(mlp({ hidden: [6] }));
    const features = Float64Array.from({ length: count * WINDOW * FEATURES }, (_, at) =>
      Math.sin(at * at),
    );
    const label = Float64Array.from({ length: count }, (_, at) => at % 2);
    const weights = label.map((_, at) => (at < 8 ? 0 : 1));
    const ofReturns = (first: number) => label.map((value, at) => (at < 8 ? first : value / 100));
    const trained = (first: number) =>
      trainNetwork(
        tinyTask({
          network,
          training: tableExamples({
            count,
            weights,
            columns: { features, label, return: ofReturns(first) },
          }),
        }),
      );

    expect((await trained(1_000)).parameters).toEqual((await trained(-1_000)).parameters);
  });

  it('tells of every step, and of every evaluation', async () => {
    const told: Progress[] = [];
    await trainNetwork(tinyTask({ epochs: 2, onProgress: (progress) => told.push(progress) }));
    const steps = told.filter(({ validationLoss }) => validationLoss === undefined);
    const evaluations = told.filter(({ validationLoss }) => validationLoss !== undefined);

    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(evaluations.map(({ step, epoch, steps: all }) => [step, epoch, all])).toEqual([
      [6, 1, 12],
      [12, 2, 12],
    ]);
  });

  it('moves the running statistics to those of the batches', async () => {
    const { checkpoint } = await trainNetwork(
      tinyTask({ network: networkOf(patchTst(patches)), epochs: 8 }),
    );
    const fresh = [0, 0, 0, 0, 1, 1, 1, 1];
    const running = [...checkpoint.vectors.running];

    expect(running).toHaveLength(2 * fresh.length);
    expect(running.every((value, at) => value !== fresh[at % fresh.length])).toBe(true);
    for (const at of [4, 5, 6, 7]) expect(running[at]).toBeGreaterThan(0);
  });
});

describe('training that cannot be', () => {
  it('refuses examples with a NaN, and says which', async () => {
    const columns = {
      features: new Float64Array(2 * WINDOW * FEATURES).fill(1),
      label: Float64Array.of(0, 1),
      return: Float64Array.of(0, Number.NaN),
    };

    await expect(
      trainNetwork(tinyTask({ training: tableExamples({ count: 2, columns }) })),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'TRAINING_INPUT',
        message: 'example 1 has a return without a number',
      }),
    );
  });

  it('refuses weights below nought, and no examples at all', async () => {
    const weights = new Float64Array(90).fill(1).with(3, -1);
    const empty = tableExamples({ count: 0, columns: {} });

    for (const training of [examplesOf(90, 1, weights), empty]) {
      await expect(trainNetwork(tinyTask({ training }))).rejects.toThrow(
        expect.objectContaining({ code: 'TRAINING_INPUT' }),
      );
    }
  });

  it('stops where the loss is no number any more', async () => {
    const task = tinyTask({ rate: 1e38, epochs: 20 });

    await expect(trainNetwork(task)).rejects.toThrow(
      expect.objectContaining({ code: 'TRAINING_DIVERGED' }),
    );
  });

  it('refuses the checkpoint of another training', async () => {
    const { checkpoint } = await trainNetwork(tinyTask({ epochs: 1 }));

    for (const changes of [{ epochs: 2 }, { epochs: 1, seed: 8 }, { epochs: 1, rate: 1 }]) {
      await expect(trainNetwork(tinyTask({ ...changes, from: checkpoint }))).rejects.toThrow(
        expect.objectContaining({ code: 'TRAINING_CHECKPOINT' }),
      );
    }
  });
});

/** Asked to stop after so many steps, and gone on with from the bytes of where that was. */
async function expectSameAfterBreak(task: TrainingTask, stepsBefore: number): Promise<void> {
  const whole = await trainNetwork(task);
  let step = 0;
  const broken = await trainNetwork({
    ...task,
    onProgress: (progress) => (step = progress.step),
    shouldStop: () => step >= stepsBefore,
  });
  const from = decodeCheckpoint(encodeCheckpoint(broken.checkpoint));
  const rest = await trainNetwork({ ...task, from });

  expect(broken.stopped).toBe('asked');
  expect(broken.steps).toBe(stepsBefore);
  expect(rest).toEqual(whole);
}
