import { sigmoid } from '../../core/math-logistic.ts';
import { logit, OBJECTIVE_ATTRIBUTE } from './read-xgboost.ts';
import { singleOfBound, singleText } from './single.ts';
import { TreeFormatError } from './tree-error.ts';
import type { TreeModel } from './tree-model.ts';
import { isMissingLeft, treeCount, ZERO_LEFT, ZERO_RIGHT } from './tree-model.ts';

/**
 * The model as XGBoost's JSON, byte for byte the same for the same model. What its readers are
 * strict about: floats carry a point or an exponent (a bare `0` is an Integer to them and refused),
 * parameters are texts, the base score is a probability. That one is written without brackets,
 * which every version reads. A forest is one round of `num_parallel_tree` trees.
 *
 * Refused, as its answers would change: thresholds or leaves that no single-precision number
 * carries (a model grown by LightGBM's rules, or over features beyond singles), zeros that count as
 * missing, means of trees.
 */
export function writeXgboost(model: TreeModel): string {
  const isForest = model.objective === 'share';
  return fields({
    learner: fields({
      attributes: isForest ? fields({ [OBJECTIVE_ATTRIBUTE]: '"share"' }) : '{}',
      feature_names: JSON.stringify(model.features),
      feature_types: JSON.stringify(model.features.map(() => 'float')),
      gradient_booster: fields({ model: boosterOf(model, isForest), name: '"gbtree"' }),
      learner_model_param: fields({
        base_score: quoted(textOf('base', baseScore(model))),
        boost_from_average: '"1"',
        num_class: '"0"',
        num_feature: quoted(model.features.length),
        num_target: '"1"',
      }),
      objective: objectiveOf(model),
    }),
    version: '[2,1,0]',
  });
}

function boosterOf(model: TreeModel, isForest: boolean): string {
  const trees = Array.from({ length: treeCount(model) }, (_, at) => at);
  const ends = [...trees, trees.length];
  return fields({
    gbtree_model_param: fields({
      num_parallel_tree: quoted(isForest ? trees.length : 1),
      num_trees: quoted(trees.length),
    }),
    iteration_indptr: list(isForest ? [0, trees.length] : ends),
    tree_info: list(trees.map(() => 0)),
    trees: list(trees.map((tree) => treeOf(model, tree))),
  });
}

function objectiveOf(model: TreeModel): string {
  switch (model.objective) {
    case 'binary':
      return objective('binary:logistic');
    case 'squared':
    case 'share':
      return objective('reg:squarederror');
    case 'huber':
      return fields({
        name: quoted('reg:pseudohubererror'),
        pseudo_huber_param: fields({ huber_slope: '"1"' }),
      });
  }
}

function objective(name: string): string {
  return fields({ name: quoted(name), reg_loss_param: fields({ scale_pos_weight: '"1"' }) });
}

function baseScore(model: TreeModel): number {
  if (model.isMean) throw inexact('model', 'the mean of trees is not among what XGBoost has');
  if (model.slope !== 1) throw inexact('model', `a slope of ${model.slope} is not either`);
  const isBinary = model.objective === 'binary';
  const score = Math.fround(isBinary ? sigmoid(model.base) : model.base);
  if ((isBinary ? logit(score) : score) === model.base) return score;
  throw inexact('base', `${model.base} has no base_score in single precision`);
}

function treeOf(model: TreeModel, tree: number): string {
  const from = model.roots[tree] ?? 0;
  const to = model.roots[tree + 1] ?? 0;
  const nodes = Array.from({ length: to - from }, (_, at) => from + at);
  const isLeaf = (node: number): boolean => (model.feature[node] ?? -1) < 0;
  const child = (of: Int32Array, node: number): number =>
    isLeaf(node) ? -1 : (of[node] ?? 0) - from;
  const singles = (of: Float64Array): string =>
    list(nodes.map((node) => textOf(`node ${node}`, Math.fround(of[node] ?? 0))));
  const zeros = list(nodes.map(() => 0));
  return fields({
    base_weights: singles(model.value),
    categories: '[]',
    categories_nodes: '[]',
    categories_segments: '[]',
    categories_sizes: '[]',
    default_left: list(nodes.map((node) => defaultLeft(model, node))),
    id: tree,
    left_children: list(nodes.map((node) => child(model.left, node))),
    loss_changes: singles(model.gain),
    parents: list(parentsOf(model, from, nodes)),
    right_children: list(nodes.map((node) => child(model.right, node))),
    split_conditions: list(nodes.map((node) => textOf(`node ${node}`, condition(model, node)))),
    split_indices: list(nodes.map((node) => Math.max(0, model.feature[node] ?? 0))),
    split_type: zeros,
    sum_hessian: singles(model.cover),
    tree_param: fields({
      num_deleted: '"0"',
      num_feature: quoted(model.features.length),
      num_nodes: quoted(nodes.length),
      size_leaf_vector: '"1"',
    }),
  });
}

const NO_PARENT = 2_147_483_647;

function parentsOf(model: TreeModel, from: number, nodes: readonly number[]): Int32Array {
  const parents = new Int32Array(nodes.length).fill(NO_PARENT);
  for (const node of nodes) {
    if ((model.feature[node] ?? -1) < 0) continue;
    parents[(model.left[node] ?? 0) - from] = node - from;
    parents[(model.right[node] ?? 0) - from] = node - from;
  }
  return parents;
}

/** A leaf's value or a node's threshold, which share a column. */
function condition(model: TreeModel, node: number): number {
  if ((model.feature[node] ?? -1) < 0) {
    const value = model.value[node] ?? 0;
    if (Math.fround(value) === value) return value;
    throw inexact(`node ${node}`, `leaf ${value} is no single`);
  }
  const bound = model.threshold[node] ?? 0;
  const single = singleOfBound(bound);
  if (single === undefined) throw inexact(`node ${node}`, `threshold ${bound} is not of a single`);
  return single;
}

function defaultLeft(model: TreeModel, node: number): number {
  const kind = model.missing[node] ?? 0;
  if (kind === ZERO_LEFT || kind === ZERO_RIGHT) {
    throw inexact(`node ${node}`, 'zeros count as missing');
  }
  return isMissingLeft(kind, model.threshold[node] ?? 0) ? 1 : 0;
}

/** JSON has no infinity: a threshold that parts the largest single from an infinity needs one. */
function textOf(place: string, single: number): string {
  if (Number.isFinite(single)) return singleText(single);
  throw inexact(place, `a number beyond singles, ${single}, has no JSON`);
}

function inexact(place: string, message: string): TreeFormatError {
  return new TreeFormatError('TREES_INEXACT', place, message);
}

function fields(entries: Readonly<Record<string, string | number>>): string {
  const texts = Object.entries(entries).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `{${texts.join(',')}}`;
}

function list(items: readonly (string | number)[] | Int32Array): string {
  return `[${items.join(',')}]`;
}

function quoted(value: string | number): string {
  return JSON.stringify(String(value));
}
