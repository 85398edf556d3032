import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../../../src/models/trees/checkpoint.ts';
import { predict, TreePredictor } from '../../../../src/models/trees/predict.ts';
import { readLightgbm } from '../../../../src/models/trees/read-lightgbm.ts';
import { readXgboost } from '../../../../src/models/trees/read-xgboost.ts';
import { trainTrees, TreeTraining } from '../../../../src/models/trees/train-trees.ts';
import type { TreeModel } from '../../../../src/models/trees/tree-model.ts';
import type { BoostingOptions, TreeRows } from '../../../../src/models/trees/tree-options.ts';
import { DEPTH_WISE, LEAF_WISE } from '../../../../src/models/trees/tree-options.ts';
import { binaryRows, drawn, expected, goldenText, largestDifference } from './lcg-rows.ts';
import { logLoss, rowsOf } from './lcg-rows.ts';

const binary = binaryRows();
const training = rowsOf(binary, 'labels', 0, 300);
const test = rowsOf(binary, 'labels', 300, 400);
const holed = drawn(11, 0.1, 0);

function lossOf(model: TreeModel): number {
  return logLoss(predict(model, test.features, test.rows), test.labels);
}

/** Of every node: what it asks, where it leads, and where a missing value goes. */
function shapeOf(model: TreeModel): readonly unknown[] {
  return [model.roots, model.feature, model.threshold, model.left, model.right, model.missing];
}

const LIKE_GOLDEN = { ...LEAF_WISE, trees: 20, leavesMax: 7, binsMax: 63 };

describe('leaf-wise growth', () => {
  it("grows LightGBM's golden model: every threshold to the bit, every leaf to 1e-15", () => {
    const golden = readLightgbm(goldenText('lightgbm-binary.txt'));
    const { model } = trainTrees({ data: training, options: LIKE_GOLDEN });

    expect(shapeOf(model)).toEqual(shapeOf(golden));
    expect(model.count).toEqual(golden.count);
    const leaf = (of: TreeModel): Float64Array => of.value.filter((_, at) => of.feature[at] === -1);
    expect(largestDifference(leaf(model), leaf(golden))).toBeLessThan(1e-15);
  });

  it('grows the model that LightGBM grows from rows with missing values', () => {
    const theirs = readLightgbm(goldenText('lightgbm-missing.txt'));
    const options = { ...LEAF_WISE, trees: 12, leavesMax: 9 };
    const { model } = trainTrees({ data: rowsOf(holed, 'labels', 0, 300), options });

    // Not which way missing values go: in a node without any both gain the same but for rounding.
    expect(model.feature).toEqual(theirs.feature);
    expect(model.threshold).toEqual(theirs.threshold);
    expect(model.left).toEqual(theirs.left);
    expect(model.count).toEqual(theirs.count);
    expect(largestDifference(model.value, theirs.value)).toBeLessThan(1e-6);
  });

  it('stops when no leaf can be split', () => {
    const flat = { ...training, labels: new Float64Array(300).fill(1) };
    const trained = trainTrees({ data: flat, options: LEAF_WISE });

    expect(trained.end).toBe('no-split');
    expect(predict(trained.model, test.features, 1)[0]).toBeCloseTo(1, 5);
  });
});

describe('depth-wise growth', () => {
  it("finds XGBoost's gains, and of equal ones the first", () => {
    const data = sixRows();
    const gains = GAINS.map((_, at) => rootOf(firstRows(data, at)).gain);
    const root = rootOf(data);

    // The stored gain has no factor of a half, and is a single.
    expect(root.gain / 2).toBeCloseTo(0.58333333, 7);
    expect(root.threshold).toBeGreaterThanOrEqual(2);
    expect(root.threshold).toBeLessThan(3);
    expect(root.leaves[0]).toBeCloseTo(-0.66666667, 7);
    expect(root.leaves[1]).toBeCloseTo(0.5, 7);
    for (const [at, gain] of gains.entries()) expect(gain / 2).toBeCloseTo(GAINS[at] ?? 0, 6);
  });

  it.each([
    ['xgboost-hist', drawn(13, 0, 0)],
    ['xgboost-hist-missing', drawn(14, 0.2, 0)],
  ])('%s: grows the trees that XGBoost grows, split for split', (name, rows) => {
    const theirs = readXgboost(goldenText(`${name}.json`));
    // 200 rows have fewer distinct values than there are bins: no sketch has a part in it.
    const data = rowsOf(rows, 'labels', 0, 200);
    const { model } = trainTrees({ data, options: { ...DEPTH_WISE, trees: 8, depthMax: 3 } });

    expect(model.base).toBe(theirs.base);
    expect(model.feature).toEqual(theirs.feature);
    expect(model.left).toEqual(theirs.left);
    expect(model.missing).toEqual(theirs.missing);
    // Their threshold is the value above a gap and ours its middle: the same rows go left.
    expect(largestDifference(model.cover, theirs.cover)).toBeLessThan(1e-4);
    expect(largestDifference(model.value, theirs.value)).toBeLessThan(1e-4);
    expect(largestDifference(model.gain, theirs.gain)).toBeLessThan(1e-4);
  });

  it('drops splits that gain no more than gainMin, and leaves below coverMin', () => {
    const data = sixRows();
    const options = { ...ONE_SPLIT, gainMin: 1.2 };

    expect(trainTrees({ data, options }).model.feature).toEqual(Int32Array.of(-1));
    const heavy = trainTrees({ data, options: { ...ONE_SPLIT, coverMin: 0.75 } }).model;
    expect(heavy.cover.slice(1)).toEqual(Float64Array.of(0.75, 0.75));
  });
});

describe('log loss on the golden data', () => {
  it.each([
    ['depth-wise', { ...DEPTH_WISE, trees: 20, depthMax: 3, learningRate: 0.1 }],
    ['leaf-wise', LIKE_GOLDEN],
  ] as const)('%s is within 3 %% of both libraries', (_, options) => {
    const loss = lossOf(trainTrees({ data: training, options }).model);

    for (const library of ['xgboost', 'lightgbm']) {
      const [theirs = 0] = expected('losses', library, 'loss');
      expect(loss).toBeLessThan(theirs * 1.03);
    }
    expect(loss).toBeLessThan(0.391);
  });
});

const SAMPLED: BoostingOptions = { ...DEPTH_WISE, trees: 12, rowShare: 0.6, featureShare: 0.5 };

describe('training', () => {
  it.each([SAMPLED, { ...LEAF_WISE, trees: 12, rowShare: 0.6, featureShare: 0.5 }])(
    'gives the same bits for a seed and others for another ($growth)',
    (options) => {
      const job = { data: training, options };
      const first = trainTrees(job).model;

      expect(trainTrees(job).model).toEqual(first);
      expect(trainTrees({ ...job, options: { ...options, seed: 2 } }).model).not.toEqual(first);
    },
  );

  it.each([SAMPLED, { ...LEAF_WISE, trees: 12, rowShare: 0.6 }])(
    'goes on from a checkpoint, kept as text, to the same bits ($growth)',
    (options) => {
      const job = { data: training, validation: test, options };
      const whole = trainTrees(job);
      const begun = new TreeTraining(job);
      for (let tree = 0; tree < 5; tree += 1) begun.step();
      const checkpoint = readCheckpoint(writeCheckpoint(begun.checkpoint()));

      expect(trainTrees(job, { checkpoint })).toEqual(whole);
    },
  );

  it('refuses a checkpoint of other rows or options', () => {
    const begun = new TreeTraining({ data: training, options: SAMPLED });
    begun.step();
    const other = { data: training, options: { ...SAMPLED, lambda: 2 } };

    expect(() => new TreeTraining(other, begun.checkpoint())).toThrow(/other rows or options/);
    expect(() => readCheckpoint('{"format":"strata-trees-checkpoint/0"}')).toThrow(/is not/);
  });

  it('stops early and keeps the trees up to the best validation loss', () => {
    const options = { ...DEPTH_WISE, trees: 400, patience: 10 };
    const trained = trainTrees({ data: training, validation: test, options });
    const last = trained.progress.at(-1);
    const best = last?.bestTree ?? 0;
    const losses = trained.progress.map(({ validationLoss = 0 }) => validationLoss);

    expect(trained.end).toBe('patience');
    expect(last?.tree).toBe(best + 10);
    expect(trained.model.roots).toHaveLength(best + 1);
    expect(losses.indexOf(Math.min(...losses))).toBe(best - 1);
    expect(lossOf(trained.model)).toBeCloseTo(Math.min(...losses), 12);
  });

  it('tells of every tree and stops when asked', () => {
    const told: number[] = [];
    const trained = trainTrees(
      { data: training, options: DEPTH_WISE },
      { onTree: ({ tree }) => told.push(tree), shouldStop: () => told.length === 3 },
    );

    expect(told).toEqual([1, 2, 3]);
    expect(trained.end).toBe('stopped');
    expect(trained.model.roots).toHaveLength(4);
  });

  it('takes a weight of two as the row twice', () => {
    const weights = Float64Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? 2 : 1));
    const twice = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? [row, row] : [row]));
    const options = { ...DEPTH_WISE, trees: 5, depthMax: 3 };
    const weighted = trainTrees({ data: { ...training, weights }, options }).model;
    const repeated = trainTrees({ data: pick(training, twice.flat()), options }).model;

    expect(predict(weighted, test.features, 100)).toEqual(predict(repeated, test.features, 100));
  });

  it('lowers the squared error well below that of the mean', () => {
    const data = rowsOf(holed, 'values', 0, 300);
    const held = rowsOf(holed, 'values', 300, 360);
    const mean = data.labels.reduce((sum, label) => sum + label, 0) / 300;
    for (const growth of [DEPTH_WISE, { ...LEAF_WISE, leavesMax: 9 }]) {
      const options: BoostingOptions = { ...growth, ...SLOW };
      const { model } = trainTrees({ data, options });
      const answers = predict(model, held.features, 60);
      const error = squaredError(answers, held.labels);

      expect(error).toBeLessThan(
        0.7 *
          squaredError(
            answers.map(() => mean),
            held.labels,
          ),
      );
    }
  });

  it('sends every training row to the leaf whose rows were counted while growing', () => {
    const shapes = fc.record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      missing: fc.constantFrom(0, 0.2),
      zeros: fc.constantFrom(0, 0.4),
      growth: fc.constantFrom<BoostingOptions>(DEPTH_WISE, { ...LEAF_WISE, leafRowsMin: 3 }),
    });
    fc.assert(
      fc.property(shapes, ({ seed, missing, zeros, growth }) => {
        const rows = drawn(seed, missing, zeros, 120, 3);
        const data = rowsOf(rows, 'labels', 0, 120);
        const { model } = trainTrees({ data, options: { ...growth, trees: 3, binsMax: 16 } });
        const predictor = new TreePredictor(model);
        const counts = new Float64Array(model.count.length);
        for (let row = 0; row < 120; row += 1) {
          for (let tree = 0; tree < model.roots.length - 1; tree += 1) {
            const leaf = predictor.leaf(tree, data.features, row * 3);
            counts[leaf] = (counts[leaf] ?? 0) + 1;
          }
        }
        expect(counts).toEqual(model.count.map((n, at) => (model.feature[at] === -1 ? n : 0)));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['infinite', { features: training.features.map((x, at) => (at === 9 ? Infinity : x)) }],
    ['label 2', { labels: training.labels.map((y, row) => (row === 4 ? 2 : y)) }],
    ['weight -1', { weights: new Float64Array(300).fill(-1) }],
    ['no row has weight', { weights: new Float64Array(300) }],
    ['299 rows', { rows: 299 }],
  ] as const)('refuses %s', (message, wrong) => {
    const job = { data: { ...training, ...wrong }, options: DEPTH_WISE };
    const text = message === '299 rows' ? '1200 values for 299 rows' : message;

    expect(() => trainTrees(job)).toThrow(expect.objectContaining({ code: 'TREES_DATA' }));
    expect(() => trainTrees(job)).toThrow(new RegExp(text));
  });
});

const SLOW = { objective: 'squared', trees: 40, learningRate: 0.1 } as const;

const ONE_SPLIT: BoostingOptions = {
  ...DEPTH_WISE,
  trees: 1,
  learningRate: 1,
  depthMax: 1,
  coverMin: 0,
  beginsAtMean: false,
};

/** The reference's six rows: x = 1 .. 6, y = 001011, margin 0, lambda 1. */
function sixRows(): TreeRows {
  const features = Float64Array.of(1, 2, 3, 4, 5, 6);
  return { rows: 6, names: ['x'], features, labels: Float64Array.of(0, 0, 1, 0, 1, 1) };
}

/** Gains, halved, of the split after 1 .. 5 rows. */
const GAINS = [0.155555556, 0.583333333, 0.142857143, 0.583333333, 0.155555556];

/** The same rows with only the split after `at + 1` of them left to find. */
function firstRows(data: TreeRows, at: number): TreeRows {
  return { ...data, features: data.features.map((x) => Number(x > at + 1)) };
}

function rootOf(data: TreeRows): { gain: number; threshold: number; leaves: Float64Array } {
  const { model } = trainTrees({ data, options: ONE_SPLIT });
  const [gain = 0] = model.gain;
  const [threshold = 0] = model.threshold;
  return { gain, threshold, leaves: model.value.slice(1) };
}

function pick(data: TreeRows, rows: readonly number[]): TreeRows {
  const width = data.names.length;
  const features = rows.flatMap((row) => [
    ...data.features.subarray(row * width, (row + 1) * width),
  ]);
  return {
    rows: rows.length,
    names: data.names,
    features: Float64Array.from(features),
    labels: Float64Array.from(rows, (row) => data.labels[row] ?? 0),
  };
}

function squaredError(answers: Float64Array, labels: Float64Array): number {
  return answers.reduce((sum, answer, row) => sum + (answer - (labels[row] ?? 0)) ** 2, 0);
}
