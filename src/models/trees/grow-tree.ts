import { present } from '../../core/assert.ts';
import type { Random } from '../../core/random.ts';
import type { Split, SplitRules } from './best-split.ts';
import { bestSplit } from './best-split.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { Histogram, NodeRows } from './histogram.ts';
import { fillHistogram, subtractHistogram } from './histogram.ts';
import { drawFeatures } from './sampling.ts';

export interface GrowthRules extends SplitRules {
  /** Which leaf is split next: any (all are, in the end), or the one that gains most. */
  readonly growth: 'depth-wise' | 'leaf-wise';
  /** 0 for no limit. */
  readonly depthMax: number;
  /** 0 for no limit. */
  readonly leavesMax: number;
  /** So many features are drawn for every split, as a forest does; 0 for all of the tree's. */
  readonly splitFeatures: number;
}

/** A node of a tree that has grown: rows `from` to `to` of the grower's order came to it. */
export interface GrownNode {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly gradient: number;
  readonly cover: number;
  split: Split | undefined;
  left: GrownNode | undefined;
  right: GrownNode | undefined;
}

interface Candidate {
  readonly node: GrownNode;
  readonly split: Split;
  /** Kept for the subtraction; none where every split draws features of its own. */
  readonly histogram: Histogram | undefined;
}

/** Rows of a tree in ascending order and the derivatives of all rows. */
export interface TreeSample {
  readonly rows: Int32Array;
  readonly count: number;
  readonly features: Int32Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly random: Random;
}

/** Grows one tree after another over the same binned rows, in memory that it keeps. */
export class TreeGrower {
  /** Rows of the last tree: every leaf's lie together. */
  readonly order: Int32Array;
  readonly #binned: BinnedRows;
  readonly #rules: GrowthRules;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #right: Int32Array;
  readonly #free: Histogram[] = [];

  constructor(binned: BinnedRows, rules: GrowthRules) {
    this.#binned = binned;
    this.#rules = rules;
    this.order = new Int32Array(binned.rows);
    this.#right = new Int32Array(binned.rows);
    this.#gradients = new Float64Array(binned.rows);
    this.#hessians = new Float64Array(binned.rows);
  }

  /** The root, and how many leaves grew. Splits are listed in the order in which they were made. */
  grow(sample: TreeSample): { readonly root: GrownNode; readonly splits: readonly GrownNode[] } {
    const splitsMax = this.#rules.leavesMax === 0 ? sample.count : this.#rules.leavesMax - 1;
    this.order.set(sample.rows.subarray(0, sample.count));
    const root = this.#rootOf(sample);
    const splits: GrownNode[] = [];
    const candidates: Candidate[] = [];
    this.#propose(root, this.#filled(root, sample), sample, candidates);
    while (candidates.length > 0 && splits.length < splitsMax) {
      const candidate = this.#next(candidates);
      splits.push(candidate.node);
      this.#divide(candidate, sample, splits.length < splitsMax ? candidates : undefined);
    }
    for (const { histogram } of candidates) this.#release(histogram);
    return { root, splits };
  }

  #rootOf({ count, gradients, hessians }: TreeSample): GrownNode {
    let gradient = 0;
    let cover = 0;
    for (let at = 0; at < count; at += 1) {
      const row = this.order[at] ?? 0;
      gradient += gradients[row] ?? 0;
      cover += hessians[row] ?? 0;
    }
    return nodeOf(0, count, 0, gradient, cover);
  }

  #next(candidates: Candidate[]): Candidate {
    if (this.#rules.growth === 'depth-wise') return present(candidates.pop(), 'a candidate');
    let best = 0;
    for (let at = 1; at < candidates.length; at += 1) {
      if ((candidates[at]?.split.gain ?? 0) > (candidates[best]?.split.gain ?? 0)) best = at;
    }
    return present(candidates.splice(best, 1)[0], 'a candidate');
  }

  /** Parts the rows of a node and proposes its children, unless nothing is split after it. */
  #divide(candidate: Candidate, sample: TreeSample, candidates: Candidate[] | undefined): void {
    const { node, split, histogram } = candidate;
    const middle = this.#part(node, split);
    const { depth, gradient, cover } = node;
    const rightGradient = gradient - split.leftGradient;
    const rightCover = cover - split.leftCover;
    const left = nodeOf(node.from, middle, depth + 1, split.leftGradient, split.leftCover);
    const right = nodeOf(middle, node.to, depth + 1, rightGradient, rightCover);
    node.split = split;
    node.left = left;
    node.right = right;
    if (candidates === undefined || !this.#canSplit(left, right)) {
      this.#release(histogram);
      return;
    }
    const isLeftSmall = middle - node.from <= node.to - middle;
    const small = this.#filled(isLeftSmall ? left : right, sample);
    const large = this.#other(histogram, small, isLeftSmall ? right : left, sample);
    this.#propose(left, isLeftSmall ? small : large, sample, candidates);
    this.#propose(right, isLeftSmall ? large : small, sample, candidates);
  }

  #canSplit(left: GrownNode, right: GrownNode): boolean {
    const { depthMax, coverMin } = this.#rules;
    if (depthMax !== 0 && left.depth >= depthMax) return false;
    return Math.max(left.cover, right.cover) >= 2 * coverMin;
  }

  #other(
    parent: Histogram | undefined,
    small: Histogram | undefined,
    node: GrownNode,
    sample: TreeSample,
  ): Histogram | undefined {
    if (parent === undefined || small === undefined) return this.#filled(node, sample);
    subtractHistogram(parent, small);
    return parent;
  }

  /** The histogram of a node over the tree's features; none where splits draw their own. */
  #filled(node: GrownNode, sample: TreeSample): Histogram | undefined {
    return this.#rules.splitFeatures > 0 ? undefined : this.#count(node, sample, sample.features);
  }

  #count(node: GrownNode, sample: TreeSample, features: Int32Array): Histogram {
    const { from, to } = node;
    const rows: NodeRows = {
      order: this.order,
      gradients: this.#gradients,
      hessians: this.#hessians,
      from,
      to,
    };
    for (let at = from; at < to; at += 1) {
      const row = this.order[at] ?? 0;
      this.#gradients[at] = sample.gradients[row] ?? 0;
      this.#hessians[at] = sample.hessians[row] ?? 0;
    }
    const { offsets } = this.#binned;
    const histogram = this.#free.pop() ?? new Float64Array(2 * (offsets.at(-1) ?? 0));
    for (const feature of features) {
      histogram.fill(0, 2 * (offsets[feature] ?? 0), 2 * (offsets[feature + 1] ?? 0));
    }
    fillHistogram(histogram, this.#binned, features, rows);
    return histogram;
  }

  #propose(
    node: GrownNode,
    kept: Histogram | undefined,
    sample: TreeSample,
    candidates: Candidate[],
  ): void {
    const { splitFeatures } = this.#rules;
    const { gradient, cover, from, to } = node;
    const features =
      splitFeatures > 0
        ? drawFeatures(sample.features, splitFeatures, sample.random)
        : sample.features;
    const histogram = kept ?? this.#count(node, sample, features);
    const sums = { gradient, cover, rows: to - from };
    const split = bestSplit(histogram, this.#binned, features, sums, this.#rules);
    if (split === undefined || kept === undefined) this.#release(histogram);
    if (split !== undefined) candidates.push({ node, split, histogram: kept });
  }

  #release(histogram: Histogram | undefined): void {
    if (histogram !== undefined) this.#free.push(histogram);
  }

  /** Keeps the order within both sides. Answers where the right side begins. */
  #part({ from, to }: GrownNode, { feature, bin, isMissingLeft }: Split): number {
    const { bins, rows, missing } = this.#binned;
    const column = bins.subarray(feature * rows, feature * rows + rows);
    const missingBin = isMissingLeft ? (missing[feature] ?? -1) : -1;
    const order = this.order;
    const right = this.#right;
    let left = from;
    let kept = 0;
    for (let at = from; at < to; at += 1) {
      const row = order[at] ?? 0;
      const rowBin = column[row] ?? 0;
      if (rowBin <= bin || rowBin === missingBin) {
        order[left] = row;
        left += 1;
      } else {
        right[kept] = row;
        kept += 1;
      }
    }
    order.set(right.subarray(0, kept), left);
    return left;
  }
}

function nodeOf(
  from: number,
  to: number,
  depth: number,
  gradient: number,
  cover: number,
): GrownNode {
  return {
    from,
    to,
    depth,
    gradient,
    cover,
    split: undefined,
    left: undefined,
    right: undefined,
  };
}
