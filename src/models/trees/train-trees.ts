import { Random } from '../../core/random.ts';
import type { BinnedRows } from './binned-rows.ts';
import { binRows } from './binned-rows.ts';
import type { TreeCheckpoint } from './checkpoint.ts';
import { fingerprintOf } from './checkpoint.ts';
import type { GrownNode } from './grow-tree.ts';
import { TreeGrower } from './grow-tree.ts';
import { deriveLoss, logitOf, meanLabel, meanLoss } from './objective.ts';
import type { PlainTree } from './plain-tree.ts';
import { addMargins, appendTree, breadthFirst, splitOrder } from './plain-tree.ts';
import { logit } from './read-xgboost.ts';
import { drawFeatures, drawRows, shareOf } from './sampling.ts';
import { TreeDataError } from './tree-error.ts';
import type { TreeJob, TreeProgress } from './tree-job.ts';
import type { TreeModel } from './tree-model.ts';
import { TreeModelBuilder } from './tree-model.ts';
import type { BoostingOptions, TreeRows } from './tree-options.ts';
import { checkOptions, checkRows } from './tree-options.ts';

export type TrainingEnd = 'trees' | 'patience' | 'no-split' | 'stopped';

export interface TrainedTrees {
  readonly model: TreeModel;
  readonly progress: readonly TreeProgress[];
  readonly end: TrainingEnd;
}

export interface TreeHooks {
  readonly onTree?: (progress: TreeProgress) => void;
  readonly shouldStop?: () => boolean;
  readonly checkpoint?: TreeCheckpoint;
}

/** Trains to the end at once. A worker that must answer in between drives `TreeTraining` itself. */
export function trainTrees(job: TreeJob, hooks: TreeHooks = {}): TrainedTrees {
  const training = new TreeTraining(job, hooks.checkpoint);
  while (hooks.shouldStop?.() !== true) {
    const progress = training.step();
    if (progress === undefined) break;
    hooks.onTree?.(progress);
  }
  return training.result();
}

const LOSS_ROWS_MAX = 10_000;

/**
 * Gradient boosting by histograms, one tree a step: depth-wise by XGBoost's rules (Chen, Guestrin
 * 2016) or leaf-wise by LightGBM's (Ke and others 2017). No clock and no chance but the seed's: the
 * same job gives the same bits, and so does one that went on from a checkpoint.
 */
export class TreeTraining {
  readonly #job: TreeJob;
  readonly #binned: BinnedRows;
  readonly #grower: TreeGrower;
  readonly #base: number;
  readonly #margins: Float64Array;
  readonly #validationMargins: Float64Array;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #sample: Int32Array;
  readonly #allFeatures: Int32Array;
  readonly #trees: PlainTree[] = [];
  readonly #progress: TreeProgress[] = [];
  #end: TrainingEnd = 'stopped';

  /** Throws `TreeDataError` where rows, options or the checkpoint will not do. */
  constructor(job: TreeJob, checkpoint?: TreeCheckpoint) {
    checkJob(job);
    const { data, validation, options } = job;
    this.#job = job;
    this.#binned = binRows(data, binningOf(options));
    this.#grower = new TreeGrower(this.#binned, rulesOf(options));
    this.#base = options.beginsAtMean ? baseOf(data, options) : 0;
    this.#margins = new Float64Array(data.rows).fill(this.#base);
    this.#validationMargins = new Float64Array(validation?.rows ?? 0).fill(this.#base);
    this.#gradients = new Float64Array(data.rows);
    this.#hessians = new Float64Array(data.rows);
    this.#sample = Int32Array.from({ length: data.rows }, (_, row) => row);
    this.#allFeatures = Int32Array.from(data.names, (_, feature) => feature);
    if (checkpoint !== undefined) this.#resume(checkpoint);
  }

  /** Grows the next tree; undefined when there is none to grow any more. */
  step(): TreeProgress | undefined {
    if (this.#isOver()) return undefined;
    const tree = this.#grow();
    if (tree === undefined) {
      this.#end = 'no-split';
      return undefined;
    }
    this.#trees.push(tree);
    const { validation } = this.#job;
    if (validation !== undefined) {
      addMargins(tree, validation.features, validation.names.length, this.#validationMargins);
    }
    const progress = this.#measure();
    this.#progress.push(progress);
    return progress;
  }

  /** The model as far as it is: up to the best tree where there is validation. */
  result(): TrainedTrees {
    this.#isOver();
    const best = this.#progress.at(-1)?.bestTree ?? this.#trees.length;
    return { model: this.#build(best), progress: [...this.#progress], end: this.#end };
  }

  /** Everything that is needed to go on. */
  checkpoint(): TreeCheckpoint {
    const progress = [...this.#progress];
    return { fingerprint: fingerprintOf(this.#job), trees: [...this.#trees], progress };
  }

  #isOver(): boolean {
    const { trees, patience } = this.#job.options;
    const last = this.#progress.at(-1);
    if (this.#end === 'no-split') return true;
    if (this.#trees.length >= trees) this.#end = 'trees';
    else if (patience > 0 && last !== undefined && last.tree - last.bestTree >= patience) {
      this.#end = 'patience';
    }
    return this.#end !== 'stopped';
  }

  #grow(): PlainTree | undefined {
    const { data, options } = this.#job;
    // A stream a tree: no tree's luck depends on how an earlier one was drawn.
    const random = new Random(options.seed, this.#trees.length + 1);
    deriveLoss(options.objective, this.#margins, data, this.#gradients, this.#hessians);
    const count =
      options.rowShare < 1
        ? drawRows(data.rows, shareOf(data.rows, options.rowShare), random, this.#sample)
        : data.rows;
    const width = this.#allFeatures.length;
    const features = drawFeatures(this.#allFeatures, shareOf(width, options.featureShare), random);
    const { root, splits } = this.#grower.grow({
      rows: this.#sample,
      count,
      features,
      gradients: this.#gradients,
      hessians: this.#hessians,
      random,
    });
    const isLeafWise = options.growth === 'leaf-wise';
    if (isLeafWise && splits.length === 0) return undefined;
    const valueOf = valuesOf(options);
    const tree = isLeafWise
      ? splitOrder(root, splits, this.#binned, valueOf)
      : breadthFirst(root, this.#binned, valueOf);
    if (count === data.rows) addLeaves(root, this.#grower.order, valueOf, this.#margins);
    else addMargins(tree, data.features, width, this.#margins);
    return tree;
  }

  #measure(): TreeProgress {
    const { data, validation, options } = this.#job;
    const stride = Math.ceil(data.rows / LOSS_ROWS_MAX);
    const tree = this.#trees.length;
    const loss = meanLoss(options.objective, this.#margins, data, stride);
    const common = { tree, trees: options.trees, loss };
    if (validation === undefined) return { ...common, bestTree: tree };
    const validationLoss = meanLoss(options.objective, this.#validationMargins, validation, 1);
    const before = this.#progress.at(-1)?.bestTree ?? 0;
    const least = this.#progress[before - 1]?.validationLoss ?? Number.POSITIVE_INFINITY;
    return { ...common, validationLoss, bestTree: validationLoss < least ? tree : before };
  }

  #resume({ fingerprint, trees, progress }: TreeCheckpoint): void {
    if (fingerprint !== fingerprintOf(this.#job)) {
      throw new TreeDataError('the checkpoint is of other rows or options');
    }
    this.#trees.push(...trees);
    this.#progress.push(...progress);
    const { data, validation } = this.#job;
    for (const tree of this.#trees) {
      addMargins(tree, data.features, data.names.length, this.#margins);
      if (validation === undefined) continue;
      addMargins(tree, validation.features, validation.names.length, this.#validationMargins);
    }
  }

  #build(trees: number): TreeModel {
    const builder = new TreeModelBuilder();
    // LightGBM's files have no margin before the first tree: that tree's leaves carry it.
    const isCarried = this.#job.options.growth === 'leaf-wise' && trees > 0;
    for (const [at, tree] of this.#trees.slice(0, trees).entries()) {
      appendTree(builder, tree, isCarried && at === 0 ? this.#base : 0);
    }
    return builder.build(this.#head(isCarried ? 0 : this.#base));
  }

  #head(base: number): Parameters<TreeModelBuilder['build']>[0] {
    const { data, options } = this.#job;
    return {
      style: options.growth === 'leaf-wise' ? 'lightgbm' : 'xgboost',
      objective: options.objective,
      slope: 1,
      base,
      isMean: false,
      features: data.names,
    };
  }
}

function checkJob({ data, validation, options }: TreeJob): void {
  checkOptions(options);
  checkRows(data, 'training', options.objective === 'binary');
  if (validation === undefined) {
    if (options.patience > 0) throw new TreeDataError('patience needs validation rows');
    return;
  }
  checkRows(validation, 'validation', options.objective === 'binary');
  if (validation.names.join('\n') !== data.names.join('\n')) {
    throw new TreeDataError('validation has other features than training');
  }
}

function binningOf(options: BoostingOptions): Parameters<typeof binRows>[1] {
  const { binsMax } = options;
  return options.growth === 'leaf-wise'
    ? { style: 'lightgbm', binsMax, binRowsMin: options.binRowsMin }
    : { style: 'xgboost', binsMax, binRowsMin: 1 };
}

/** XGBoost's kRtEps: less than this is no gain. */
const GAIN_TINY = 1e-6;

function rulesOf(options: BoostingOptions): ConstructorParameters<typeof TreeGrower>[1] {
  const { growth, lambda, coverMin, depthMax } = options;
  const common = { growth, lambda, coverMin, depthMax, splitFeatures: 0 };
  const gainMin = growth === 'depth-wise' ? Math.max(GAIN_TINY, options.gainMin) : options.gainMin;
  return options.growth === 'leaf-wise'
    ? {
        ...common,
        gainMin,
        style: 'lightgbm',
        leavesMax: options.leavesMax,
        rowsMin: options.leafRowsMin,
      }
    : { ...common, gainMin, style: 'xgboost', leavesMax: 0, rowsMin: 0 };
}

/** XGBoost keeps the mean as a single, of which the margin is made again from its file. */
function baseOf(data: TreeRows, { growth, objective }: BoostingOptions): number {
  const mean = meanLabel(objective, data);
  if (growth === 'depth-wise') {
    return objective === 'binary' ? logit(Math.fround(mean)) : Math.fround(mean);
  }
  return objective === 'binary' ? logitOf(mean) : mean;
}

/** -G / (H + lambda); XGBoost stores singles, and only its leaves carry the learning rate. */
function valuesOf({ growth, learningRate, lambda }: BoostingOptions) {
  return ({ gradient, cover }: GrownNode, isLeaf: boolean): number => {
    const weight = cover + lambda > 0 ? -gradient / (cover + lambda) : 0;
    if (growth === 'leaf-wise') return weight * learningRate;
    return Math.fround(isLeaf ? weight * learningRate : weight);
  };
}

function addLeaves(
  root: GrownNode,
  order: Int32Array,
  valueOf: (node: GrownNode, isLeaf: boolean) => number,
  margins: Float64Array,
): void {
  const nodes = [root];
  for (const node of nodes) {
    if (node.left && node.right) {
      nodes.push(node.left, node.right);
      continue;
    }
    const value = valueOf(node, true);
    for (let at = node.from; at < node.to; at += 1) {
      const row = order[at] ?? 0;
      margins[row] = (margins[row] ?? 0) + value;
    }
  }
}
