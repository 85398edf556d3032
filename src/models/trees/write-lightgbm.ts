import { TreeFormatError } from './tree-error.ts';
import type { TreeModel } from './tree-model.ts';
import { MISSING_IS_ZERO, MISSING_LEFT, treeCount, ZERO_LEFT, ZERO_RIGHT } from './tree-model.ts';

/**
 * The model as LightGBM's text, version v4, byte for byte the same for the same model. Doubles are
 * written with the fewest digits that come back; `tree_sizes` are bytes. A margin before the first
 * tree is added to that tree's leaves, as LightGBM does with its average. A model of XGBoost's
 * rules keeps its answers: `x <= bound` is the same question in doubles. Ranges of features are not
 * known to a model and written as `[-inf:inf]`.
 */
export function writeLightgbm(model: TreeModel): string {
  const names = model.features.map((name) => nameOf(name));
  const trees = treesOf(model).map((tree, at) => `Tree=${at}\n${tree}`);
  const encoder = new TextEncoder();
  const head = [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    `max_feature_idx=${names.length - 1}`,
    `objective=${objectiveOf(model)}`,
    ...(model.isMean ? ['average_output'] : []),
    `feature_names=${names.join(' ')}`,
    `feature_infos=${names.map(() => '[-inf:inf]').join(' ')}`,
    `tree_sizes=${trees.map((tree) => encoder.encode(tree).length).join(' ')}`,
    '',
    '',
  ];
  return `${head.join('\n')}${trees.join('')}end of trees\n\nparameters:\n\nend of parameters\n`;
}

/** Names stand between spaces and LightGBM takes none of JSON's signs: such a name is refused. */
function nameOf(name: string): string {
  if (/^[^\s",:[\]{}]+$/.test(name)) return name;
  throw new TreeFormatError('TREES_INEXACT', `feature ${name}`, 'LightGBM cannot carry this name');
}

function objectiveOf(model: TreeModel): string {
  switch (model.objective) {
    case 'binary':
      return `binary sigmoid:${model.slope}`;
    case 'squared':
    case 'share':
      return 'regression';
    case 'huber':
      return 'huber';
  }
}

function treesOf(model: TreeModel): readonly string[] {
  const trees = treeCount(model);
  if (trees === 0) return model.base === 0 ? [] : [single(model.base, 0, 0)];
  // The mean of trees of which each carries the base is the mean plus the base.
  return Array.from({ length: trees }, (_, tree) =>
    treeOf(model, tree, tree === 0 || model.isMean ? model.base : 0),
  );
}

function treeOf(model: TreeModel, tree: number, base: number): string {
  const inner: number[] = [];
  const leaves: number[] = [];
  const places = new Map<number, number>();
  for (let at = model.roots[tree] ?? 0; at < (model.roots[tree + 1] ?? 0); at += 1) {
    const isLeaf = (model.feature[at] ?? -1) < 0;
    places.set(at, isLeaf ? -1 - leaves.length : inner.length);
    (isLeaf ? leaves : inner).push(at);
  }
  const cover = (node: number): number => model.cover[node] ?? 0;
  const count = (node: number): number => countOf(model, node);
  const value = (node: number): number => (model.value[node] ?? 0) + base;
  const child = (node: number | undefined): number => places.get(node ?? 0) ?? 0;
  const only = leaves[0] ?? 0;
  if (inner.length === 0) return single(value(only), cover(only), count(only));
  return rows({
    num_leaves: [leaves.length],
    num_cat: [0],
    split_feature: inner.map((node) => model.feature[node] ?? 0),
    split_gain: inner.map((node) => model.gain[node] ?? 0),
    threshold: inner.map((node) => model.threshold[node] ?? 0),
    decision_type: inner.map((node) => decisionOf(model, node)),
    left_child: inner.map((node) => child(model.left[node])),
    right_child: inner.map((node) => child(model.right[node])),
    leaf_value: leaves.map(value),
    leaf_weight: leaves.map(cover),
    leaf_count: leaves.map(count),
    internal_value: inner.map(value),
    internal_weight: inner.map(cover),
    internal_count: inner.map(count),
    is_linear: [0],
    shrinkage: [1],
  });
}

function single(value: number, cover: number, count: number): string {
  return rows({
    num_leaves: [1],
    num_cat: [0],
    split_feature: [],
    split_gain: [],
    threshold: [],
    decision_type: [],
    left_child: [],
    right_child: [],
    leaf_value: [value],
    leaf_weight: [cover],
    leaf_count: [count],
    internal_value: [],
    internal_weight: [],
    internal_count: [],
    is_linear: [0],
    shrinkage: [1],
  });
}

function rows(columns: Readonly<Record<string, readonly number[]>>): string {
  const lines = Object.entries(columns).map(([name, values]) => `${name}=${values.join(' ')}\n`);
  return `${lines.join('')}\n\n`;
}

/** XGBoost's files have no counts: covers stand in, at least 1 as LightGBM divides by them. */
function countOf(model: TreeModel, node: number): number {
  const count = model.count[node] ?? 0;
  return Number.isNaN(count) ? Math.max(1, Math.round(model.cover[node] ?? 0)) : count;
}

function decisionOf(model: TreeModel, node: number): number {
  const kind = model.missing[node] ?? 0;
  const isLeft = kind === MISSING_LEFT || kind === ZERO_LEFT || kind === MISSING_IS_ZERO;
  const isZero = kind === ZERO_LEFT || kind === ZERO_RIGHT;
  const type = kind === MISSING_IS_ZERO ? 0 : isZero ? 1 : 2;
  return (type << 2) | (isLeft ? 2 : 0);
}
