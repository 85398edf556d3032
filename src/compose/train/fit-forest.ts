import { logLoss } from '../../models/validation/pointwise.ts';
import { FOREST, ForestTraining } from '../../models/trees/train-forest.ts';
import { writeXgboost } from '../../models/trees/write-xgboost.ts';
import { type FitOptions, type Fitted, STOPPED } from './fit.ts';
import { sharesOf, treeRows, TREES_RUNTIME } from './fit-trees.ts';

/**
 * Trees over the row of now, each on rows of its own. What it has grown so far is worth nothing by
 * itself, so it keeps no checkpoint: a forest that was stopped begins anew.
 */
export function fitForest(options: FitOptions): Fitted | typeof STOPPED {
  const { dataset, plan, progress, shouldStop, featureNames } = options;
  const { trees, depth, leafWeightMin } = plan.training.trees;
  const data = treeRows(options, dataset.parts.train);
  const training = new ForestTraining(data, {
    ...FOREST,
    objective: 'binary',
    trees,
    depthMax: depth * 2,
    leafRowsMin: Math.ceil(leafWeightMin),
    splitFeatures: Math.max(1, Math.round(Math.sqrt(featureNames.length))),
    seed: plan.seed,
  });
  while (training.step()) {
    if (shouldStop()) return STOPPED;
    progress({ at: training.trees, of: trees, loss: Number.NaN });
  }
  const { model, outOfBag } = training.result();
  const loss = outOfBagLoss(outOfBag, data.labels);
  return {
    family: 'forest',
    model: new TextEncoder().encode(writeXgboost(model)),
    window: 1,
    outputs: ['probability'],
    curve: [{ at: trees, loss }],
    runtime: TREES_RUNTIME,
    end: `${trees} trees, log loss ${loss.toFixed(4)} of rows that a tree did not see`,
    importance: sharesOf(model),
  };
}

/** Of the rows that some tree did not see. */
function outOfBagLoss(said: Float64Array, labels: Float64Array): number {
  const isKnown = (_: number, at: number) => !Number.isNaN(said[at]);
  return logLoss(said.filter(isKnown), labels.filter(isKnown));
}
