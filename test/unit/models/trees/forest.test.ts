import { describe, expect, it } from 'vitest';
import { predict, TreePredictor } from '../../../../src/models/trees/predict.ts';
import { FOREST, ForestTraining, trainForest } from '../../../../src/models/trees/train-forest.ts';
import { binaryRows, drawn, logLoss, rowsOf } from './lcg-rows.ts';

const values = rowsOf(drawn(11, 0.1, 0), 'values', 0, 300);
const held = rowsOf(drawn(11, 0.1, 0), 'values', 300, 360);

function meanAbsolute(answers: ArrayLike<number>, labels: Float64Array): number {
  const sum = Array.from(answers).reduce(
    (all, x, row) => all + Math.abs(x - (labels[row] ?? 0)),
    0,
  );
  return sum / labels.length;
}

describe('trainForest', () => {
  it('splits six points where the variance falls most', () => {
    const labels = Float64Array.of(1, 1, 1, 9, 9, 8);
    const features = Float64Array.of(1, 2, 3, 4, 5, 6);
    const data = { rows: 6, names: ['x'], features, labels };
    const { model } = trainForest(data, { ...FOREST, trees: 30, depthMax: 1 });
    const thresholds = [...model.threshold].filter((_, at) => model.feature[at] === 0);

    // Draws differ, but every one that has a 1 and a 9 parts between 3 and 4 or in its own gap.
    expect(thresholds.length).toBeGreaterThan(20);
    for (const threshold of thresholds) expect(Math.floor(threshold)).toBeGreaterThanOrEqual(1);
    const inGap = thresholds.filter((threshold) => threshold > 2.4 && threshold < 4.6);
    expect(inGap.length / thresholds.length).toBeGreaterThan(0.9);
  });

  it('gives the same bits for a seed and others for another', () => {
    const options = { ...FOREST, trees: 6, splitFeatures: 2 };
    const first = trainForest(values, options);

    expect(trainForest(values, options)).toEqual(first);
    expect(trainForest(values, { ...options, seed: 2 }).model).not.toEqual(first.model);
  });

  it('is better than the median of the labels, in and out of the bag', () => {
    const { model, outOfBag } = trainForest(values, { ...FOREST, trees: 40 });
    const median = values.labels.toSorted()[150] ?? 0;
    const baseline = meanAbsolute(
      held.labels.map(() => median),
      held.labels,
    );
    const error = meanAbsolute(predict(model, held.features, 60), held.labels);

    expect(error).toBeLessThan(0.9 * baseline);
    expect(outOfBag.every(Number.isFinite)).toBe(true);
    const seen = meanAbsolute(predict(model, values.features, 300), values.labels);
    const unseen = meanAbsolute(outOfBag, values.labels);
    // Rows that a tree has seen it knows by heart; out of the bag is what to believe.
    expect(seen).toBeLessThan(0.6 * unseen);
    expect(Math.abs(unseen / error - 1)).toBeLessThan(0.35);
  });

  it('answers shares of ones for labels of 0 and 1', () => {
    const rows = binaryRows();
    const data = rowsOf(rows, 'labels', 0, 300);
    const test = rowsOf(rows, 'labels', 300, 400);
    const options = { ...FOREST, objective: 'binary', trees: 40, leafRowsMin: 5 } as const;
    const { model } = trainForest(data, { ...options, splitFeatures: 2 });
    const answers = predict(model, test.features, 100);

    expect(model.objective).toBe('share');
    expect(answers.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(logLoss(answers, test.labels)).toBeLessThan(0.5);
  });

  it('is the mean of its trees', () => {
    const training = new ForestTraining(values, { ...FOREST, trees: 3 });
    training.step();
    const one = training.result().model;
    while (training.step());
    const three = training.result().model;
    const alone = new TreePredictor(one);
    const together = new TreePredictor(three);

    expect(training.trees).toBe(3);
    const first = alone.leaf(0, held.features);
    const same = together.leaf(0, held.features);
    expect(three.value[same]).toBeCloseTo((one.value[first] ?? 0) / 3, 6);
  });

  it('takes no notice of a row without weight', () => {
    const spoilt = values.labels.map((label, row) => (row === 7 ? 1e6 : label));
    const weights = new Float64Array(300).fill(1);
    weights[7] = 0;
    const options = { ...FOREST, trees: 10, leafRowsMin: 3 };
    const { model } = trainForest({ ...values, labels: spoilt, weights }, options);

    expect(Math.max(...predict(model, held.features, 60))).toBeLessThan(10);
  });

  it('stops when asked, with the trees there are', () => {
    let told = 0;
    const { model, trees } = trainForest(
      values,
      { ...FOREST, trees: 50 },
      {
        onTree: (tree) => {
          told = tree;
        },
        shouldStop: () => told === 4,
      },
    );

    expect(trees).toBe(4);
    expect(model.roots).toHaveLength(5);
  });

  it('refuses options out of range', () => {
    for (const wrong of [{ trees: 0 }, { splitFeatures: 6 }, { binsMax: 257 }, { depthMax: 1.5 }]) {
      expect(() => trainForest(values, { ...FOREST, ...wrong })).toThrow(
        expect.objectContaining({ code: 'TREES_DATA' }),
      );
    }
  });
});
