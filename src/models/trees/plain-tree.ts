import type { BinnedRows } from './binned-rows.ts';
import type { GrownNode } from './grow-tree.ts';
import type { TreeModelBuilder, TreeNode } from './tree-model.ts';
import { isMissingLeft, MISSING_IS_ZERO, MISSING_LEFT, MISSING_RIGHT } from './tree-model.ts';

/** One tree by itself; children are indexes into its own nodes, a leaf's are its own. */
export interface PlainTree {
  readonly nodes: readonly TreeNode[];
  readonly left: Int32Array;
  readonly right: Int32Array;
}

export type ValueOf = (node: GrownNode, isLeaf: boolean) => number;

/** Breadth-first, as XGBoost numbers nodes. */
export function breadthFirst(root: GrownNode, binned: BinnedRows, valueOf: ValueOf): PlainTree {
  const order = [root];
  for (const { left, right } of order) if (left && right) order.push(left, right);
  return plainOf(order, binned, valueOf, false);
}

/** Inner nodes in the order of their splits, then leaves as LightGBM numbers them. */
export function splitOrder(
  root: GrownNode,
  splits: readonly GrownNode[],
  binned: BinnedRows,
  valueOf: ValueOf,
): PlainTree {
  // A split's left side keeps the number of its leaf and the right side gets the next one.
  const leaves = [root];
  for (const split of splits) {
    const at = leaves.indexOf(split);
    leaves[at] = split.left ?? split;
    leaves.push(split.right ?? split);
  }
  return plainOf([...splits, ...leaves], binned, valueOf, true);
}

function plainOf(
  order: readonly GrownNode[],
  binned: BinnedRows,
  valueOf: ValueOf,
  isLightgbm: boolean,
): PlainTree {
  const places = new Map(order.map((node, at) => [node, at]));
  const place = (child: GrownNode | undefined, at: number): number =>
    child === undefined ? at : (places.get(child) ?? at);
  return {
    nodes: order.map((node) => nodeOf(node, binned, valueOf, isLightgbm)),
    left: Int32Array.from(order, (node, at) => place(node.left, at)),
    right: Int32Array.from(order, (node, at) => place(node.right, at)),
  };
}

function nodeOf(
  node: GrownNode,
  binned: BinnedRows,
  valueOf: ValueOf,
  isLightgbm: boolean,
): TreeNode {
  const { split } = node;
  const common = { value: valueOf(node, split === undefined), cover: node.cover };
  const count = node.to - node.from;
  if (split === undefined) {
    return { ...common, count, feature: -1, threshold: 0, missing: MISSING_RIGHT, gain: 0 };
  }
  const { feature, gain, bin } = split;
  const threshold = binned.bounds[feature]?.[bin] ?? 0;
  // Known only from full rows: LightGBM then compares NaN as 0, XGBoost sends it right.
  const isNeverMissing = isLightgbm && (binned.missing[feature] ?? -1) < 0;
  const side = split.isMissingLeft ? MISSING_LEFT : MISSING_RIGHT;
  const missing = isNeverMissing ? MISSING_IS_ZERO : side;
  return { ...common, count, feature, threshold, missing, gain };
}

/** Adds the tree's part to the margin of every row. */
export function addMargins(
  { nodes, left, right }: PlainTree,
  features: Float64Array,
  width: number,
  margins: Float64Array,
): void {
  const feature = Int32Array.from(nodes, (node) => node.feature);
  const threshold = Float64Array.from(nodes, (node) => node.threshold);
  const unknown = Int32Array.from(
    nodes,
    ({ missing, threshold: t }, at) => (isMissingLeft(missing, t) ? left[at] : right[at]) ?? 0,
  );
  for (let row = 0; row < margins.length; row += 1) {
    let at = 0;
    let asked = feature[0] ?? -1;
    while (asked >= 0) {
      const x = features[row * width + asked] ?? Number.NaN;
      if (x <= (threshold[at] ?? 0)) at = left[at] ?? 0;
      else at = (x === x ? right[at] : unknown[at]) ?? 0;
      asked = feature[at] ?? -1;
    }
    margins[row] = (margins[row] ?? 0) + (nodes[at]?.value ?? 0);
  }
}

/** `shift` is added to every value, as LightGBM adds its average to the first tree. */
export function appendTree(builder: TreeModelBuilder, tree: PlainTree, shift: number): void {
  const first = builder.nodes;
  builder.beginTree();
  for (const node of tree.nodes) builder.add({ ...node, value: node.value + shift });
  for (const [at, left] of tree.left.entries()) {
    if (left !== at) builder.link(first + at, first + left, first + (tree.right[at] ?? at));
  }
}
