import { Random } from '../../core/random.ts';
import type { BinnedRows } from './binned-rows.ts';
import { binRows } from './binned-rows.ts';
import type { GrownNode } from './grow-tree.ts';
import { TreeGrower } from './grow-tree.ts';
import { meanLabel } from './objective.ts';
import { answerOf } from './predict.ts';
import { addMargins, appendTree, breadthFirst } from './plain-tree.ts';
import type { TreeModel } from './tree-model.ts';
import { TreeModelBuilder, TREES_MAX } from './tree-model.ts';
import type { TreeRows } from './tree-options.ts';
import { checkRows, checkWhole } from './tree-options.ts';

export interface ForestOptions {
  /** binary: labels in 0 .. 1, the answer is their share; squared: their mean. */
  readonly objective: 'binary' | 'squared';
  readonly trees: number;
  /** 0 for none. */
  readonly depthMax: number;
  /** Least rows in a leaf; a row that was drawn twice counts twice. */
  readonly leafRowsMin: number;
  /** Drawn anew for every split; 0 for all. */
  readonly splitFeatures: number;
  readonly binsMax: number;
  readonly seed: number;
}

/** Leaves of one row and all features, as scikit-learn's regressor has them. */
export const FOREST: ForestOptions = {
  objective: 'squared',
  trees: 100,
  depthMax: 0,
  leafRowsMin: 1,
  splitFeatures: 0,
  binsMax: 256,
  seed: 1,
};

export interface TrainedForest {
  /** Written as XGBoost's JSON without loss: its leaves are singles, already divided by trees. */
  readonly model: TreeModel;
  /** For every row the mean of the trees that did not see it; NaN where all did. */
  readonly outOfBag: Float64Array;
  readonly trees: number;
}

export interface ForestHooks {
  readonly onTree?: (tree: number, trees: number) => void;
  readonly shouldStop?: () => boolean;
}

/**
 * A random forest (Breiman 2001): every tree on as many rows as there are, drawn with return, and
 * split by least squares, which for labels of 0 and 1 is the same as Gini's impurity. Values are
 * put into bins first: with at most `binsMax` distinct ones the splits are exact.
 */
export function trainForest(
  data: TreeRows,
  options: ForestOptions,
  hooks: ForestHooks = {},
): TrainedForest {
  const training = new ForestTraining(data, options);
  while (hooks.shouldStop?.() !== true && training.step()) {
    hooks.onTree?.(training.trees, options.trees);
  }
  return training.result();
}

/** One tree a step. The same rows, options and seed give the same bits. */
export class ForestTraining {
  readonly #data: TreeRows;
  readonly #options: ForestOptions;
  readonly #binned: BinnedRows;
  readonly #grower: TreeGrower;
  readonly #mean: number;
  readonly #meanWeight: number;
  readonly #draws: Int32Array;
  readonly #sample: Int32Array;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #outSum: Float64Array;
  readonly #outTrees: Int32Array;
  readonly #features: Int32Array;
  readonly #roots: GrownNode[] = [];

  constructor(data: TreeRows, options: ForestOptions) {
    checkForest(data, options);
    const { rows, names, weights, labels } = data;
    this.#data = data;
    this.#options = options;
    const { binsMax, depthMax, splitFeatures } = options;
    this.#binned = binRows(data, { style: 'xgboost', binsMax, binRowsMin: 1 });
    // Around their mean, so that no large numbers are subtracted from each other.
    this.#mean = meanLabel('squared', data);
    const weight = weights?.reduce((sum, one) => sum + one, 0) ?? rows;
    this.#meanWeight = weight / rows;
    const spread = labels.reduce((sum, label) => sum + squared(label - this.#mean), 0);
    this.#grower = new TreeGrower(this.#binned, {
      style: 'xgboost',
      growth: 'depth-wise',
      lambda: 0,
      gainMin: spread * GAIN_PART_MIN,
      coverMin: options.leafRowsMin,
      rowsMin: 0,
      depthMax,
      leavesMax: 0,
      splitFeatures: splitFeatures < names.length ? splitFeatures : 0,
    });
    this.#draws = new Int32Array(rows);
    this.#sample = new Int32Array(rows);
    this.#gradients = new Float64Array(rows);
    this.#hessians = new Float64Array(rows);
    this.#outSum = new Float64Array(rows);
    this.#outTrees = new Int32Array(rows);
    this.#features = Int32Array.from(names, (_, feature) => feature);
  }

  get trees(): number {
    return this.#roots.length;
  }

  /** False when there was no tree left to grow. */
  step(): boolean {
    if (this.trees >= this.#options.trees) return false;
    const random = new Random(this.#options.seed, this.trees + 1);
    const count = this.#draw(random);
    const { root } = this.#grower.grow({
      rows: this.#sample,
      count,
      features: this.#features,
      gradients: this.#gradients,
      hessians: this.#hessians,
      random,
    });
    this.#roots.push(root);
    this.#answerOthers(root);
    return true;
  }

  result(): TrainedForest {
    const builder = new TreeModelBuilder();
    const trees = this.trees;
    const valueOf = (node: GrownNode): number => Math.fround(this.#valueOf(node) / trees);
    for (const root of this.#roots) {
      appendTree(builder, breadthFirst(root, this.#binned, valueOf), 0);
    }
    const model = builder.build({
      style: 'xgboost',
      objective: this.#options.objective === 'binary' ? 'share' : 'squared',
      slope: 1,
      base: 0,
      isMean: false,
      features: this.#data.names,
    });
    const outOfBag = this.#outSum.map((sum, row) =>
      answerOf(model, sum / (this.#outTrees[row] ?? 0)),
    );
    return { model, outOfBag, trees };
  }

  /** Draws rows with return. Answers how many different ones. */
  #draw(random: Random): number {
    const { rows, labels, weights } = this.#data;
    this.#draws.fill(0);
    for (let at = 0; at < rows; at += 1) {
      const row = random.below(rows);
      this.#draws[row] = (this.#draws[row] ?? 0) + 1;
    }
    let count = 0;
    for (let row = 0; row < rows; row += 1) {
      const draws = this.#draws[row] ?? 0;
      if (draws === 0) continue;
      const weight = (draws * (weights?.[row] ?? 1)) / this.#meanWeight;
      this.#hessians[row] = weight;
      this.#gradients[row] = -weight * ((labels[row] ?? 0) - this.#mean);
      this.#sample[count] = row;
      count += 1;
    }
    return count;
  }

  #valueOf({ gradient, cover }: GrownNode): number {
    return this.#mean + (cover > 0 ? -gradient / cover : 0);
  }

  #answerOthers(root: GrownNode): void {
    const { rows, features, names } = this.#data;
    const answers = new Float64Array(rows);
    const tree = breadthFirst(root, this.#binned, (node) => this.#valueOf(node));
    addMargins(tree, features, names.length, answers);
    for (let row = 0; row < rows; row += 1) {
      if ((this.#draws[row] ?? 0) > 0) continue;
      this.#outSum[row] = (this.#outSum[row] ?? 0) + (answers[row] ?? 0);
      this.#outTrees[row] = (this.#outTrees[row] ?? 0) + 1;
    }
  }
}

/** A gain below this part of the labels' spread is what rounding left. */
const GAIN_PART_MIN = 1e-12;

function checkForest(data: TreeRows, options: ForestOptions): void {
  checkRows(data, 'training', options.objective === 'binary');
  checkWhole('trees', options.trees, 1, TREES_MAX);
  checkWhole('depthMax', options.depthMax, 0, 64);
  checkWhole('leafRowsMin', options.leafRowsMin, 1, data.rows);
  checkWhole('splitFeatures', options.splitFeatures, 0, data.names.length);
  checkWhole('binsMax', options.binsMax, 2, 256);
}

function squared(value: number): number {
  return value * value;
}
