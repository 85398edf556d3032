import { plural } from '../../cli/figures.ts';
import { selectSamples } from '../../models/data/samples.ts';
import { readCheckpoint, writeCheckpoint } from '../../models/trees/checkpoint.ts';
import { importanceOf } from '../../models/trees/importance.ts';
import { TreeTraining } from '../../models/trees/train-trees.ts';
import {
  type BoostingOptions,
  DEPTH_WISE,
  LEAF_WISE,
  type TreeRows,
} from '../../models/trees/tree-options.ts';
import type { TreeModel } from '../../models/trees/tree-model.ts';
import { writeLightgbm } from '../../models/trees/write-lightgbm.ts';
import { writeXgboost } from '../../models/trees/write-xgboost.ts';
import { type FitOptions, type Fitted, STOPPED } from './fit.ts';
import type { TrainPlan } from './train-plan.ts';

export type BoostedFamily = 'xgboost' | 'lightgbm';

/** Grows trees, one by one, over the row of now. */
export function fitBoosted(family: BoostedFamily, options: FitOptions): Fitted | typeof STOPPED {
  const { checkpoints, plan, progress, goesOn, shouldStop } = options;
  const job = {
    data: treeRows(options, options.dataset.parts.train),
    validation: treeRows(options, options.dataset.parts.validation),
    options: boostingOf(family, plan),
  };
  const kept = checkpoints.read(family);
  const from = kept === undefined ? undefined : readCheckpoint(new TextDecoder().decode(kept));
  if (from !== undefined) goesOn(plural(from.trees.length, 'tree'));
  const training = new TreeTraining(job, from);
  const keep = () => {
    const written = writeCheckpoint(training.checkpoint());
    checkpoints.write(family, new TextEncoder().encode(written));
  };
  for (let told = training.step(); told !== undefined; told = training.step()) {
    const { tree, trees, loss, validationLoss } = told;
    const judged = validationLoss === undefined ? {} : { validationLoss };
    progress({ at: tree, of: trees, loss, ...judged });
    if (tree % CHECKPOINT_TREES === 0) keep();
    if (!shouldStop()) continue;
    keep();
    return STOPPED;
  }
  keep();
  const { model, progress: history, end } = training.result();
  const written = family === 'xgboost' ? writeXgboost(model) : writeLightgbm(model);
  const best = history.at(-1)?.bestTree ?? 0;
  return {
    family,
    model: new TextEncoder().encode(written),
    window: 1,
    outputs: ['probability'],
    curve: history.map(({ tree, loss, validationLoss }) => ({
      at: tree,
      loss,
      ...(validationLoss === undefined ? {} : { validationLoss }),
    })),
    runtime: TREES_RUNTIME,
    end: `${end}, ${best} trees of ${history.length}`,
    importance: sharesOf(model),
  };
}

/** By the gain of their splits; they sum to 1. */
export function sharesOf(model: TreeModel): NonNullable<Fitted['importance']> {
  const gains = importanceOf(model);
  const total = gains.reduce((sum, { gain }) => sum + gain, 0);
  return gains
    .map(({ feature, gain }) => ({ feature, share: total > 0 ? gain / total : 0 }))
    .toSorted((left, right) => right.share - left.share);
}

const CHECKPOINT_TREES = 25;
export const TREES_RUNTIME = 'plain JavaScript, histograms';

export function treeRows(
  { dataset, featureNames }: Pick<FitOptions, 'dataset' | 'featureNames'>,
  places: Int32Array,
): TreeRows {
  const { count, features, label, weight } = selectSamples(dataset.rows, places);
  return { rows: count, names: featureNames, features, labels: label, weights: weight };
}

function boostingOf(family: BoostedFamily, plan: TrainPlan): BoostingOptions {
  const { trees, depth, leaves, rate, leafWeightMin, featureShare, rowShare, patience } =
    plan.training.trees;
  const common = { trees, learningRate: rate, featureShare, rowShare, patience, seed: plan.seed };
  if (family === 'xgboost') {
    // A sample of an even chance has a hessian of a quarter.
    return { ...DEPTH_WISE, ...common, depthMax: depth, coverMin: leafWeightMin / 4 };
  }
  return { ...LEAF_WISE, ...common, leavesMax: leaves, leafRowsMin: Math.ceil(leafWeightMin) };
}
