import { TreeDataError } from './tree-error.ts';
import type { TreeModel } from './tree-model.ts';
import { treeCount } from './tree-model.ts';
import { TreePredictor } from './predict.ts';

/**
 * Exact Shapley values of trees, path-dependent (Lundberg, Erion, Lee 2018, "Consistent
 * individualized feature attribution for tree ensembles", algorithm 2): what a value unknown to a
 * coalition would have been is weighed by the rows that came by while training: their second
 * derivatives in a model of XGBoost's rules, their number in one of LightGBM's, as these do.
 *
 * For every row the features' parts of the margin and, last, the expected margin: they add up to
 * the margin. The parts are in units of the margin, before the logistic.
 */
export function shapValues(model: TreeModel, features: Float64Array, rows: number): Float64Array {
  const width = model.features.length;
  if (features.length < rows * width) {
    throw new TreeDataError(`${rows} rows of ${width} values do not fit the array`);
  }
  const explainer = new TreeExplainer(model);
  const out = new Float64Array(rows * (width + 1));
  for (let row = 0; row < rows; row += 1) {
    explainer.explain(features, row * width, out.subarray(row * (width + 1)));
  }
  return out;
}

/** Explaining goes down the tree by recursion, in memory that grows by the square of the depth. */
const DEPTH_MAX = 512;

/** For one row at a time. */
class TreeExplainer {
  readonly #model: TreeModel;
  readonly #predictor: TreePredictor;
  readonly #weight: Float64Array;
  readonly #expected: number;
  readonly #scale: number;
  readonly #path: Path;
  #features: Float64Array = new Float64Array(0);
  #at = 0;
  #out: Float64Array = new Float64Array(0);

  constructor(model: TreeModel) {
    this.#model = model;
    this.#predictor = new TreePredictor(model);
    this.#weight = model.style === 'xgboost' ? model.cover : model.count;
    const trees = treeCount(model);
    this.#scale = model.isMean && trees > 0 ? 1 / trees : 1;
    const depthMax = this.#depthMax();
    if (depthMax > DEPTH_MAX) {
      throw new TreeDataError(`trees ${depthMax} deep are not explained: ${DEPTH_MAX} at most`);
    }
    const means = this.#means();
    const sum = model.roots.subarray(0, trees).reduce((all, root) => all + (means[root] ?? 0), 0);
    this.#expected = model.base + sum * this.#scale;
    this.#path = new Path(depthMax);
  }

  /** Writes `width + 1` values into `out`, for the row that begins at `at`. */
  explain(features: Float64Array, at: number, out: Float64Array): void {
    this.#features = features;
    this.#at = at;
    this.#out = out;
    const width = this.#model.features.length;
    out.fill(0, 0, width);
    for (let tree = 0; tree < treeCount(this.#model); tree += 1) {
      this.#walk(this.#model.roots[tree] ?? 0, 0, 0, 1, 1, -1);
    }
    for (let feature = 0; feature < width; feature += 1) {
      out[feature] = (out[feature] ?? 0) * this.#scale;
    }
    out[width] = this.#expected;
  }

  #walk(
    node: number,
    depth: number,
    start: number,
    zero: number,
    one: number,
    feature: number,
  ): void {
    const path = this.#path;
    path.extend(start, depth, zero, one, feature);
    const asked = this.#model.feature[node] ?? -1;
    if (asked < 0) {
      path.addTo(this.#out, start, depth, this.#model.value[node] ?? 0);
      return;
    }
    const hot = this.#predictor.child(node, this.#features, this.#at);
    const left = this.#model.left[node] ?? 0;
    const cold = hot === left ? (this.#model.right[node] ?? 0) : left;
    const before = path.find(start, depth, asked);
    let known = depth;
    let zeroBefore = 1;
    let oneBefore = 1;
    if (before >= 0) {
      zeroBefore = path.zero[start + before] ?? 1;
      oneBefore = path.one[start + before] ?? 1;
      path.unwind(start, depth, before);
      known -= 1;
    }
    const next = path.copy(start, known);
    this.#walk(hot, known + 1, next, zeroBefore * this.#share(hot, node), oneBefore, asked);
    path.copy(start, known);
    this.#walk(cold, known + 1, next, zeroBefore * this.#share(cold, node), 0, asked);
  }

  /** Halves where nothing came by. */
  #share(child: number, node: number): number {
    const all = this.#weight[node] ?? 0;
    return all > 0 ? (this.#weight[child] ?? 0) / all : 0.5;
  }

  /** What every node is expected to give. Children stand behind their parents. */
  #means(): Float64Array {
    const { feature, value, left, right } = this.#model;
    const means = value.slice();
    for (let node = means.length - 1; node >= 0; node -= 1) {
      if ((feature[node] ?? -1) < 0) continue;
      const [l, r] = [left[node] ?? 0, right[node] ?? 0];
      means[node] = this.#share(l, node) * (means[l] ?? 0) + this.#share(r, node) * (means[r] ?? 0);
    }
    return means;
  }

  #depthMax(): number {
    const { feature, left, right } = this.#model;
    const depths = new Int32Array(feature.length);
    for (let node = 0; node < feature.length; node += 1) {
      if ((feature[node] ?? -1) < 0) continue;
      depths[left[node] ?? 0] = (depths[node] ?? 0) + 1;
      depths[right[node] ?? 0] = (depths[node] ?? 0) + 1;
    }
    return depths.reduce((most, depth) => Math.max(most, depth), 0);
  }
}

/**
 * The features on the way to a node, each once, with the share of the paths that come through when
 * it is unknown (zero) and known (one), and the weights of coalitions by size. Every depth has its
 * part of the arrays, behind that of the depth above.
 */
class Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly #weight: Float64Array;

  constructor(depthMax: number) {
    const size = ((depthMax + 2) * (depthMax + 3)) / 2;
    this.feature = new Int32Array(size);
    this.zero = new Float64Array(size);
    this.one = new Float64Array(size);
    this.#weight = new Float64Array(size);
  }

  /** Copies the first `depth + 1` entries behind themselves. Answers where they begin. */
  copy(start: number, depth: number): number {
    const end = start + depth + 1;
    this.feature.copyWithin(end, start, end);
    this.zero.copyWithin(end, start, end);
    this.one.copyWithin(end, start, end);
    this.#weight.copyWithin(end, start, end);
    return end;
  }

  find(start: number, depth: number, feature: number): number {
    for (let at = 1; at <= depth; at += 1) if (this.feature[start + at] === feature) return at;
    return -1;
  }

  extend(start: number, depth: number, zero: number, one: number, feature: number): void {
    this.feature[start + depth] = feature;
    this.zero[start + depth] = zero;
    this.one[start + depth] = one;
    const weight = this.#weight;
    weight[start + depth] = depth === 0 ? 1 : 0;
    for (let at = depth - 1; at >= 0; at -= 1) {
      const kept = weight[start + at] ?? 0;
      const above = weight[start + at + 1] ?? 0;
      weight[start + at + 1] = above + (one * kept * (at + 1)) / (depth + 1);
      weight[start + at] = (zero * kept * (depth - at)) / (depth + 1);
    }
  }

  unwind(start: number, depth: number, index: number): void {
    const weight = this.#weight;
    const one = this.one[start + index] ?? 0;
    const zero = this.zero[start + index] ?? 0;
    let next = weight[start + depth] ?? 0;
    for (let at = depth - 1; at >= 0; at -= 1) {
      const kept = weight[start + at] ?? 0;
      if (one !== 0) {
        const own = (next * (depth + 1)) / ((at + 1) * one);
        weight[start + at] = own;
        next = kept - (own * zero * (depth - at)) / (depth + 1);
      } else {
        weight[start + at] = zero === 0 ? 0 : (kept * (depth + 1)) / (zero * (depth - at));
      }
    }
    const from = start + index;
    this.feature.copyWithin(from, from + 1, start + depth + 1);
    this.zero.copyWithin(from, from + 1, start + depth + 1);
    this.one.copyWithin(from, from + 1, start + depth + 1);
  }

  /** What every feature of the path has of a leaf's value. */
  addTo(out: Float64Array, start: number, depth: number, value: number): void {
    for (let index = 1; index <= depth; index += 1) {
      const feature = this.feature[start + index] ?? 0;
      const moved = (this.one[start + index] ?? 0) - (this.zero[start + index] ?? 0);
      out[feature] = (out[feature] ?? 0) + this.#unwound(start, depth, index) * moved * value;
    }
  }

  /** The sum of weights if entry `index` had not been there. */
  #unwound(start: number, depth: number, index: number): number {
    const one = this.one[start + index] ?? 0;
    const zero = this.zero[start + index] ?? 0;
    let next = this.#weight[start + depth] ?? 0;
    let sum = 0;
    for (let at = depth - 1; at >= 0; at -= 1) {
      const kept = this.#weight[start + at] ?? 0;
      if (one !== 0) {
        const own = (next * (depth + 1)) / ((at + 1) * one);
        sum += own;
        next = kept - (own * zero * (depth - at)) / (depth + 1);
      } else if (zero !== 0) {
        sum += (kept * (depth + 1)) / (zero * (depth - at));
      }
    }
    return sum;
  }
}
