import { sigmoid } from '../../core/math-logistic.ts';
import { TreeDataError } from './tree-error.ts';
import type { TreeModel } from './tree-model.ts';
import { isMissingLeft, ZERO_LEFT, ZERO_RIGHT } from './tree-model.ts';

/** So many rows go through a tree before the next one, while it is near the processor. */
const BLOCK_ROWS = 64;
/** LightGBM's kZeroThreshold, a single. */
const ZERO_MAX = Math.fround(1e-35);

/**
 * Answers of a model. Trees are added in order, one row like a batch, so both give the same bits;
 * the exponential is core/math's, so every Node gives them. XGBoost itself adds in singles: its
 * answers differ by about 1e-7 of the largest sum on the way.
 */
export class TreePredictor {
  readonly width: number;
  readonly #model: TreeModel;
  readonly #roots: Int32Array;
  readonly #threshold: Float64Array;
  readonly #value: Float64Array;
  /** Four of every node side by side: feature, and the places of left, right and NaN's child. */
  readonly #nodes: Int32Array;
  readonly #hasZeroSide: boolean;

  constructor(model: TreeModel) {
    this.#model = model;
    this.width = model.features.length;
    this.#roots = model.roots.subarray(0, model.roots.length - 1);
    this.#threshold = model.threshold;
    this.#value = model.value;
    this.#nodes = packed(model);
    this.#hasZeroSide = model.missing.some((kind) => kind === ZERO_LEFT || kind === ZERO_RIGHT);
  }

  /** The margin of the row that begins at `at`: doubles, NaN where a value is missing. */
  margin(features: Float64Array, at = 0): number {
    const value = this.#value;
    let sum = 0;
    for (const root of this.#roots) sum += value[this.#leafAt(root, features, at)] ?? 0;
    return this.#finished(sum);
  }

  /** Probability, or the value in the label's unit. */
  predictRow(features: Float64Array, at = 0): number {
    return this.#answer(this.margin(features, at));
  }

  margins(features: Float64Array, rows: number, out: Float64Array): void {
    if (features.length < rows * this.width || out.length < rows) {
      throw new TreeDataError(`${rows} rows of ${this.width} values do not fit the arrays`);
    }
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const to = Math.min(rows, from + BLOCK_ROWS);
      out.fill(0, from, to);
      for (const root of this.#roots) {
        for (let row = from; row < to; row += 1) {
          const leaf = this.#leafAt(root, features, row * this.width);
          out[row] = (out[row] ?? 0) + (this.#value[leaf] ?? 0);
        }
      }
      for (let row = from; row < to; row += 1) out[row] = this.#finished(out[row] ?? 0);
    }
  }

  predict(features: Float64Array, rows: number, out: Float64Array): void {
    this.margins(features, rows, out);
    for (let row = 0; row < rows; row += 1) out[row] = this.#answer(out[row] ?? 0);
  }

  /** The leaf of every tree, as an index into the model's arrays. */
  leaf(tree: number, features: Float64Array, at = 0): number {
    return this.#leafAt(this.#roots[tree] ?? 0, features, at);
  }

  /** Which child of an inner node a row goes to. */
  child(node: number, features: Float64Array, at = 0): number {
    const place = node << 2;
    const x = features[at + (this.#nodes[place] ?? 0)] ?? Number.NaN;
    const kind = this.#model.missing[node] ?? 0;
    const isZero = kind >= ZERO_RIGHT && Math.abs(x) <= ZERO_MAX;
    const isRight = x > (this.#threshold[node] ?? 0);
    const side = x !== x || isZero ? 3 : 1 + Number(isRight);
    return (this.#nodes[place + side] ?? 0) >> 2;
  }

  #leafAt(root: number, features: Float64Array, at: number): number {
    if (this.#hasZeroSide) return this.#leafWithZeros(root, features, at);
    return leafOf(this.#nodes, this.#threshold, root, features, at);
  }

  #leafWithZeros(root: number, features: Float64Array, at: number): number {
    let node = root;
    while ((this.#nodes[node << 2] ?? -1) >= 0) node = this.child(node, features, at);
    return node;
  }

  #finished(sum: number): number {
    const { base, isMean } = this.#model;
    return base + (isMean && this.#roots.length > 0 ? sum / this.#roots.length : sum);
  }

  #answer(margin: number): number {
    return answerOf(this.#model, margin);
  }
}

function leafOf(
  nodes: Int32Array,
  threshold: Float64Array,
  root: number,
  features: Float64Array,
  at: number,
): number {
  let place = root << 2;
  let feature = nodes[place] ?? -1;
  while (feature >= 0) {
    const x = features[at + feature] ?? Number.NaN;
    // The side is counted, not branched on: half the branches would be guessed wrong.
    if (x === x) place = nodes[place + 1 + Number(x > (threshold[place >> 2] ?? 0))] ?? 0;
    else place = nodes[place + 3] ?? 0;
    feature = nodes[place] ?? -1;
  }
  return place >> 2;
}

/** For a batch once; a server keeps a `TreePredictor`. */
export function predict(model: TreeModel, features: Float64Array, rows: number): Float64Array {
  const out = new Float64Array(rows);
  new TreePredictor(model).predict(features, rows, out);
  return out;
}

/** What a margin says, in the unit of the label. */
export function answerOf(model: Pick<TreeModel, 'objective' | 'slope'>, margin: number): number {
  switch (model.objective) {
    case 'binary':
      return sigmoid(model.slope * margin);
    case 'share':
      // A sum of rounded parts of one may be a bit more than one.
      return Math.min(1, Math.max(0, margin));
    case 'squared':
    case 'huber':
      return margin;
  }
}

function packed({ feature, missing, threshold, left, right }: TreeModel): Int32Array {
  const nodes = new Int32Array(4 * feature.length);
  for (const [node, asked] of feature.entries()) {
    const isLeft = isMissingLeft(missing[node] ?? 0, threshold[node] ?? 0);
    const children = [(left[node] ?? 0) << 2, (right[node] ?? 0) << 2];
    nodes.set([asked, ...children, children[isLeft ? 0 : 1] ?? 0], node << 2);
  }
  return nodes;
}
