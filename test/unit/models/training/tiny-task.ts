import { Random } from '../../../../src/core/random.ts';
import type { Architecture } from '../../../../src/models/nets/architecture.ts';
import { mlp } from '../../../../src/models/nets/mlp.ts';
import { scorer } from '../../../../src/models/nets/scorer.ts';
import { type Examples, tableExamples } from '../../../../src/models/training/examples.ts';
import { openInterpretedRunner } from '../../../../src/models/training/interpreted-runner.ts';
import type { TrainingTask } from '../../../../src/models/training/task.ts';

export const WINDOW = 4;
export const FEATURES = 3;

/** Rows whose label is whether the first and the last value have the same sign. */
export function examplesOf(count: number, seed: number, weights?: Float64Array): Examples {
  const random = new Random(seed);
  const width = WINDOW * FEATURES;
  const features = Float64Array.from({ length: count * width }, () => random.normal());
  const isAlike = (row: number) =>
    (features[row * width] ?? 0) * (features[(row + 1) * width - 1] ?? 0) > 0;
  const label = Float64Array.from({ length: count }, (_, row) => (isAlike(row) ? 1 : 0));
  const returns = label.map((value) => value / 50 - 0.01 + random.normal() / 500);
  const columns = { features, label, return: returns };
  return tableExamples({ count, columns, ...(weights === undefined ? {} : { weights }) });
}

export const ADAM = {
  kind: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
} as const;

export function networkOf(architecture: Architecture) {
  return scorer(architecture, {
    window: WINDOW,
    features: FEATURES,
    scaling: { mean: [0, 0, 0], deviation: [1, 1, 1], clip: 5 },
    outputs: ['probability', 'return', 'confidence'],
    returns: { mean: 0, deviation: 0.01 },
  });
}

/** A task of a second at most: a network of one hidden layer that drops a fifth. */
export function tinyTask(changes: Partial<TrainingTask> = {}): TrainingTask {
  return {
    network: networkOf(mlp({ hidden: [12], dropout: 0.2 })),
    openRunner: openInterpretedRunner,
    training: examplesOf(90, 1),
    validation: examplesOf(40, 2),
    rows: 16,
    epochs: 4,
    seed: 7,
    optimiser: ADAM,
    rate: 0.01,
    schedule: { kind: 'constant' },
    ...changes,
  };
}
