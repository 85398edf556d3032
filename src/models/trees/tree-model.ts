import { TreeFormatError } from './tree-error.ts';

/**
 * Boosted trees or a forest, flat: one entry a node in every array, the nodes of a tree side by
 * side with its root first. Plain data; `predict.ts` answers from it.
 *
 * A node sends x to the left when `x <= threshold`, both doubles. XGBoost's rule, `fround(x) < t`,
 * is the same as `x <= singleBound(t)` (`single.ts`), so that one comparison serves all.
 */
export interface TreeModel {
  /** Whose rules it was grown by: which file can carry it, and what SHAP weighs nodes by. */
  readonly style: 'xgboost' | 'lightgbm';
  readonly objective: TreeObjective;
  /** Slope of the logistic (LightGBM's `sigmoid`); 1 everywhere else. */
  readonly slope: number;
  /** Margin before the first tree. */
  readonly base: number;
  /** A forest whose answer is the mean of its trees and not their sum. */
  readonly isMean: boolean;
  /** Names in the order of a row's values. */
  readonly features: readonly string[];
  /** First node of every tree, and behind them the number of nodes. */
  readonly roots: Int32Array;
  /** Which value of the row a node asks for; -1 in a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Indexes into these arrays; a leaf's own. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Where NaN goes: one of the `MISSING_` below. */
  readonly missing: Uint8Array;
  /** A leaf's part of the margin, learning rate included; elsewhere what the node would give. */
  readonly value: Float64Array;
  /** What the split gained (XGBoost's loss_change, LightGBM's split_gain); 0 in a leaf. */
  readonly gain: Float64Array;
  /** Sum of second derivatives of the rows that came here while training. */
  readonly cover: Float64Array;
  /** How many rows came here; NaN where the file does not say (XGBoost). */
  readonly count: Float64Array;
}

/**
 * What the margin means: binary, the logit of a probability; squared and huber, the label itself;
 * share, a probability already (the mean of leaves that are shares of ones).
 */
export type TreeObjective = 'binary' | 'squared' | 'huber' | 'share';

export const MISSING_RIGHT = 0;
export const MISSING_LEFT = 1;
/** LightGBM's missing type None: NaN is compared as if it were 0. */
export const MISSING_IS_ZERO = 2;
/** LightGBM's missing type Zero: NaN and zeros have a side of their own. */
export const ZERO_RIGHT = 3;
export const ZERO_LEFT = 4;

/** Which way NaN goes at a node. */
export function isMissingLeft(kind: number, threshold: number): boolean {
  if (kind === MISSING_IS_ZERO) return 0 <= threshold;
  return kind === MISSING_LEFT || kind === ZERO_LEFT;
}

export const TREES_MAX = 65_536;
export const NODES_MAX = 16_777_216;
export const FEATURES_MAX = 65_536;

export interface TreeNode {
  readonly feature: number;
  readonly threshold: number;
  readonly missing: number;
  readonly value: number;
  readonly gain: number;
  readonly cover: number;
  readonly count: number;
}

export type TreeModelHead = Pick<
  TreeModel,
  'style' | 'objective' | 'slope' | 'base' | 'isMean' | 'features'
>;

/** Collects trees node by node. The root of a tree is added first. */
export class TreeModelBuilder {
  readonly #roots: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #missing: number[] = [];
  readonly #value: number[] = [];
  readonly #gain: number[] = [];
  readonly #cover: number[] = [];
  readonly #count: number[] = [];

  get nodes(): number {
    return this.#feature.length;
  }

  beginTree(): void {
    if (this.#roots.length >= TREES_MAX) {
      throw new TreeFormatError('TREES_TOO_LARGE', 'model', `more than ${TREES_MAX} trees`);
    }
    this.#roots.push(this.nodes);
  }

  /** The index of the new node, a leaf until `link` gives it children. */
  add(node: TreeNode): number {
    const at = this.nodes;
    if (at >= NODES_MAX) {
      throw new TreeFormatError('TREES_TOO_LARGE', 'model', `more than ${NODES_MAX} nodes`);
    }
    this.#feature.push(node.feature);
    this.#threshold.push(node.threshold);
    this.#left.push(at);
    this.#right.push(at);
    this.#missing.push(node.missing);
    this.#value.push(node.value);
    this.#gain.push(node.gain);
    this.#cover.push(node.cover);
    this.#count.push(node.count);
    return at;
  }

  link(parent: number, left: number, right: number): void {
    this.#left[parent] = left;
    this.#right[parent] = right;
  }

  build(head: TreeModelHead): TreeModel {
    return {
      ...head,
      roots: Int32Array.from([...this.#roots, this.nodes]),
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      missing: Uint8Array.from(this.#missing),
      value: Float64Array.from(this.#value),
      gain: Float64Array.from(this.#gain),
      cover: Float64Array.from(this.#cover),
      count: Float64Array.from(this.#count),
    };
  }
}

export function treeCount(model: TreeModel): number {
  return model.roots.length - 1;
}
