import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreePredictor } from '../../../../src/models/trees/predict.ts';
import { shapValues } from '../../../../src/models/trees/shap.ts';
import { trainForest, FOREST } from '../../../../src/models/trees/train-forest.ts';
import { trainTrees } from '../../../../src/models/trees/train-trees.ts';
import type { TreeModel } from '../../../../src/models/trees/tree-model.ts';
import { DEPTH_WISE, LEAF_WISE } from '../../../../src/models/trees/tree-options.ts';
import { drawn, largestDifference, rowsOf } from './lcg-rows.ts';

const WIDTH = 4;

function models(seed: number): readonly TreeModel[] {
  const data = rowsOf(drawn(seed, 0.1, 0, 150, WIDTH), 'labels', 0, 150);
  return [
    trainTrees({ data, options: { ...DEPTH_WISE, trees: 4 } }).model,
    trainTrees({ data, options: { ...LEAF_WISE, trees: 4, leavesMax: 8, leafRowsMin: 5 } }).model,
    trainForest(data, { ...FOREST, objective: 'binary', trees: 4, depthMax: 5 }).model,
  ];
}

describe('shapValues', () => {
  it('add up to the margin, whatever the row', () => {
    const rows = fc.array(fc.double({ noDefaultInfinity: true }), {
      minLength: WIDTH,
      maxLength: WIDTH,
    });
    const all = models(21);
    fc.assert(
      fc.property(rows, (row) => {
        const features = Float64Array.from(row);
        for (const model of all) {
          const sum = shapValues(model, features, 1).reduce((total, part) => total + part, 0);
          expect(sum).toBeCloseTo(new TreePredictor(model).margin(features), 10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are the Shapley values of the game in which unknown splits are weighed', () => {
    const { features } = drawn(22, 0.1, 0, 8, WIDTH);
    for (const model of models(22)) {
      for (let row = 0; row < 8; row += 1) {
        const one = features.subarray(row * WIDTH, (row + 1) * WIDTH);
        expect(largestDifference(shapValues(model, one, 1), byDefinition(model, one))).toBeLessThan(
          1e-12,
        );
      }
    }
  });
});

/** Every coalition, as Shapley defines it: 2^width evaluations of the model. */
function byDefinition(model: TreeModel, row: Float64Array): Float64Array {
  const values = Array.from({ length: 1 << WIDTH }, (_, known) => expectation(model, row, known));
  const out = new Float64Array(WIDTH + 1);
  for (let feature = 0; feature < WIDTH; feature += 1) {
    for (let known = 0; known < 1 << WIDTH; known += 1) {
      if ((known & (1 << feature)) !== 0) continue;
      const size = bits(known);
      const weight = (factorial(size) * factorial(WIDTH - size - 1)) / factorial(WIDTH);
      const gained = (values[known | (1 << feature)] ?? 0) - (values[known] ?? 0);
      out[feature] = (out[feature] ?? 0) + weight * gained;
    }
  }
  out[WIDTH] = values[0] ?? 0;
  return out;
}

function expectation(model: TreeModel, row: Float64Array, known: number): number {
  const predictor = new TreePredictor(model);
  const weight = model.style === 'xgboost' ? model.cover : model.count;
  const of = (node: number): number => {
    const feature = model.feature[node] ?? -1;
    if (feature < 0) return model.value[node] ?? 0;
    if ((known & (1 << feature)) !== 0) return of(predictor.child(node, row));
    const [left, right] = [model.left[node] ?? 0, model.right[node] ?? 0];
    const part = (child: number): number => (weight[child] ?? 0) / (weight[node] ?? 0);
    return part(left) * of(left) + part(right) * of(right);
  };
  const roots = [...model.roots.subarray(0, -1)];
  return model.base + roots.reduce((sum, root) => sum + of(root), 0);
}

function bits(set: number): number {
  return [...set.toString(2)].filter((bit) => bit === '1').length;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
