import { exp } from '../../core/math.ts';
import { TreeDataError } from './tree-error.ts';
import type { TreeModel } from './tree-model.ts';
import { isMissingLeft, ZERO_LEFT, ZERO_RIGHT } from './tree-model.ts';

/** So many rows go through a tree before the next one, while it is near the processor. */
const BLOCK_ROWS = 64;
/** LightGBM's kZeroThreshold, a single. */
const ZERO_MAX = Math.fround(1e-35);

/**
 * Answers of a model. Trees are added in order, one row like a batch, so both give the same bits;
 * the exponential is core/math's, so every Node gives them. XGBoost itself adds in single precision:
 * its answers differ by about 1e-7 of the largest sum on the way.
 */
export class TreePredictor {
  readonly width: number;
  readonly #model: TreeModel;
  readonly #roots: Int32Array;
  readonly #feature: Int32Array;
  readonly #threshold: Float64Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** The child of a row whose value is NaN. */
  readonly #unknown: Int32Array;
  readonly #hasZeroSide: boolean;

  constructor(model: TreeModel) {
    this.#model = model;
    this.width = model.features.length;
    this.#roots = model.roots.subarray(0, model.roots.length - 1);
    this.#feature = model.feature;
    this.#threshold = model.threshold;
    this.#left = model.left;
    this.#right = model.right;
    this.#unknown = childrenOfMissing(model);
    this.#hasZeroSide = model.missing.some((kind) => kind === ZERO_LEFT || kind === ZERO_RIGHT);
  }

  /** The margin of the row that begins at `at`: doubles, NaN where a value is missing. */
  margin(features: Float64Array, at = 0): number {
    let sum = 0;
    for (const root of this.#roots) sum += this.#leafValue(root, features, at);
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
          out[row] = (out[row] ?? 0) + this.#leafValue(root, features, row * this.width);
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
    const x = features[at + (this.#feature[node] ?? 0)] ?? Number.NaN;
    const kind = this.#model.missing[node] ?? 0;
    const isZero = kind >= ZERO_RIGHT && Math.abs(x) <= ZERO_MAX;
    if (x !== x || isZero) return this.#unknown[node] ?? 0;
    return (x <= (this.#threshold[node] ?? 0) ? this.#left[node] : this.#right[node]) ?? 0;
  }

  #leafValue(root: number, features: Float64Array, at: number): number {
    return this.#model.value[this.#leafAt(root, features, at)] ?? 0;
  }

  #leafAt(root: number, features: Float64Array, at: number): number {
    if (this.#hasZeroSide) return this.#leafWithZeros(root, features, at);
    let node = root;
    let feature = this.#feature[node] ?? -1;
    while (feature >= 0) {
      const x = features[at + feature] ?? Number.NaN;
      if (x <= (this.#threshold[node] ?? 0)) node = this.#left[node] ?? 0;
      else node = (x === x ? this.#right[node] : this.#unknown[node]) ?? 0;
      feature = this.#feature[node] ?? -1;
    }
    return node;
  }

  #leafWithZeros(root: number, features: Float64Array, at: number): number {
    let node = root;
    while ((this.#feature[node] ?? -1) >= 0) node = this.child(node, features, at);
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
      return 1 / (1 + exp(-model.slope * margin));
    case 'share':
      // A sum of rounded parts of one may be a bit more than one.
      return Math.min(1, Math.max(0, margin));
    case 'squared':
    case 'huber':
      return margin;
  }
}

function childrenOfMissing({ missing, threshold, left, right }: TreeModel): Int32Array {
  return Int32Array.from(
    missing,
    (kind, node) => (isMissingLeft(kind, threshold[node] ?? 0) ? left[node] : right[node]) ?? 0,
  );
}
